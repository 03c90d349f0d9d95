//! Why the store could not be opened, or failed.

use std::path::{Path, PathBuf};

/// Why the store could not be opened, or failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process has this directory open.
    #[error("{} is in use by another process: stop that relay, or choose another directory", dir.display())]
    InUse {
        /// The directory.
        dir: PathBuf,
    },
    /// The directory cannot be made, read or written.
    #[error("{} cannot be used: {reason}", dir.display())]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The directory was written by another version of this software.
    #[error(
        "the data has format {got}, this software reads format {expected}: use the version that wrote it"
    )]
    FormatVersion {
        /// The version found.
        got: u32,
        /// The version this software reads.
        expected: u32,
    },
    /// The directory does not hold a chain store of ours, or its format mark is damaged.
    #[error("{} does not hold a chain store that can be read: {reason}", dir.display())]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A key is empty or too long.
    #[error("a key of {got} bytes: it must have 1 to {limit}")]
    KeyLength {
        /// Bytes given.
        got: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A value is too long.
    #[error("a value of {got} bytes: at most {limit} are kept")]
    ValueLength {
        /// Bytes given.
        got: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A write failed earlier, so the disk can no longer be trusted by this process.
    #[error("an earlier write failed: check the disk, then restart the relay")]
    Poisoned,
    /// Reading or writing failed.
    #[error("the chain store failed: {reason}")]
    Failed {
        /// What the engine said.
        reason: String,
    },
}

impl StoreError {
    pub(super) fn on_open(dir: &Path, error: fjall::Error) -> Self {
        let dir = dir.to_owned();
        match error {
            fjall::Error::Locked => Self::InUse { dir },
            fjall::Error::Io(error) => Self::Directory {
                dir,
                reason: error.to_string(),
            },
            other => Self::Damaged {
                dir,
                reason: other.to_string(),
            },
        }
    }
}

impl From<fjall::Error> for StoreError {
    fn from(error: fjall::Error) -> Self {
        match error {
            fjall::Error::Poisoned => Self::Poisoned,
            other => Self::Failed {
                reason: other.to_string(),
            },
        }
    }
}
