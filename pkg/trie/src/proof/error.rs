//! Why a proof proves nothing.

use keepwell_primitives::{CanonicalError, Hash, TooLong};

use super::Proof;
use crate::{hasher::Hasher, node::NodeError, path::NibblePath};

/// Why a proof was refused. Nodes are counted from 0 in the order of the proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Longer than [`PROOF_BYTES_MAX`](crate::PROOF_BYTES_MAX).
    #[error("a proof has at most {max} bytes, this has {got} or more")]
    TooLong {
        /// Bytes when the limit was passed.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// The bytes are not a canonical list of strings.
    #[error("the bytes are not those of a proof: {0}")]
    Encoding(CanonicalError),
    /// More keys than [`PROOF_KEYS_MAX`](crate::PROOF_KEYS_MAX).
    #[error("a proof answers for at most {max} keys, {got} were asked")]
    TooManyKeys {
        /// Keys asked.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// A key over [`KEY_BYTES_MAX`](crate::KEY_BYTES_MAX).
    #[error("a key has at most {max} bytes, this has {got}")]
    KeyTooLong {
        /// Bytes in the key.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// The nodes end before all keys are answered.
    #[error("the proof ends after {got} nodes, before node {expected} at {path}")]
    Truncated {
        /// Nodes in the proof.
        got: usize,
        /// Where the next node should stand.
        path: NibblePath,
        /// The hash of the next node.
        expected: Hash,
    },
    /// All keys are answered and nodes are left.
    #[error("the proof has {got} nodes, the keys need {expected}")]
    Surplus {
        /// Nodes in the proof.
        got: usize,
        /// Nodes that were used.
        expected: usize,
    },
    /// A node that was there before stands where another, or none, is expected.
    #[error("node {index} of the proof repeats node {first}")]
    Duplicated {
        /// The second occurrence.
        index: usize,
        /// The first.
        first: usize,
    },
    /// The expected node comes later.
    #[error("node {expected} at {path} is number {index} of the proof, and stands at {found_at}")]
    OutOfOrder {
        /// Where in the proof it should be.
        index: usize,
        /// Where in the trie it stands.
        path: NibblePath,
        /// Its hash.
        expected: Hash,
        /// Where in the proof it is.
        found_at: usize,
    },
    /// The expected node is not in the proof, another stands in its stead.
    #[error("node {index} of the proof, at {path}, has hash {got} and should have {expected}")]
    HashMismatch {
        /// Which node.
        index: usize,
        /// Where in the trie it should stand.
        path: NibblePath,
        /// The hash of its bytes.
        got: Hash,
        /// The hash that its parent, or the root, names.
        expected: Hash,
    },
    /// The bytes have the right hash and are no canonical node.
    #[error("node {index} of the proof, at {path}, is not canonical: {error}")]
    NodeInvalid {
        /// Which node.
        index: usize,
        /// Where in the trie it stands.
        path: NibblePath,
        /// The rule that it breaks.
        error: NodeError,
    },
}

impl From<TooLong> for ProofError {
    fn from(TooLong { got, max }: TooLong) -> Self {
        Self::TooLong { got, max }
    }
}

/// What is wrong with node `index`, whose hash should be `expected` and is not. Looks at each node
/// once, and only in a proof that is refused.
pub(super) fn explain_mismatch<H: Hasher>(
    proof: &Proof,
    index: usize,
    path: NibblePath,
    expected: Hash,
) -> ProofError {
    let Some(node) = proof.node(index) else {
        return ProofError::Truncated {
            got: index,
            path,
            expected,
        };
    };
    if let Some(first) = proof.nodes().take(index).position(|other| other == node) {
        return ProofError::Duplicated { index, first };
    }
    let mut later = proof.nodes().enumerate().skip(index + 1);
    if let Some((found_at, _)) = later.find(|(_, other)| H::hash(other) == expected) {
        return ProofError::OutOfOrder {
            index,
            path,
            expected,
            found_at,
        };
    }
    ProofError::HashMismatch {
        index,
        path,
        got: H::hash(node),
        expected,
    }
}

/// That no node is left after the first `used`.
pub(super) fn check_no_surplus(proof: &Proof, used: usize) -> Result<(), ProofError> {
    let Some(node) = proof.node(used) else {
        return Ok(());
    };
    if let Some(first) = proof.nodes().take(used).position(|other| other == node) {
        return Err(ProofError::Duplicated { index: used, first });
    }
    Err(ProofError::Surplus {
        got: proof.nodes().len(),
        expected: used,
    })
}
