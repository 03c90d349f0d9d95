//! What a verb has to say: one JSON value for scripts, words for people.

use serde_json::Value;

/// Both ways to print what a verb found or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// One value, as the contract of the verb has it.
    pub(crate) json: Value,
    /// Lines.
    pub(crate) words: String,
}

/// Names in one column and values in the next.
pub(crate) fn columns<'a>(rows: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = rows
        .iter()
        .map(|(name, value)| format!("{name:<width$}  {value}\n"));
    lines.collect()
}
