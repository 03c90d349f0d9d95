//! The name of a sealed file and the check of each of its chunks.
//!
//! A sealed file (a *blob*) is cut every [`BLOB_CHUNK_BYTES`]; only the last chunk may be shorter,
//! and none is empty. Chunk `i` is the file's bytes from `i × BLOB_CHUNK_BYTES` on, so a `Range`
//! request needs nothing but the index. Its name is the root of a Merkle tree:
//!
//! ```text
//! leaf i  = tagged("blob-leaf", index u32 BE ‖ the chunk's bytes)
//! inner   = tagged("blob-node", left 32 ‖ right 32)        an odd last node moves up unchanged
//! blob id = tagged("blob-root", file size u64 BE ‖ chunk count u32 BE ‖ top 32)
//! ```
//!
//! The three domains keep a leaf, an inner node and a root from standing in for one another; size
//! and count in the root fix the shape of the tree, so no two lists of chunks share a name.
//!
//! [`BLOB_CHUNK_BYTES`]: keepwell_primitives::limits::BLOB_CHUNK_BYTES

mod error;
mod hasher;
mod id;
mod leaves;
mod merkle;
mod size;

pub use error::BlobError;
pub use hasher::BlobHasher;
pub use id::{BlobId, BlobLeaf, blob_leaf, blob_leaf_prefix};
pub use leaves::BlobLeaves;
pub use merkle::merkle_top;
pub use size::BlobSize;
