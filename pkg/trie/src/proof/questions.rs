//! The keys a proof is for, sorted, and which of them go where from a node.
//!
//! The prover and the verifier walk the same way: from a node to the children that some key leads
//! to, the lowest first. Both therefore use what is here; only where the nodes come from differs.

use alloc::vec::Vec;
use core::ops::Range;

use keepwell_primitives::Hash;

use crate::{
    PROOF_KEYS_MAX,
    key::{self, KEY_BYTES_MAX, KeyTooLong},
    node::{DecodedChild, DecodedNode, Node, Parent, child_at},
    path::NibblePath,
};

/// Keys within their limits, sorted by path.
pub(crate) struct Questions(Vec<Question>);

struct Question {
    path: NibblePath,
    /// Its place among the keys as they were asked.
    asked_at: usize,
}

/// Why keys cannot be asked.
pub(crate) enum QuestionError {
    TooManyKeys { got: usize, max: usize },
    KeyTooLong { got: usize, max: usize },
}

/// A value, and the keys (a range of the sorted ones) that it answers.
pub(crate) type Answered<'n, V> = (&'n V, Range<usize>);

/// Keys (a range of the sorted ones) that lead on to a child.
pub(crate) struct Lead<'n, C> {
    pub(crate) child: &'n C,
    pub(crate) parent: Parent,
    pub(crate) depth: usize,
    pub(crate) keys: Range<usize>,
}

/// A hashed node that keys lead to.
pub(crate) struct Pending {
    pub(crate) hash: Hash,
    pub(crate) parent: Parent,
    pub(crate) depth: usize,
    pub(crate) keys: Range<usize>,
}

impl Questions {
    pub(crate) fn new(keys: &[impl AsRef<[u8]>]) -> Result<Self, QuestionError> {
        if keys.len() > PROOF_KEYS_MAX {
            return Err(QuestionError::TooManyKeys {
                got: keys.len(),
                max: PROOF_KEYS_MAX,
            });
        }
        let mut questions = Vec::with_capacity(keys.len());
        for (asked_at, key) in keys.iter().enumerate() {
            let path = key::path_of(key.as_ref()).map_err(|KeyTooLong { got }| {
                QuestionError::KeyTooLong {
                    got,
                    max: KEY_BYTES_MAX,
                }
            })?;
            questions.push(Question { path, asked_at });
        }
        questions.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(Self(questions))
    }

    /// The range of all keys.
    pub(crate) fn all(&self) -> Range<usize> {
        0..self.0.len()
    }

    /// Where the keys of a range were asked.
    pub(crate) fn asked_at(&self, keys: Range<usize>) -> impl Iterator<Item = usize> {
        let questions = self.0.get(keys).unwrap_or_default();
        questions.iter().map(|question| question.asked_at)
    }

    /// The path to a node that all keys of the range pass.
    pub(crate) fn path_above(&self, keys: &Range<usize>, depth: usize) -> &[u8] {
        let path = self
            .0
            .get(keys.start)
            .map(|question| question.path.nibbles());
        path.and_then(|path| path.get(..depth)).unwrap_or_default()
    }

    /// Which keys find their value in `node`, and which lead on to a child.
    pub(crate) fn route<'n, V, C>(
        &self,
        node: &'n Node<V, C>,
        depth: usize,
        keys: Range<usize>,
    ) -> (Option<Answered<'n, V>>, Vec<Lead<'n, C>>) {
        match node {
            Node::Leaf { path, value } => {
                let through = self.passing(keys, depth, path.nibbles());
                let end = depth + path.len();
                (Some((value, self.ending(through, end))), Vec::new())
            }
            Node::Extension { path, child } => {
                let keys = self.passing(keys, depth, path.nibbles());
                let lead = Lead {
                    child,
                    parent: Parent::Extension,
                    depth: depth + path.len(),
                    keys,
                };
                (
                    None,
                    Vec::from_iter(Some(lead).filter(|lead| !lead.keys.is_empty())),
                )
            }
            Node::Branch { children, value } => {
                let ending = self.ending(keys.clone(), depth);
                let mut next = ending.end;
                let mut leads = Vec::new();
                while next < keys.end {
                    let Some(nibble) = self.nibble(next, depth) else {
                        break;
                    };
                    let through = self.passing(next..keys.end, depth, &[nibble]);
                    next = through.end;
                    leads.push(Lead {
                        child: child_at(children, nibble),
                        parent: Parent::Branch,
                        depth: depth + 1,
                        keys: through,
                    });
                }
                (value.as_ref().map(|value| (value, ending)), leads)
            }
        }
    }

    fn nibble(&self, key: usize, depth: usize) -> Option<u8> {
        self.0.get(key)?.path.nibbles().get(depth).copied()
    }

    /// Those of `keys` that go on with `nibbles` after the first `depth`.
    fn passing(&self, keys: Range<usize>, depth: usize, nibbles: &[u8]) -> Range<usize> {
        self.subrange(
            keys,
            depth,
            |rest| rest < nibbles,
            |rest| rest.starts_with(nibbles),
        )
    }

    /// Those of `keys` that end after `depth` nibbles: they come first.
    fn ending(&self, keys: Range<usize>, depth: usize) -> Range<usize> {
        self.subrange(keys, depth, |_| false, <[u8]>::is_empty)
    }

    /// Of sorted keys, what comes after those before and as long as it is within.
    fn subrange(
        &self,
        keys: Range<usize>,
        depth: usize,
        is_before: impl Fn(&[u8]) -> bool,
        is_within: impl Fn(&[u8]) -> bool,
    ) -> Range<usize> {
        let questions = self.0.get(keys.clone()).unwrap_or_default();
        let before = questions.partition_point(|question| is_before(question.rest(depth)));
        let from = questions.get(before..).unwrap_or_default();
        let within = from.partition_point(|question| is_within(question.rest(depth)));
        let start = keys.start + before;
        start..start + within
    }
}

impl Question {
    fn rest(&self, depth: usize) -> &[u8] {
        self.path.nibbles().get(depth..).unwrap_or_default()
    }
}

/// Answers the keys that end in `node` or in nodes that stand inside it, and puts the hashed nodes
/// that others lead to on the stack, the lowest on top. As deep as nodes stand in one another,
/// within 32 bytes.
pub(crate) fn settle<'b>(
    questions: &Questions,
    node: &DecodedNode<'b>,
    depth: usize,
    keys: Range<usize>,
    answer: &mut impl FnMut(&'b [u8], Range<usize>),
    pending: &mut Vec<Pending>,
) {
    let (answered, leads) = questions.route(node, depth, keys);
    if let Some((value, keys)) = answered {
        answer(value, keys);
    }
    for lead in leads.into_iter().rev() {
        match lead.child {
            DecodedChild::Absent => {}
            DecodedChild::Hashed(hash) => pending.push(Pending {
                hash: *hash,
                parent: lead.parent,
                depth: lead.depth,
                keys: lead.keys,
            }),
            DecodedChild::Inlined(node) => {
                settle(questions, node, lead.depth, lead.keys, answer, pending);
            }
        }
    }
}
