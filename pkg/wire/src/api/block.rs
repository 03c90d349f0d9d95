//! `GET /v1/blocks` and `GET /v1/blocks/{index|hash}`: blocks under the report's names.

use alloc::vec::Vec;

use keepwell_ledger::block::{BlockHash, SealedHeader};
use keepwell_primitives::{BlockIndex, BoundedBytes, limits};
use serde::{Deserialize, Serialize};

/// `GET /v1/blocks?from=&limit=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlocksQuery {
    /// The first block wanted.
    pub from: BlockIndex,
    /// At most so many, and never more than [`BlocksQuery::LIMIT_MAX`].
    #[serde(default = "BlocksQuery::limit_default")]
    pub limit: u32,
    /// Leave the transactions out: what a client needs that follows headers.
    #[serde(default)]
    pub headers_only: bool,
}

impl BlocksQuery {
    /// Headers in one answer: 600 kB of JSON.
    pub const LIMIT_MAX: u32 = 512;

    const fn limit_default() -> u32 {
        64
    }
}

/// A block. The hash is there for people: a client computes it from the header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockAnswer {
    /// The block's name.
    pub hash: BlockHash,
    /// The header and its seal.
    #[serde(flatten)]
    pub sealed: SealedHeader,
    /// The transactions' canonical bytes, in order; absent where only headers were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transactions: Option<Vec<BoundedBytes<{ limits::TRANSACTION_BYTES_MAX }>>>,
}

/// Blocks of the relay's best chain, consecutive from the first one asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlocksAnswer {
    /// Empty past the newest block; cut short where they would be more than 4 MiB.
    pub blocks: Vec<BlockAnswer>,
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use keepwell_keys::{HospitalId, Signature};
    use keepwell_ledger::block::{BLOCK_VERSION, Header, Target};
    use keepwell_primitives::{Hash, Timestamp};

    use super::*;

    #[test]
    fn block_reads_under_the_report_s_names() {
        let header = Header {
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
        };
        let mut seal = [0; 64];
        (seal[31], seal[63]) = (1, 1);
        let sealed = SealedHeader {
            header,
            seal: Signature::from_bytes(seal).unwrap(),
        };
        let block = BlockAnswer {
            hash: header.hash(),
            sealed,
            transactions: Some(vec![]),
        };
        let json = serde_json::to_value(&block).unwrap();
        for name in [
            "index",
            "timestamp",
            "nonce",
            "transactions",
            "hash",
            "previousHash",
            "merkleRootHash",
            "patientStateTrieHash",
            "hospitalStateTrieHash",
        ] {
            assert!(json.get(name).is_some(), "{name} is missing");
        }
        assert_eq!(serde_json::from_value::<BlockAnswer>(json).unwrap(), block);
    }
}
