//! The name of a sealed file, and the hash of one of its chunks.

use alloc::vec::Vec;

pub use keepwell_primitives::BlobId;
use keepwell_primitives::{Hash, hash_newtype};

hash_newtype! {
    /// The hash of one chunk of a sealed file, its index included.
    pub struct BlobLeaf;
}

/// The leaf of chunk `index`.
pub fn blob_leaf(index: u32, chunk: &[u8]) -> BlobLeaf {
    BlobLeaf(Hash::tagged("blob-leaf", &[&index.to_be_bytes(), chunk]))
}

/// What stands before the chunk's bytes in the leaf's hash, for those who compute
/// `SHA-256(prefix ‖ chunk)` elsewhere, as a browser does with WebCrypto.
pub fn blob_leaf_prefix(index: u32) -> Vec<u8> {
    let mut prefix = b"keepwell/blob-leaf/v1\0".to_vec();
    prefix.extend_from_slice(&index.to_be_bytes());
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaf_is_plain_sha256_of_its_prefix_and_the_chunk() {
        let mut preimage = blob_leaf_prefix(7);
        preimage.extend_from_slice(b"sealed");
        assert_eq!(blob_leaf(7, b"sealed"), BlobLeaf(Hash::untagged(&preimage)));
    }
}
