//! What a trie hashes its nodes with.

use keepwell_primitives::Hash;

/// A hash function of 32 bytes, chosen by type: tries of different hashers never mix.
pub trait Hasher {
    /// The hash of `bytes`.
    fn hash(bytes: &[u8]) -> Hash;
}

/// Plain SHA-256 (FIPS 180-4), the hasher of the chain (`docs/protocol.md`, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sha256;

impl Hasher for Sha256 {
    fn hash(bytes: &[u8]) -> Hash {
        Hash::untagged(bytes)
    }
}
