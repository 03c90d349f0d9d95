//! Why an operation on a trie failed.

use keepwell_primitives::Hash;

use crate::{node::NodeError, path::NibblePath};

/// Why a trie could not do what it was asked; `E` is the store's error. The trie is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrieError<E: core::error::Error + 'static> {
    /// The store failed to read.
    #[error("node {hash} at {path} could not be read: {error}")]
    Store {
        /// The node that was asked for.
        hash: Hash,
        /// Where it stands.
        path: NibblePath,
        /// What the store said.
        #[source]
        error: E,
    },
    /// The store does not have the node. In a partial trie: the proof did not cover it.
    #[error("node {hash} at {path} is missing")]
    NodeMissing {
        /// The node that was asked for.
        hash: Hash,
        /// Where it stands.
        path: NibblePath,
    },
    /// The store gave other bytes than those of the hash.
    #[error("node {hash} at {path} is corrupt: its bytes hash to {got}")]
    NodeCorrupt {
        /// The node that was asked for.
        hash: Hash,
        /// Where it stands.
        path: NibblePath,
        /// The hash of what the store gave.
        got: Hash,
    },
    /// The bytes have the right hash and are no canonical node: the root is not that of a trie.
    #[error("node {hash} at {path} is not canonical: {error}")]
    NodeInvalid {
        /// The node that was asked for.
        hash: Hash,
        /// Where it stands.
        path: NibblePath,
        /// The rule that it breaks.
        error: NodeError,
    },
    /// A key over [`KEY_BYTES_MAX`](crate::KEY_BYTES_MAX).
    #[error("a key has at most {max} bytes, this has {got}")]
    KeyTooLong {
        /// Bytes in the key.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// More keys than one proof may answer for, [`PROOF_KEYS_MAX`](crate::PROOF_KEYS_MAX).
    #[error("a proof answers for at most {max} keys, {got} were asked")]
    TooManyKeys {
        /// Keys asked for.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// The proof would be longer than [`PROOF_BYTES_MAX`](crate::PROOF_BYTES_MAX): ask for fewer keys.
    #[error("a proof has at most {max} bytes, these keys need {got} or more")]
    ProofTooLong {
        /// Bytes when the limit was passed.
        got: usize,
        /// The limit.
        max: usize,
    },
}
