//! Checking a proof against a root.

use alloc::{vec, vec::Vec};

use alloy_rlp::EMPTY_STRING_CODE;
use keepwell_primitives::Hash;

use super::{
    Pending, Proof, ProofError, QuestionError, Questions,
    error::{check_no_surplus, explain_mismatch},
    settle,
};
use crate::{
    hasher::Hasher,
    node::{Parent, decode_node},
    path::NibblePath,
};

/// What each of `keys` holds under `root`, in the order of `keys`; `None` is a proved absence.
///
/// The bytes of a node are hashed before they are read, each node is used exactly once and in its
/// place, and all must be used. Costs one hash for each node; what it allocates is in proportion to
/// the keys and the proof.
///
/// # Errors
/// [`ProofError::TooManyKeys`] and [`ProofError::KeyTooLong`] by the keys; [`ProofError::HashMismatch`],
/// [`ProofError::OutOfOrder`], [`ProofError::Duplicated`], [`ProofError::Truncated`],
/// [`ProofError::Surplus`] and [`ProofError::NodeInvalid`] by the nodes. The others come when a
/// [`Proof`] is made, not here.
pub fn verify_proof<H: Hasher>(
    root: Hash,
    keys: &[impl AsRef<[u8]>],
    proof: &Proof,
) -> Result<Vec<Option<Vec<u8>>>, ProofError> {
    let questions = Questions::new(keys)?;
    let mut answers = vec![None; keys.len()];
    let mut pending = Vec::new();
    if !keys.is_empty() && root != H::hash(&[EMPTY_STRING_CODE]) {
        pending.push(Pending {
            hash: root,
            parent: Parent::None,
            depth: 0,
            keys: questions.all(),
        });
    }
    let mut used = 0;
    while let Some(next) = pending.pop() {
        let path = || NibblePath::of_nibbles(questions.path_above(&next.keys, next.depth));
        let bytes = match proof.node(used) {
            Some(bytes) if H::hash(bytes) == next.hash => bytes,
            _ => return Err(explain_mismatch::<H>(proof, used, path(), next.hash)),
        };
        let node = decode_node(bytes, next.parent, next.depth).map_err(|error| {
            ProofError::NodeInvalid {
                index: used,
                path: path(),
                error,
            }
        })?;
        used += 1;
        let mut answer = |value: &[u8], keys| {
            for asked_at in questions.asked_at(keys) {
                if let Some(answer) = answers.get_mut(asked_at) {
                    *answer = Some(value.to_vec());
                }
            }
        };
        settle(
            &questions,
            &node,
            next.depth,
            next.keys,
            &mut answer,
            &mut pending,
        );
    }
    check_no_surplus(proof, used)?;
    Ok(answers)
}

impl From<QuestionError> for ProofError {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::TooManyKeys { got, max } => Self::TooManyKeys { got, max },
            QuestionError::KeyTooLong { got, max } => Self::KeyTooLong { got, max },
        }
    }
}
