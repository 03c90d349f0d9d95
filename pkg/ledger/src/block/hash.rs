//! The block hash, and the midstate that lets a miner try nonces quickly.

use keepwell_primitives::{Hash, hash_newtype};
use sha2::{Digest, Sha256};

use super::{HEADER_BYTES, Header, Target};

hash_newtype! {
    /// The name of a block: SHA-256 of SHA-256 of its header. The one hash of the protocol without
    /// a domain, besides trie nodes.
    pub struct BlockHash;
}

impl BlockHash {
    /// The hash of this header.
    pub fn of(header: &Header) -> Self {
        let once = Hash::untagged(&header.to_bytes());
        Self(Hash::untagged(once.as_bytes()))
    }

    /// Is the hash, as a big-endian number, at most the target?
    pub fn meets(&self, target: &Target) -> bool {
        self.as_bytes() <= target.as_bytes()
    }
}

/// A header without its nonce, hashed as far as the nonce: each try costs the last block of the
/// first hash and the second hash.
#[derive(Clone)]
pub struct MinableHeader {
    header: Header,
    before_nonce: Sha256,
}

impl MinableHeader {
    /// Prepares a header for mining; its own nonce is not looked at.
    pub fn new(header: Header) -> Self {
        let bytes = header.to_bytes();
        let (before_nonce, _) = bytes.split_at(HEADER_BYTES - size_of::<u32>());
        Self {
            header,
            before_nonce: Sha256::new_with_prefix(before_nonce),
        }
    }

    /// Tries the nonces of the range in order and returns the header with the first that meets the
    /// header's target.
    pub fn search(&self, nonces: core::ops::RangeInclusive<u32>) -> Option<Header> {
        let target = self.header.target;
        let nonce = { nonces }.find(|nonce| self.hash_with(*nonce).meets(&target))?;
        Some(Header {
            nonce,
            ..self.header
        })
    }

    /// The same header with the next extra nonce, for when the nonces are spent.
    #[must_use]
    pub fn with_next_extra_nonce(&self) -> Self {
        Self::new(Header {
            extra_nonce: self.header.extra_nonce.wrapping_add(1),
            ..self.header
        })
    }

    fn hash_with(&self, nonce: u32) -> BlockHash {
        let once = self
            .before_nonce
            .clone()
            .chain_update(nonce.to_be_bytes())
            .finalize();
        BlockHash(Hash::untagged(&once))
    }
}
