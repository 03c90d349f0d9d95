//! Why a file was not sealed, not opened, or not taken at all.

use keepwell_client::ClientError;
use keepwell_seal::{NotWhatItsNameSays, OpenError, SealError};

use crate::ports::thrown::Thrown;

/// One variant for each way in which sealing or opening ends early.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CryptError {
    /// The file changed, moved or ended while it was read.
    #[error("the file changed while it was read, or can no longer be read: {0}")]
    Unreadable(Thrown),
    /// A rule of sealing.
    #[error("the file cannot be sealed: {0}")]
    Seal(#[from] SealError),
    /// A rule of the sealed file.
    #[error("the file does not open: {0}")]
    Open(#[from] OpenError),
    /// No room for the sealed chunks, or they cannot be read back.
    #[error("the browser cannot keep the file: {0}")]
    Store(Thrown),
    /// The browser's cryptography failed.
    #[error("the browser's cryptography failed: {0}")]
    Crypto(Thrown),
}

/// Why a file cannot become a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginalError {
    /// More than a record may be.
    #[error("{name:?} has {got} bytes, a record at most {max}")]
    TooLarge {
        /// The file's name.
        name: String,
        /// Its bytes.
        got: u64,
        /// Bytes of the largest record.
        max: u64,
    },
    /// It is something else, or of no kind that is known.
    #[error(transparent)]
    MediaType(#[from] NotWhatItsNameSays),
    /// It begins as FHIR in JSON does, and is not.
    #[error("{name:?} is not FHIR in JSON: {why}")]
    NotFhir {
        /// The file's name.
        name: String,
        /// What is wrong, and where.
        why: String,
    },
    /// The file changed, moved or ended while it was read.
    #[error("{name:?} cannot be read: {thrown}")]
    Unreadable {
        /// The file's name.
        name: String,
        /// What the browser said.
        thrown: Thrown,
    },
}

impl From<CryptError> for ClientError {
    fn from(error: CryptError) -> Self {
        match error {
            CryptError::Open(error) => Self::Open { error },
            error => Self::Chunks {
                why: error.to_string(),
            },
        }
    }
}
