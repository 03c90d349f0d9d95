//! A table of resources of one kind: plain values, ready to be drawn.

use super::resource::ResourceNumber;

/// Resources of one kind, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// What it holds, in the plural.
    pub(crate) caption: String,
    /// Whether it is what a reader came for; the others are folded.
    pub(crate) first_read: bool,
    pub(crate) headings: Vec<&'static str>,
    pub(crate) rows: Vec<Row>,
}

/// One resource of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) resource: ResourceNumber,
    /// One for each heading; the first is what the resource is called, never empty.
    pub(crate) cells: Vec<String>,
}

impl Table {
    /// The rows that hold every word of `wanted`, in any cell and any case.
    pub(crate) fn matching(&self, wanted: &str) -> Vec<&Row> {
        let words: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
        let holds_all = |row: &&Row| {
            let cells: Vec<String> = row.cells.iter().map(|cell| cell.to_lowercase()).collect();
            words
                .iter()
                .all(|word| cells.iter().any(|cell| cell.contains(word)))
        };
        self.rows.iter().filter(holds_all).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_wants_every_word_somewhere() {
        let row = |number, cells: [&str; 2]| Row {
            resource: ResourceNumber(number),
            cells: cells.map(str::to_owned).to_vec(),
        };
        let table = Table {
            caption: "Observations".to_owned(),
            first_read: true,
            headings: vec!["Name", "Date"],
            rows: vec![
                row(0, ["Body Height", "2009"]),
                row(1, ["Body Weight", "2010"]),
            ],
        };
        let found = |wanted| {
            let rows = table.matching(wanted);
            rows.iter().map(|row| row.resource.0).collect::<Vec<_>>()
        };
        assert_eq!(found(""), [0, 1]);
        assert_eq!(found("BODY 2010"), [1]);
        assert_eq!(found("  height  "), [0]);
        assert_eq!(found("height 2010"), [] as [usize; 0]);
    }
}
