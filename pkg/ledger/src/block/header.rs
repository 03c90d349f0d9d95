//! The header: fixed width, big-endian, the 32-bit nonce last.

use keepwell_keys::HospitalId;
use keepwell_primitives::{BlockIndex, Hash, Timestamp};
use serde::{Deserialize, Serialize};

use super::{BlockHash, HeaderError, Target, merkle_root};

/// The version of the block format that this code reads and writes.
pub const BLOCK_VERSION: u32 = 1;

/// Width of a header. The last 32 bytes are the end of the target, the extra nonce and the nonce:
/// the four SHA-256 blocks before them stay the same while a miner counts.
pub const HEADER_BYTES: usize = 288;

/// Everything that is under the proof of work. In JSON under the names of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// [`BLOCK_VERSION`].
    pub version: u32,
    /// Blocks before this one.
    pub index: BlockIndex,
    /// When the miner says it was made.
    pub timestamp: Timestamp,
    /// The block it stands on.
    pub previous_hash: BlockHash,
    /// Over the signed transactions.
    pub merkle_root_hash: Hash,
    /// Root of the patient trie after the block.
    pub patient_state_trie_hash: Hash,
    /// Root of the hospital trie after the block.
    pub hospital_state_trie_hash: Hash,
    /// Over the council leaf after the block.
    pub council_hash: Hash,
    /// Over all headers before this one.
    pub history_root: Hash,
    /// The hospital whose node mined it.
    pub miner: HospitalId,
    /// The block's hash, as a number, is at most this.
    pub target: Target,
    /// Counts the times the nonce space was spent.
    pub extra_nonce: u64,
    /// Found by mining.
    pub nonce: u32,
}

impl Header {
    /// The bytes that are hashed.
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let parts: [&[u8]; 13] = [
            &self.version.to_be_bytes(),
            &self.index.0.to_be_bytes(),
            &self.timestamp.0.to_be_bytes(),
            self.previous_hash.as_bytes(),
            self.merkle_root_hash.as_bytes(),
            self.patient_state_trie_hash.as_bytes(),
            self.hospital_state_trie_hash.as_bytes(),
            self.council_hash.as_bytes(),
            self.history_root.as_bytes(),
            self.miner.as_bytes(),
            self.target.as_bytes(),
            &self.extra_nonce.to_be_bytes(),
            &self.nonce.to_be_bytes(),
        ];
        let mut bytes = [0; HEADER_BYTES];
        let mut rest = bytes.as_mut_slice();
        for part in parts {
            // The widths above add up to HEADER_BYTES; a test holds them to it.
            let (here, after) = rest.split_at_mut(part.len());
            here.copy_from_slice(part);
            rest = after;
        }
        bytes
    }

    /// Reads a header of this version.
    ///
    /// # Errors
    /// [`HeaderError::Length`], [`HeaderError::Version`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HeaderError> {
        let length = HeaderError::Length {
            got: bytes.len(),
            expected: HEADER_BYTES,
        };
        if bytes.len() != HEADER_BYTES {
            return Err(length);
        }
        let mut fields = Fields(bytes);
        let read = || -> Option<Self> {
            let header = Self {
                version: u32::from_be_bytes(fields.take()?),
                index: BlockIndex(u64::from_be_bytes(fields.take()?)),
                timestamp: Timestamp(u64::from_be_bytes(fields.take()?)),
                previous_hash: BlockHash(Hash(fields.take()?)),
                merkle_root_hash: Hash(fields.take()?),
                patient_state_trie_hash: Hash(fields.take()?),
                hospital_state_trie_hash: Hash(fields.take()?),
                council_hash: Hash(fields.take()?),
                history_root: Hash(fields.take()?),
                miner: HospitalId::from_bytes(fields.take()?),
                target: Target::from_bytes(fields.take()?),
                extra_nonce: u64::from_be_bytes(fields.take()?),
                nonce: u32::from_be_bytes(fields.take()?),
            };
            Some(header)
        };
        let header = { read }().ok_or(length)?;
        if header.version != BLOCK_VERSION {
            let (got, expected) = (header.version, BLOCK_VERSION);
            return Err(HeaderError::Version { got, expected });
        }
        Ok(header)
    }

    /// The name of the block.
    pub fn hash(&self) -> BlockHash {
        BlockHash::of(self)
    }

    /// Does the block hold no transactions? Said by the header alone, for the retarget rule.
    pub fn is_empty(&self) -> bool {
        self.merkle_root_hash == merkle_root(&[])
    }
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const WIDTH: usize>(&mut self) -> Option<[u8; WIDTH]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Header {
        Header {
            version: BLOCK_VERSION,
            index: BlockIndex(1),
            timestamp: Timestamp(2),
            previous_hash: BlockHash(Hash([3; 32])),
            merkle_root_hash: Hash([4; 32]),
            patient_state_trie_hash: Hash([5; 32]),
            hospital_state_trie_hash: Hash([6; 32]),
            council_hash: Hash([7; 32]),
            history_root: Hash([8; 32]),
            miner: HospitalId::from_bytes([9; 32]),
            target: Target::from_bytes([10; 32]),
            extra_nonce: 11,
            nonce: 12,
        }
    }

    #[test]
    fn header_fills_its_width_and_ends_with_the_nonce() {
        let bytes = sample().to_bytes();
        assert_eq!(bytes[..4], [0, 0, 0, 1]);
        assert_eq!(bytes[276..], [0, 0, 0, 0, 0, 0, 0, 11, 0, 0, 0, 12]);
        assert_eq!(Header::from_bytes(&bytes), Ok(sample()));
    }

    #[test]
    fn header_of_another_length_or_version_is_refused() {
        let bytes = sample().to_bytes();
        assert_eq!(
            Header::from_bytes(&bytes[1..]),
            Err(HeaderError::Length {
                got: 287,
                expected: 288
            })
        );
        let other = Header {
            version: 2,
            ..sample()
        };
        assert_eq!(
            Header::from_bytes(&other.to_bytes()),
            Err(HeaderError::Version {
                got: 2,
                expected: 1
            })
        );
    }
}
