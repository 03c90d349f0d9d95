//! A record that staff are filling in: what it is called, how it is coded, and what is still
//! missing.

use keepwell_primitives::Maybe;
use keepwell_seal::{Coding, MediaType, Summary, SummaryError, SummaryFields};

/// What is left of a file's name for a title: the rest of 256 bytes is for the person.
const TITLE_CHARS_MAX: usize = 60;

/// The choice of a code system that is not in the list.
pub(crate) const OTHER_SYSTEM: &str = "other";

/// Code systems that hospitals' records mostly use, by the URIs that FHIR gives them.
pub(crate) const CODE_SYSTEMS: [(&str, &str); 3] = [
    ("http://snomed.info/sct", "SNOMED CT"),
    ("http://hl7.org/fhir/sid/icd-10", "ICD-10"),
    ("http://loinc.org", "LOINC"),
];

/// What a person has written so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The text of a visit card.
    pub(crate) card: String,
    pub(crate) title: String,
    /// A URI of [`CODE_SYSTEMS`], or [`OTHER_SYSTEM`].
    pub(crate) system: String,
    pub(crate) other_system: String,
    pub(crate) code: String,
    /// The title that was taken from the file's name, to be replaced by the next file's.
    suggested: String,
}

/// What is wrong with each part of a draft, in words; all `None` if nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Complaints {
    pub(crate) file: Option<String>,
    pub(crate) card: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) system: Option<String>,
    pub(crate) code: Option<String>,
}

impl Default for Draft {
    fn default() -> Self {
        let [(snomed, _), ..] = CODE_SYSTEMS;
        Self {
            card: String::new(),
            title: String::new(),
            system: String::from(snomed),
            other_system: String::new(),
            code: String::new(),
            suggested: String::new(),
        }
    }
}

impl Draft {
    /// The code system's URI.
    pub(crate) fn system_uri(&self) -> &str {
        if self.system == OTHER_SYSTEM {
            self.other_system.trim()
        } else {
            &self.system
        }
    }

    /// The same with a file of this name: its title, unless the person has written one.
    pub(crate) fn with_file(mut self, file_name: &str) -> Self {
        if self.title.trim().is_empty() || self.title == self.suggested {
            self.suggested = suggested_title(file_name);
            self.title.clone_from(&self.suggested);
        }
        self
    }

    /// For the next record of the same patient: the card and the code system stay.
    pub(crate) fn next(&self) -> Self {
        Self {
            card: self.card.clone(),
            system: self.system.clone(),
            other_system: self.other_system.clone(),
            ..Self::default()
        }
    }

    /// What must be filled in or changed before it can be issued.
    pub(crate) fn complaints(&self, has_file: bool, needs_card: bool) -> Complaints {
        let missing = |is_missing: bool, words: &str| is_missing.then(|| String::from(words));
        let (title, code) = (self.title.trim(), self.code.trim());
        Complaints {
            file: missing(!has_file, "Choose the file to issue."),
            card: missing(
                needs_card && self.card.trim().is_empty(),
                "Paste the text of the patient's visit card.",
            ),
            title: missing(title.is_empty(), "Say what it is, for the patient.")
                .or_else(|| breaks_limit("title", title, self.system_uri(), code)),
            system: missing(self.system_uri().is_empty(), "Write the code system's URI.")
                .or_else(|| breaks_limit("code system", title, self.system_uri(), code)),
            code: missing(code.is_empty(), "Write the code.")
                .or_else(|| breaks_limit("code", title, self.system_uri(), code)),
        }
    }
}

impl Complaints {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the summary's own rules say of one of its texts. The others are replaced by what passes, so
/// that each text is judged whatever the others are.
fn breaks_limit(field: &str, title: &str, system: &str, code: &str) -> Option<String> {
    let of = |name: &str, text: &str| String::from(if name == field { text } else { "-" });
    let summary = Summary::new(SummaryFields {
        title: of("title", title),
        code: Coding {
            system: of("code system", system),
            code: of("code", code),
        },
        fhir_type: String::from("-"),
        media_type: MediaType::Pdf,
        issued_at: keepwell_primitives::Timestamp(0),
        period: Maybe(None),
    });
    match summary.err()? {
        SummaryError::TooLong { got, max, .. } => Some(format!(
            "This has {got} bytes, at most {max} fit. Shorten it."
        )),
        SummaryError::Control { .. } => Some(String::from(
            "This contains a character that cannot be seen. Type it anew.",
        )),
        other => Some(other.to_string()),
    }
}

/// A file's name as a title: without its extension, with spaces for what stands in for them.
fn suggested_title(file_name: &str) -> String {
    let stem = match file_name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 5 => stem,
        _ => file_name,
    };
    let spaced: String = stem
        .chars()
        .map(|c| {
            if c == '_' || c == '-' || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let title: String = words.join(" ").chars().take(TITLE_CHARS_MAX).collect();
    let mut characters = title.trim_end().chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_in() -> Draft {
        Draft {
            card: String::from("kwv1…"),
            title: String::from("Chest CT"),
            code: String::from("169069000"),
            ..Draft::default()
        }
    }

    #[test]
    fn a_title_is_suggested_by_the_name_of_the_file() {
        for (name, title) in [
            ("discharge-letter.pdf", "Discharge letter"),
            ("CT_small.dcm", "CT small"),
            ("IM0001", "IM0001"),
            ("echo v1.2 final", "Echo v1.2 final"),
            ("übersicht.JSON", "Übersicht"),
            (".json", ".json"),
            ("--.pdf", ""),
        ] {
            assert_eq!(suggested_title(name), title, "{name}");
        }
        let long = suggested_title(&format!("{}.pdf", "ä".repeat(300)));
        assert_eq!(long.chars().count(), TITLE_CHARS_MAX);
    }

    #[test]
    fn what_a_person_has_written_is_not_replaced_by_a_file_name() {
        let draft = Draft::default().with_file("one.pdf");
        assert_eq!(draft.title, "One");
        let draft = draft.with_file("two.pdf");
        assert_eq!(draft.title, "Two");
        let own = Draft {
            title: String::from("My words"),
            ..draft
        };
        assert_eq!(own.with_file("three.pdf").title, "My words");
    }

    #[test]
    fn a_draft_that_is_filled_in_has_no_complaints() {
        assert!(filled_in().complaints(true, true).is_empty());
        let into_a_scope = Draft {
            card: String::new(),
            ..filled_in()
        };
        assert!(into_a_scope.complaints(true, false).is_empty());
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let other = Draft {
            system: String::from(OTHER_SYSTEM),
            ..Draft::default()
        };
        let found = other.complaints(false, true);
        let all = [
            found.file,
            found.card,
            found.title,
            found.system,
            found.code,
        ];
        assert!(all.iter().all(Option::is_some), "{all:?}");
    }

    #[test]
    fn a_title_of_256_bytes_fits_and_one_more_does_not() {
        let titled = |title: String| Draft {
            title,
            ..filled_in()
        };
        let fits = titled("é".repeat(128)).complaints(true, true);
        assert!(fits.is_empty(), "{fits:?}");
        let found = titled(format!("{}!", "é".repeat(128))).complaints(true, true);
        let words = "This has 257 bytes, at most 256 fit. Shorten it.";
        assert_eq!(found.title.as_deref(), Some(words));
        assert_eq!(found.code, None);
    }

    #[test]
    fn a_character_that_draws_nothing_is_refused_where_it_stands() {
        let hidden = Draft {
            code: String::from("1\u{202e}2"),
            ..filled_in()
        };
        let found = hidden.complaints(true, true);
        assert!(
            found
                .code
                .is_some_and(|words| words.contains("cannot be seen"))
        );
        assert_eq!(found.title, None);
    }

    #[test]
    fn the_next_record_keeps_the_card_and_the_code_system() {
        let next = filled_in().next();
        assert_eq!((next.card.as_str(), next.title.as_str()), ("kwv1…", ""));
        assert_eq!(next.code, "");
    }
}
