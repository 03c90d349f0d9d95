//! The name of a sealed file.

crate::hash_newtype! {
    /// The root of the tagged Merkle tree over a sealed file's chunks. Records point at their files
    /// by it, and whoever serves the file can be held to it.
    pub struct BlobId;
}
