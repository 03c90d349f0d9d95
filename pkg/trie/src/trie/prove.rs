//! Making a proof.

use alloc::vec::Vec;
use core::ops::Range;

use keepwell_primitives::{Hash, TooLong};

use super::{
    Trie, TrieError,
    overlay::{Link, decode, load},
};
use crate::{
    hasher::Hasher,
    node::{HASHED_BYTES_MIN, Parent},
    proof::{Proof, QuestionError, Questions, settle},
    store::NodeStore,
};

/// A node that keys lead to, still to be added.
struct Wanted<'t> {
    source: Source<'t>,
    parent: Parent,
    depth: usize,
    keys: Range<usize>,
}

enum Source<'t> {
    Overlay(&'t Link),
    Store(Hash),
}

impl<H: Hasher, S: NodeStore> Trie<H, S> {
    /// The proof of what each of `keys` holds, or that it is absent, under the present root, whether
    /// committed or not. Order and repetition of the keys make no difference.
    ///
    /// Costs the loading of the proof's nodes; for nodes that changed, their encoding, and, unless
    /// [`root`](Self::root) was called since, their hashing.
    ///
    /// # Errors
    /// [`TrieError::KeyTooLong`]; [`TrieError::TooManyKeys`]; [`TrieError::ProofTooLong`];
    /// [`TrieError::Store`], [`TrieError::NodeMissing`], [`TrieError::NodeCorrupt`] and
    /// [`TrieError::NodeInvalid`] by what the store gives.
    pub fn prove(&self, keys: &[impl AsRef<[u8]>]) -> Result<Proof, TrieError<S::Error>> {
        let questions = Questions::new(keys)?;
        let mut proof = Proof::default();
        let mut wanted = Vec::new();
        if !keys.is_empty() {
            wanted.push(Wanted {
                source: Source::Overlay(&self.root),
                parent: Parent::None,
                depth: 0,
                keys: questions.all(),
            });
        }
        while let Some(next) = wanted.pop() {
            match next.source {
                Source::Overlay(Link::Absent) => {}
                Source::Overlay(Link::Loaded(entry)) => {
                    let bytes = entry.encode::<H>();
                    if next.parent == Parent::None || bytes.len() >= HASHED_BYTES_MIN {
                        proof.push(bytes)?;
                    }
                    let (_, leads) = questions.route(&entry.node, next.depth, next.keys);
                    wanted.extend(leads.into_iter().rev().map(|lead| Wanted {
                        source: Source::Overlay(lead.child),
                        parent: lead.parent,
                        depth: lead.depth,
                        keys: lead.keys,
                    }));
                }
                Source::Overlay(&Link::Stored(hash)) | Source::Store(hash) => {
                    let path = questions.path_above(&next.keys, next.depth);
                    let bytes = load::<H, S>(&self.store, hash, path)?;
                    let node = decode(&bytes, hash, next.parent, path)?;
                    let mut pending = Vec::new();
                    let (depth, keys) = (next.depth, next.keys);
                    settle(&questions, &node, depth, keys, &mut |_, _| (), &mut pending);
                    wanted.extend(pending.into_iter().map(|pending| Wanted {
                        source: Source::Store(pending.hash),
                        parent: pending.parent,
                        depth: pending.depth,
                        keys: pending.keys,
                    }));
                    proof.push(bytes)?;
                }
            }
        }
        Ok(proof)
    }
}

impl<E: core::error::Error + 'static> From<QuestionError> for TrieError<E> {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::TooManyKeys { got, max } => Self::TooManyKeys { got, max },
            QuestionError::KeyTooLong { got, max } => Self::KeyTooLong { got, max },
        }
    }
}

impl<E: core::error::Error + 'static> From<TooLong> for TrieError<E> {
    fn from(TooLong { got, max }: TooLong) -> Self {
        Self::ProofTooLong { got, max }
    }
}
