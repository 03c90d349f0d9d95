//! Removing a key, and closing the gap: a branch that is left with one occupant becomes a leaf or an
//! extension, and joins what is above and below it.

use alloc::vec::Vec;
use core::mem;

use keepwell_primitives::Hash;

use super::{
    Trie, TrieError,
    insert::Position,
    overlay::{Entry, Link, OverlayNode},
    path_of,
};
use crate::{
    hasher::Hasher,
    node::{Node, Parent, child_at_mut},
    path::NibblePath,
    store::NodeStore,
};

impl<H: Hasher, S: NodeStore> Trie<H, S> {
    /// Removes `key`; returns whether it was there.
    ///
    /// Where a branch is left with one child, that child is loaded too: in a partial trie it has to
    /// be covered by the proof, by asking for any key that begins with the path in the error.
    ///
    /// # Errors
    /// [`TrieError::KeyTooLong`]; [`TrieError::Store`], [`TrieError::NodeMissing`],
    /// [`TrieError::NodeCorrupt`] and [`TrieError::NodeInvalid`] by what the store gives.
    pub fn remove(&mut self, key: &[u8]) -> Result<bool, TrieError<S::Error>> {
        let path = path_of(key)?;
        remove_under::<H, S>(
            &mut self.root,
            &self.store,
            &mut self.removed,
            Position {
                path: path.nibbles(),
                depth: 0,
                parent: Parent::None,
            },
        )
    }
}

/// Whether anything changed. As deep as the longest key at most, like inserting; the child that a
/// branch may be left with is opened before anything is changed, since loading it may fail.
fn remove_under<H: Hasher, S: NodeStore>(
    link: &mut Link,
    store: &S,
    removed: &mut Vec<Hash>,
    position: Position<'_>,
) -> Result<bool, TrieError<S::Error>> {
    let rest = position.rest();
    let opened = link.open::<H, S>(store, position.parent, position.above())?;
    let Some(entry) = opened else {
        return Ok(false);
    };
    match &mut entry.node {
        Node::Leaf { path, .. } => {
            if path.nibbles() != rest {
                return Ok(false);
            }
            entry.mark_changed(removed);
            *link = Link::Absent;
            return Ok(true);
        }
        Node::Extension { path, child } => {
            let position = position.down(path.len(), Parent::Extension);
            if !rest.starts_with(path.nibbles())
                || !remove_under::<H, S>(child, store, removed, position)?
            {
                return Ok(false);
            }
            let (path, child) = (mem::take(path), mem::take(child));
            entry.node = join(path, child, removed);
        }
        Node::Branch { children, value } => {
            let below = position.down(1, Parent::Branch);
            match rest.first() {
                None => {
                    if value.is_none() {
                        return Ok(false);
                    }
                    open_sole_child::<H, S>(children, None, store, position)?;
                    *value = None;
                }
                Some(&nibble) => {
                    let child = child_at_mut(children, nibble);
                    let opened = child.open::<H, S>(store, below.parent, below.above())?;
                    if value.is_none() && opened.is_some_and(|child| child.is_leaf(below.rest())) {
                        open_sole_child::<H, S>(children, Some(nibble), store, position)?;
                    }
                    let child = child_at_mut(children, nibble);
                    if !remove_under::<H, S>(child, store, removed, below)? {
                        return Ok(false);
                    }
                }
            }
            if let Some(collapsed) = collapse(children, value, removed) {
                entry.node = collapsed;
            }
        }
    }
    entry.mark_changed(removed);
    Ok(true)
}

impl Entry {
    fn is_leaf(&self, rest: &[u8]) -> bool {
        matches!(&self.node, Node::Leaf { path, .. } if path.nibbles() == rest)
    }
}

/// Opens the only child of the branch at `position`, if there is but one beside the one that goes.
fn open_sole_child<H: Hasher, S: NodeStore>(
    children: &mut [Link; 16],
    going: Option<u8>,
    store: &S,
    position: Position<'_>,
) -> Result<(), TrieError<S::Error>> {
    let mut staying = (0_u8..)
        .zip(children)
        .filter(|(nibble, child)| !child.is_absent() && Some(*nibble) != going);
    if let (Some((nibble, child)), None) = (staying.next(), staying.next()) {
        let path = [position.above(), &[nibble]].concat();
        child.open::<H, S>(store, Parent::Branch, &path)?;
    }
    Ok(())
}

/// What a branch becomes if it has only one occupant left.
fn collapse(
    children: &mut [Link; 16],
    value: &mut Option<Vec<u8>>,
    removed: &mut Vec<Hash>,
) -> Option<OverlayNode> {
    let mut staying = (0_u8..)
        .zip(children)
        .filter(|(_, child)| !child.is_absent());
    match (staying.next(), staying.next(), value.is_some()) {
        (None, _, _) => value.take().map(|value| Node::Leaf {
            path: NibblePath::default(),
            value,
        }),
        (Some((nibble, child)), None, false) => {
            let path = NibblePath::of_nibbles(&[nibble]);
            Some(join(path, mem::take(child), removed))
        }
        _ => None,
    }
}

/// The one node for a path and what is under it.
fn join(above: NibblePath, child: Link, removed: &mut Vec<Hash>) -> OverlayNode {
    let mut entry = match child {
        Link::Loaded(entry) => entry,
        // Not met: whoever joins has opened the child.
        Link::Absent | Link::Stored(_) => return Node::Extension { path: above, child },
    };
    match &mut entry.node {
        Node::Leaf { path, value } => {
            let joined = Node::Leaf {
                path: above.join(path.nibbles()),
                value: mem::take(value),
            };
            entry.mark_changed(removed);
            joined
        }
        Node::Extension { path, child } => {
            let joined = Node::Extension {
                path: above.join(path.nibbles()),
                child: mem::take(child),
            };
            entry.mark_changed(removed);
            joined
        }
        Node::Branch { .. } => Node::Extension {
            path: above,
            child: Link::Loaded(entry),
        },
    }
}
