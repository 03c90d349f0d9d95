//! What a commit changes in a store.

use alloc::vec::Vec;
use core::cmp::Ordering;

use keepwell_primitives::Hash;

/// The difference between the nodes of two states of a trie, to be written by whoever keeps them.
///
/// # Counting
///
/// Equal subtrees at two places of a trie are equal nodes with one hash. A change set lists a node
/// once **for each place** that it came to or left, so a hash may occur several times in one list,
/// and never in both. A store that removes nodes keeps a count for each: one up for every
/// occurrence in `inserted`, one down for every occurrence in `removed`, gone at zero. The count
/// then is the number of places where the node stands, which makes the order of additions harmless
/// and never removes what another place, another trie in the same store or another root still
/// needs. A store that keeps everything may write `inserted` and ignore `removed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    /// The root after the change.
    pub root: Hash,
    /// Nodes that came, sorted by hash: the hash and the bytes it is of.
    pub inserted: Vec<(Hash, Vec<u8>)>,
    /// Nodes that left, sorted by hash.
    pub removed: Vec<Hash>,
}

impl ChangeSet {
    /// Sorts both lists and cancels what both contain: a node that left and came back.
    pub(crate) fn new(
        root: Hash,
        mut inserted: Vec<(Hash, Vec<u8>)>,
        mut removed: Vec<Hash>,
    ) -> Self {
        inserted.sort_unstable();
        removed.sort_unstable();
        let mut left = removed.into_iter().peekable();
        let mut still_removed = Vec::new();
        inserted.retain(|(hash, _)| {
            loop {
                match left.peek().map(|gone| gone.cmp(hash)) {
                    Some(Ordering::Less) => still_removed.extend(left.next()),
                    Some(Ordering::Equal) => {
                        left.next();
                        return false;
                    }
                    Some(Ordering::Greater) | None => return true,
                }
            }
        });
        still_removed.extend(left);
        Self {
            root,
            inserted,
            removed: still_removed,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn what_left_and_came_back_cancels_once_for_each_place() {
        let [a, b, c] = [Hash([1; 32]), Hash([2; 32]), Hash([3; 32])];
        let node = |hash| (hash, vec![0]);
        let changes = ChangeSet::new(a, vec![node(b), node(a), node(b)], vec![c, b, a, a]);
        assert_eq!(changes.inserted, [node(b)]);
        assert_eq!(changes.removed, [a, c]);
    }
}
