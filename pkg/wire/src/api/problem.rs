//! `application/problem+json` (RFC 9457): what went wrong, in words and as a stable code.

use alloc::string::String;

use serde::{Deserialize, Serialize};

/// An answer that is not the one asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[error("{detail}")]
pub struct Problem {
    /// `about:blank`: the code says more than a page could.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable; programs act on it.
    pub code: ProblemCode,
    /// What was wrong with this request.
    pub detail: String,
    /// What to do next, where something can be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What there was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
    /// What there should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// The codes of the API and of the command.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProblemCode(pub String);

impl Problem {
    /// A problem with its title made from the status.
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: String::from("about:blank"),
            title: String::from(title(status)),
            status,
            code: ProblemCode(String::from(code)),
            detail: detail.into(),
            hint: None,
            got: None,
            expected: None,
        }
    }

    /// The same with what to do next.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The same with what there was and what there should have been.
    #[must_use]
    pub fn with_difference(self, got: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            got: Some(got.into()),
            expected: Some(expected.into()),
            ..self
        }
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad request",
        401 => "Not signed in",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Conflict",
        413 => "Too large",
        416 => "Range not satisfiable",
        422 => "Refused by a rule",
        429 => "Too many requests",
        503 => "Not ready",
        _ => "Internal error",
    }
}
