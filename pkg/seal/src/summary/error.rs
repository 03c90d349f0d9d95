//! Why a summary cannot be made, and why a sealed one does not open.

use keepwell_primitives::{CanonicalError, Timestamp};

/// One variant per broken rule of a summary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SummaryError {
    /// A text is missing.
    #[error("the {field} is empty")]
    Empty {
        /// Which text.
        field: &'static str,
    },
    /// A text is too long.
    #[error("the {field} has {got} bytes, at most {max} are allowed")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// Its bytes in UTF-8.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// A text contains a character that is not drawn.
    #[error("the {field} contains the control character {got:?}")]
    Control {
        /// Which text.
        field: &'static str,
        /// The first such character.
        got: char,
    },
    /// The period ends before it starts.
    #[error("the period ends at {end}, before it starts at {start}")]
    EndsBeforeStart {
        /// Its start.
        start: Timestamp,
        /// Its end.
        end: Timestamp,
    },
}

/// Why a sealed summary does not open, in the order in which it is found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SummaryOpenError {
    /// Sealed summaries have one of three lengths.
    #[error("{got} bytes, a sealed summary has 256, 512 or 1024")]
    Length {
        /// Bytes given.
        got: usize,
    },
    /// Changed, or sealed under another key.
    #[error("the summary was changed, or sealed under another key")]
    Tampered,
    /// The length inside does not fit.
    #[error("{got} bytes are said to be in {max}")]
    ContentLength {
        /// Bytes it is said to have.
        got: usize,
        /// Bytes there are.
        max: usize,
    },
    /// A longer form than the summary needs.
    #[error("a summary of {got} bytes belongs in {expected}, not in more")]
    NotPadded {
        /// Bytes of the summary.
        got: usize,
        /// The least sealed length for it.
        expected: usize,
    },
    /// The padding is not all zeros.
    #[error("the padding is not empty")]
    Padding,
    /// What was sealed is no summary.
    #[error("no summary inside: {0}")]
    NotCanonical(CanonicalError),
    /// A summary that breaks a limit.
    #[error(transparent)]
    Broken(#[from] SummaryError),
}
