//! The commitment to a file's content, on the chain beside the sealed file's name.
//!
//! ```text
//! leaf i     = tagged("content-leaf", index u32 BE ‖ the content in chunk i)
//! inner      = tagged("content-node", left 32 ‖ right 32)      an odd last node moves up unchanged
//! commitment = tagged("content", salt 32 ‖ content length u64 BE ‖ chunk count u32 BE ‖ top 32)
//! ```
//!
//! One leaf for each chunk of the sealed file, also for one that is all padding. The salt comes
//! from the record key, so the commitment binds that key, and nobody else can test a guess at the
//! content. A tree and not one hash over all: chunks can be hashed in any order, at once.

use alloc::vec::Vec;

use keepwell_custody::merkle_top;
use keepwell_primitives::{Hash, hash_newtype};

use crate::ContentSalt;

hash_newtype! {
    /// What a record says on the chain about its content.
    pub struct ContentCommitment;
}

hash_newtype! {
    /// The hash of the content in one chunk. A secret like the content: it would confirm a guess.
    pub struct ContentLeaf;
}

/// The leaf of chunk `index`.
pub fn content_leaf(index: u32, content: &[u8]) -> ContentLeaf {
    ContentLeaf(Hash::tagged(
        "content-leaf",
        &[&index.to_be_bytes(), content],
    ))
}

/// What stands before the content in the leaf's hash, for those who compute
/// `SHA-256(prefix ‖ content)` elsewhere, as a browser does with WebCrypto.
pub fn content_leaf_prefix(index: u32) -> Vec<u8> {
    let mut prefix = b"keepwell/content-leaf/v1\0".to_vec();
    prefix.extend_from_slice(&index.to_be_bytes());
    prefix
}

/// Gathers the leaves in the order of their chunks; keeps 32 bytes of each.
#[derive(Clone, Default)]
pub struct ContentHasher {
    leaves: Vec<Hash>,
}

impl ContentHasher {
    /// Before the first chunk.
    pub const fn new() -> Self {
        Self { leaves: Vec::new() }
    }

    /// The content in the next chunk.
    pub fn push(&mut self, content: &[u8]) {
        let leaf = content_leaf(self.leaf_count(), content);
        self.push_leaf(leaf);
    }

    /// The same for a leaf computed elsewhere.
    pub fn push_leaf(&mut self, leaf: ContentLeaf) {
        self.leaves.push(leaf.0);
    }

    /// Leaves so far: the index of the next chunk.
    pub fn leaf_count(&self) -> u32 {
        u32::try_from(self.leaves.len()).unwrap_or(u32::MAX)
    }

    /// The commitment to a content of `content_bytes`.
    pub fn finish(&self, salt: &ContentSalt, content_bytes: u64) -> ContentCommitment {
        let top = merkle_top("content-node", self.leaves.iter().copied());
        ContentCommitment(Hash::tagged(
            "content",
            &[
                salt.expose_secret(),
                &content_bytes.to_be_bytes(),
                &self.leaf_count().to_be_bytes(),
                top.as_bytes(),
            ],
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordKey;

    #[test]
    fn leaf_is_plain_sha256_of_its_prefix_and_the_content() {
        let mut preimage = content_leaf_prefix(3);
        preimage.extend_from_slice(b"text");
        assert_eq!(content_leaf(3, b"text").0, Hash::untagged(&preimage));
    }

    #[test]
    fn key_length_and_content_all_change_the_commitment() {
        let salt = RecordKey::from_bytes([1; 32]).content_salt();
        let mut hasher = ContentHasher::new();
        hasher.push(b"one");
        let commitment = hasher.finish(&salt, 3);
        let other_salt = RecordKey::from_bytes([2; 32]).content_salt();
        assert_ne!(hasher.finish(&other_salt, 3), commitment);
        assert_ne!(hasher.finish(&salt, 2), commitment);
        hasher.push(b"");
        assert_ne!(hasher.finish(&salt, 3), commitment);
    }
}
