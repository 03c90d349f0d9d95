//! Why chunks are not those of a sealed file.

use super::{BlobId, BlobLeaf};

/// One variant per broken rule of a sealed file's chunks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// A sealed file has at least one byte.
    #[error("a sealed file is never empty")]
    Empty,
    /// More bytes than the largest sealed file has.
    #[error("{got} bytes, a sealed file has at most {max}")]
    TooLarge {
        /// Bytes given or announced.
        got: u64,
        /// The limit.
        max: u64,
    },
    /// The list of leaves does not fit the size.
    #[error("{got} chunk hashes, a file of this size has {expected}")]
    LeafCount {
        /// Hashes given.
        got: usize,
        /// Chunks of a file of that size.
        expected: usize,
    },
    /// The bytes are not a canonical list of leaves.
    #[error("the list of chunk hashes is not canonical: {0}")]
    NotCanonical(keepwell_primitives::CanonicalError),
    /// The leaves belong to another file.
    #[error("these chunk hashes name the file {got}, not {expected}")]
    OtherFile {
        /// The name that the leaves have.
        got: BlobId,
        /// The name that was asked for.
        expected: BlobId,
    },
    /// There is no chunk of that index.
    #[error("chunk {got} does not exist, the file has {count}")]
    NoSuchChunk {
        /// The index given.
        got: u32,
        /// Chunks there are.
        count: u32,
    },
    /// The chunk is shorter or longer than its place in the file.
    #[error("chunk {index} has {got} bytes instead of {expected}")]
    ChunkLength {
        /// Which chunk.
        index: u32,
        /// Bytes given.
        got: usize,
        /// Bytes at that index.
        expected: usize,
    },
    /// The chunk's bytes are not those the file was named for.
    #[error("chunk {index} has the hash {got} instead of {expected}")]
    OtherChunk {
        /// Which chunk.
        index: u32,
        /// The hash of the bytes given.
        got: BlobLeaf,
        /// The hash in the list.
        expected: BlobLeaf,
    },
    /// A chunk followed one that was shorter than full.
    #[error("a chunk follows the last one, which had {got} bytes")]
    AfterLast {
        /// Bytes of the short chunk before.
        got: usize,
    },
}
