//! Why something did not happen, in words that a person can act on.

use serde::{Deserialize, Serialize};

/// What the page shows of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Whose fault it is.
    pub class: FailureClass,
    /// Stable, the same as the command's and the API's.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// The relay that it is about.
    pub relay: Option<String>,
}

/// Whose fault it is, and so what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureClass {
    /// Something here: a passphrase, a file, this browser.
    Local,
    /// A rule refused it.
    Refused,
    /// A relay's answer failed verification.
    Unverified,
    /// A relay could not be reached.
    Unreachable,
    /// It took too long.
    TimedOut,
}
