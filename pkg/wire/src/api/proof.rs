//! `POST /v1/proofs`: leaves of both tries with one multiproof each.

use alloc::vec::Vec;

use keepwell_ledger::block::BlockHash;
use keepwell_primitives::{BoundedBytes, limits};
use serde::{Deserialize, Serialize};

/// Keys of one question, in both tries together: a patient with 500 records and 2,000 events.
pub const PROOF_KEYS_PER_QUESTION_MAX: usize = limits::PROOF_KEYS_MAX;

/// The longest trie key is an id, a letter and a hash.
type Key = BoundedBytes<65>;

/// Which leaves, of the state after which block. The client has verified the block's header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProofQuestion {
    /// The block.
    pub block_hash: BlockHash,
    /// Keys of the patient trie.
    #[serde(default)]
    pub patients: Vec<Key>,
    /// Keys of the hospital trie.
    #[serde(default)]
    pub hospitals: Vec<Key>,
}

/// The canonical bytes of one proof for each trie that was asked of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProofAnswer {
    /// Proves every key of `patients`, present or absent.
    pub patients: Option<BoundedBytes<{ limits::PROOF_BYTES_MAX }>>,
    /// Proves every key of `hospitals`, present or absent.
    pub hospitals: Option<BoundedBytes<{ limits::PROOF_BYTES_MAX }>>,
}
