//! Adding a key, or giving it another value.

use alloc::{boxed::Box, vec::Vec};
use core::mem;

use keepwell_primitives::Hash;

use super::{
    Trie, TrieError,
    overlay::{Link, OverlayNode},
    path_of,
};
use crate::{
    hasher::Hasher,
    node::{Node, Parent, child_at_mut},
    path::NibblePath,
    store::NodeStore,
};

impl<H: Hasher, S: NodeStore> Trie<H, S> {
    /// Gives `key` this value. An empty value removes the key: as in Ethereum, the two are the same.
    ///
    /// # Errors
    /// [`TrieError::KeyTooLong`]; [`TrieError::Store`], [`TrieError::NodeMissing`],
    /// [`TrieError::NodeCorrupt`] and [`TrieError::NodeInvalid`] by what the store gives.
    pub fn insert(&mut self, key: &[u8], value: Vec<u8>) -> Result<(), TrieError<S::Error>> {
        if value.is_empty() {
            return self.remove(key).map(drop);
        }
        let path = path_of(key)?;
        insert_under::<H, S>(
            &mut self.root,
            &self.store,
            &mut self.removed,
            Position {
                path: path.nibbles(),
                depth: 0,
                parent: Parent::None,
            },
            value,
        )?;
        Ok(())
    }
}

/// A link on the way to a key: the one `depth` nibbles down its path.
#[derive(Clone, Copy)]
pub(super) struct Position<'k> {
    pub(super) path: &'k [u8],
    pub(super) depth: usize,
    pub(super) parent: Parent,
}

impl<'k> Position<'k> {
    pub(super) fn above(&self) -> &'k [u8] {
        self.path.get(..self.depth).unwrap_or(self.path)
    }

    pub(super) fn rest(&self) -> &'k [u8] {
        self.path.get(self.depth..).unwrap_or_default()
    }

    pub(super) fn down(self, nibbles: usize, parent: Parent) -> Self {
        Self {
            depth: self.depth + nibbles,
            parent,
            ..self
        }
    }
}

/// Whether anything changed. Each step goes at least one nibble down, so the recursion is as deep as
/// the longest key at most; nothing is changed before the last load.
fn insert_under<H: Hasher, S: NodeStore>(
    link: &mut Link,
    store: &S,
    removed: &mut Vec<Hash>,
    position: Position<'_>,
    value: Vec<u8>,
) -> Result<bool, TrieError<S::Error>> {
    let rest = position.rest();
    let opened = link.open::<H, S>(store, position.parent, position.above())?;
    let Some(entry) = opened else {
        *link = Link::new(leaf(rest, value));
        return Ok(true);
    };
    let changed = match &mut entry.node {
        Node::Leaf { path, value: old } if path.nibbles() == rest => {
            let changed = *old != value;
            *old = value;
            changed
        }
        Node::Leaf { path, value: old } => {
            let path = mem::take(path);
            let (shared, ours, theirs) = fork(rest, path.nibbles());
            let mut branch = EmptyBranch::default();
            branch.put(theirs, mem::take(old));
            branch.put(ours, value);
            entry.node = branch.under(shared);
            true
        }
        Node::Extension { path, child } if rest.starts_with(path.nibbles()) => {
            let position = position.down(path.len(), Parent::Extension);
            insert_under::<H, S>(child, store, removed, position, value)?
        }
        Node::Extension { path, child } => {
            let path = mem::take(path);
            let (shared, ours, theirs) = fork(rest, path.nibbles());
            let mut branch = EmptyBranch::default();
            branch.put_branch(theirs, mem::take(child));
            branch.put(ours, value);
            entry.node = branch.under(shared);
            true
        }
        Node::Branch {
            children,
            value: own,
        } => match rest.first() {
            None => {
                let changed = own.as_ref() != Some(&value);
                *own = Some(value);
                changed
            }
            Some(&nibble) => {
                let child = child_at_mut(children, nibble);
                let position = position.down(1, Parent::Branch);
                insert_under::<H, S>(child, store, removed, position, value)?
            }
        },
    };
    if changed {
        entry.mark_changed(removed);
    }
    Ok(changed)
}

fn leaf(path: &[u8], value: Vec<u8>) -> OverlayNode {
    Node::Leaf {
        path: NibblePath::of_nibbles(path),
        value,
    }
}

/// What two paths share, and what is left of each.
fn fork<'o, 't>(ours: &'o [u8], theirs: &'t [u8]) -> (&'o [u8], &'o [u8], &'t [u8]) {
    let shared = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let (prefix, ours) = ours.split_at(shared);
    (prefix, ours, theirs.get(shared..).unwrap_or_default())
}

/// A branch where one path forks in two.
#[derive(Default)]
struct EmptyBranch {
    children: Box<[Link; 16]>,
    value: Option<Vec<u8>>,
}

impl EmptyBranch {
    fn put(&mut self, path: &[u8], value: Vec<u8>) {
        match path.split_first() {
            None => self.value = Some(value),
            Some((&nibble, path)) => {
                *child_at_mut(&mut self.children, nibble) = Link::new(leaf(path, value));
            }
        }
    }

    /// Puts a branch, under what is left of the extension that led to it.
    fn put_branch(&mut self, path: &[u8], branch: Link) {
        let Some((&nibble, path)) = path.split_first() else {
            return;
        };
        *child_at_mut(&mut self.children, nibble) = if path.is_empty() {
            branch
        } else {
            Link::new(Node::Extension {
                path: NibblePath::of_nibbles(path),
                child: branch,
            })
        };
    }

    fn under(self, shared: &[u8]) -> OverlayNode {
        let branch = Node::Branch {
            children: self.children,
            value: self.value,
        };
        if shared.is_empty() {
            return branch;
        }
        Node::Extension {
            path: NibblePath::of_nibbles(shared),
            child: Link::new(branch),
        }
    }
}
