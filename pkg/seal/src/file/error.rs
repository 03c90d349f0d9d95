//! Why a file cannot be sealed, and why a sealed file does not open.

use super::{ContentCommitment, FileHeaderError};

/// One variant per broken rule of sealing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// More than a file may hold.
    #[error("the file is too large: {0}")]
    TooLarge(#[from] FileHeaderError),
    /// Not the piece of content that the chunk takes.
    #[error("chunk {index} takes {expected} bytes of content, not {got}")]
    ContentLength {
        /// Which chunk.
        index: u32,
        /// Bytes given.
        got: usize,
        /// Bytes it takes.
        expected: usize,
    },
    /// All chunks are sealed.
    #[error("content follows the last of {count} chunks")]
    AfterLast {
        /// Chunks of the file.
        count: u32,
    },
    /// The content ended early.
    #[error("{got} of {expected} chunks are sealed")]
    Unfinished {
        /// Chunks sealed.
        got: u32,
        /// Chunks of the file.
        expected: u32,
    },
}

/// One variant per broken rule of a sealed file, in the order in which they are found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Its head is not that of a sealed file.
    #[error(transparent)]
    Header(#[from] FileHeaderError),
    /// The file is shorter than its head says.
    #[error("the sealed file is cut short: {got} of {expected} bytes")]
    Truncated {
        /// Bytes there are.
        got: u64,
        /// Bytes that the head tells.
        expected: u64,
    },
    /// The file is longer than its head says.
    #[error("{got} bytes, where the sealed file ends after {expected}")]
    TrailingBytes {
        /// Bytes there are.
        got: u64,
        /// Bytes that the head tells.
        expected: u64,
    },
    /// A chunk is shorter or longer than its place.
    #[error("chunk {index} has {got} bytes instead of {expected}")]
    ChunkLength {
        /// Which chunk.
        index: u32,
        /// Bytes given.
        got: usize,
        /// Bytes at that place.
        expected: usize,
    },
    /// A chunk came after the last one.
    #[error("a chunk follows the last of {count}")]
    AfterLast {
        /// Chunks of the file.
        count: u32,
    },
    /// Chunk 0 begins with another head than the one the file was opened with.
    #[error("chunk 0 begins with another head")]
    OtherHeader,
    /// Sealed as the last chunk and is not, or is and was not.
    #[error("chunk {index} carries the wrong final flag")]
    FinalFlag {
        /// Which chunk.
        index: u32,
    },
    /// An earlier chunk comes a second time.
    #[error("in place of chunk {index}, chunk {got} comes a second time")]
    Repeated {
        /// The place.
        index: u32,
        /// The chunk that was opened before.
        got: u32,
    },
    /// A later chunk comes too early: chunks are swapped, or some are missing.
    #[error("in place of chunk {index} comes chunk {got}")]
    OutOfOrder {
        /// The place.
        index: u32,
        /// The chunk that belongs further on.
        got: u32,
    },
    /// Changed, or sealed under another key.
    #[error("chunk {index} was changed, or sealed under another key")]
    Tampered {
        /// Which chunk.
        index: u32,
    },
    /// The length inside does not fit the head.
    #[error("a content of {got} bytes does not belong in a file of this size")]
    ContentLength {
        /// The length inside.
        got: u64,
    },
    /// The padding is not all zeros.
    #[error("the padding in chunk {index} is not empty")]
    Padding {
        /// Which chunk.
        index: u32,
    },
    /// Not all chunks were opened.
    #[error("{got} of {expected} chunks were opened")]
    Unfinished {
        /// Chunks opened, or hashed.
        got: u32,
        /// Chunks of the file.
        expected: u32,
    },
    /// The content is not the one the record committed to.
    #[error("the content is {got}, the record committed to {expected}")]
    OtherContent {
        /// The commitment to what was opened.
        got: ContentCommitment,
        /// The commitment on the chain.
        expected: ContentCommitment,
    },
}
