//! A hospital's name as the name of a directory.

use std::collections::BTreeSet;

/// Directory names for these names, in order: small ASCII letters, digits and single dashes, no
/// two the same.
pub(crate) fn slugs<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let unique = |name| {
        let plain = slug(name);
        let numbered = (2_u32..).map(|number| format!("{plain}-{number}"));
        let mut choices = std::iter::once(plain.clone()).chain(numbered);
        choices.find(|choice| taken.insert(choice.clone()))
    };
    names.into_iter().filter_map(unique).collect()
}

fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return String::from("hospital");
    }
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_distinct_directories() {
        assert_eq!(
            slugs(["St. Mary's", "Alder", "alder", "alder 2", "病院", "../etc"]),
            [
                "st-mary-s",
                "alder",
                "alder-2",
                "alder-2-2",
                "hospital",
                "etc"
            ]
        );
    }
}
