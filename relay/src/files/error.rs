//! Why a sealed file was not taken or not given.

use keepwell_primitives::Hash;

/// Why a sealed file was not taken or not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// Where the files should lie is neither a folder nor an S3 URL.
    #[error("{got:?} is no place for files: {reason}")]
    Location {
        /// What was given.
        got: String,
        /// What is wrong with it.
        reason: String,
    },
    /// This build cannot use a bucket.
    #[error(
        "this build keeps files in a local folder only; build with the feature `s3` for {got:?}"
    )]
    BucketsNotBuilt {
        /// What was given.
        got: String,
    },
    /// A sealed file has at least one byte, and at most so many.
    #[error("a sealed file of {got} bytes: it must have 1 to {limit}")]
    FileSize {
        /// Bytes announced.
        got: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The upload was begun with another size.
    #[error("this upload was begun with {expected} bytes, not {got}")]
    SizeDiffers {
        /// Bytes announced now.
        got: u64,
        /// Bytes announced first.
        expected: u64,
    },
    /// No upload of this file is under way, and it is not here.
    #[error("no upload of {blob_id} is under way: begin one first")]
    NoUpload {
        /// The file.
        blob_id: Hash,
    },
    /// The file has no such chunk.
    #[error("there is no chunk {got}: the file has {chunks}, counted from 0")]
    ChunkIndex {
        /// The index.
        got: u32,
        /// Chunks of the file.
        chunks: u32,
    },
    /// Chunks come whole: this one has another length.
    #[error("chunk {index} has {expected} bytes, not {got}")]
    ChunkLength {
        /// The chunk.
        index: u32,
        /// Bytes given.
        got: u64,
        /// Bytes it must have.
        expected: u64,
    },
    /// Other bytes are kept as this chunk already.
    #[error("chunk {index} is here with other bytes")]
    ChunkDiffers {
        /// The chunk.
        index: u32,
        /// The leaf hash of the bytes given.
        got: Hash,
        /// The leaf hash of the bytes kept.
        expected: Hash,
    },
    /// Chunks are missing.
    #[error("{got} of {expected} chunks are here; the first missing is {first_missing}")]
    Incomplete {
        /// Chunks kept.
        got: u32,
        /// Chunks of the file.
        expected: u32,
        /// The least index that is not here.
        first_missing: u32,
    },
    /// All chunks are here, but they are not the file of this id. Everything was deleted.
    #[error("the chunks are not those of {blob_id}; the upload was deleted")]
    NotThatFile {
        /// The file they were said to be.
        blob_id: Hash,
    },
    /// The file is not here, or not whole yet.
    #[error("{blob_id} is not here")]
    NotFound {
        /// The file.
        blob_id: Hash,
    },
    /// The range does not lie within the file.
    #[error("bytes {start} to {end} do not lie within a file of {size}")]
    Range {
        /// First byte wanted.
        start: u64,
        /// The byte after the last wanted.
        end: u64,
        /// Bytes of the file.
        size: u64,
    },
    /// What the store holds is not what was written.
    #[error("{path} is damaged: {reason}")]
    Damaged {
        /// The object.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The folder or bucket failed.
    #[error("the file store failed: {reason}")]
    Storage {
        /// What it said.
        reason: String,
    },
}

impl From<object_store::Error> for FilesError {
    fn from(error: object_store::Error) -> Self {
        Self::Storage {
            reason: error.to_string(),
        }
    }
}

impl From<tokio::task::JoinError> for FilesError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Storage {
            reason: error.to_string(),
        }
    }
}
