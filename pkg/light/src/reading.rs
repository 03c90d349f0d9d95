//! Reading leaves at one verified head: first what is known to be needed, then what that shows to
//! be needed, in as few questions as the limits allow.
//!
//! Leaves that an earlier view held are asked for at once, so that a client which knows its history
//! learns what is new in one or two questions, and a new one in three: the counters, everything
//! below them, the scopes of the records.

#[cfg(test)]
mod tests;

use alloc::{
    collections::{BTreeSet, VecDeque},
    vec::Vec,
};

use keepwell_ledger::state::StateRoots;
use keepwell_primitives::{BoundedBytes, Hash, limits};
use keepwell_trie::{Proof, Sha256, verify_proof};
use keepwell_wire::api::{PROOF_KEYS_PER_QUESTION_MAX, ProofAnswer, ProofQuestion};

use crate::{
    Answer, Interest, LeafName, Query, TrieName, VerificationError, VerifiedHead, View,
    leaves::Leaves,
};

/// Expected bytes of a proof that are asked for at a time: room for leaves larger than expected.
const PROOF_BYTES_WANTED: usize = limits::PROOF_BYTES_MAX / 4 * 3;

/// An interest, and the view of it at an earlier block of the same chain.
pub(crate) struct Subject {
    pub(crate) interest: Interest,
    pub(crate) earlier: Option<View>,
}

pub(crate) struct Reading {
    head: VerifiedHead,
    subjects: Vec<Subject>,
    leaves: Leaves,
    queue: VecDeque<LeafName>,
    bytes_wanted: usize,
    views: Vec<View>,
}

impl Reading {
    pub(crate) fn new(
        head: VerifiedHead,
        subjects: Vec<Subject>,
    ) -> Result<Self, VerificationError> {
        let held = subjects
            .iter()
            .filter_map(|subject| subject.earlier.as_ref());
        let expected: BTreeSet<LeafName> = held.flat_map(View::leaf_names).collect();
        let reading = Self {
            head,
            subjects,
            leaves: Leaves::default(),
            queue: VecDeque::new(),
            bytes_wanted: PROOF_BYTES_WANTED,
            views: Vec::new(),
        };
        reading.assemble(expected)
    }

    pub(crate) fn next_query(&self) -> Option<Query> {
        if self.queue.is_empty() {
            return None;
        }
        let keys_of = |trie: TrieName| {
            let of_trie = self.batch().filter(move |leaf| leaf.trie() == trie);
            // The longest key of a leaf is as long as a question's keys may be.
            of_trie
                .filter_map(|leaf| BoundedBytes::new(leaf.key()).ok())
                .collect()
        };
        Some(Query::Proof(ProofQuestion {
            block_hash: self.head.hash(),
            patients: keys_of(TrieName::Patients),
            hospitals: keys_of(TrieName::Hospitals),
        }))
    }

    pub(crate) fn resolve(self, answer: Answer) -> Result<Self, VerificationError> {
        match answer {
            Answer::Proof(answer) if !self.queue.is_empty() => self.take_proof(&answer),
            Answer::ProofTooLarge if !self.queue.is_empty() => self.ask_for_less(),
            other => Err(VerificationError::OtherQuestion {
                got: other.name(),
                expected: self.next_query().map_or("nothing", |query| query.name()),
            }),
        }
    }

    /// The views, once all are complete.
    pub(crate) fn into_views(self) -> Vec<View> {
        self.views
    }

    /// The leaves of the present question.
    fn batch(&self) -> impl Iterator<Item = &LeafName> {
        let mut bytes = 0;
        let mut is_first = true;
        self.queue
            .iter()
            .take(PROOF_KEYS_PER_QUESTION_MAX)
            .take_while(move |leaf| {
                bytes += leaf.proof_bytes();
                let fits = bytes <= self.bytes_wanted || is_first;
                is_first = false;
                fits
            })
    }

    fn take_proof(mut self, answer: &ProofAnswer) -> Result<Self, VerificationError> {
        let batch: Vec<LeafName> = self.batch().copied().collect();
        let roots = StateRoots::from(self.head.header());
        for (trie, root, proof) in [
            (TrieName::Patients, roots.patients, &answer.patients),
            (TrieName::Hospitals, roots.hospitals, &answer.hospitals),
        ] {
            let leaves = batch.iter().filter(|leaf| leaf.trie() == trie);
            let leaves: Vec<LeafName> = leaves.copied().collect();
            self.take_leaves(trie, root, &leaves, proof.as_deref())?;
        }
        self.queue.drain(..batch.len());
        if self.queue.is_empty() {
            return self.assemble(BTreeSet::new());
        }
        Ok(self)
    }

    fn take_leaves(
        &mut self,
        trie: TrieName,
        root: Hash,
        leaves: &[LeafName],
        proof: Option<&[u8]>,
    ) -> Result<(), VerificationError> {
        let proof = match (leaves.is_empty(), proof) {
            (true, None) => return Ok(()),
            (true, Some(_)) => return Err(VerificationError::ProofUnasked { trie }),
            (false, None) => return Err(VerificationError::ProofMissing { trie }),
            (false, Some(proof)) => proof,
        };
        let keys: Vec<Vec<u8>> = leaves.iter().map(LeafName::key).collect();
        let values = Proof::from_bytes(proof)
            .and_then(|proof| verify_proof::<Sha256>(root, &keys, &proof))
            .map_err(|error| VerificationError::Proof { trie, error })?;
        for (leaf, value) in leaves.iter().zip(values) {
            self.leaves.insert(*leaf, value);
        }
        Ok(())
    }

    /// Puts the views together, or finds out what else they need.
    fn assemble(mut self, expected: BTreeSet<LeafName>) -> Result<Self, VerificationError> {
        let mut views = Vec::new();
        for subject in &self.subjects {
            let view = View::assemble(&subject.interest, &mut self.leaves, self.head);
            let Some(view) = view? else { continue };
            if let Some(earlier) = &subject.earlier {
                view.check_follows(earlier)?;
            }
            views.push(view);
        }
        let mut wanted = self.leaves.take_wanted();
        wanted.extend(expected);
        if wanted.is_empty() {
            self.views = views;
        }
        self.queue = wanted.into_iter().collect();
        Ok(self)
    }

    /// Half of what the present question asked for at a time, from now on.
    fn ask_for_less(mut self) -> Result<Self, VerificationError> {
        let batch: Vec<LeafName> = self.batch().copied().collect();
        if let [leaf] = batch.as_slice() {
            return Err(VerificationError::LeafTooLarge { leaf: *leaf });
        }
        let asked: usize = batch.iter().map(LeafName::proof_bytes).sum();
        self.bytes_wanted = asked / 2;
        Ok(self)
    }
}
