//! The root, and what a commit changes in the store.

use alloc::vec::Vec;
use core::mem;

use keepwell_primitives::Hash;

use super::{
    Trie,
    overlay::{Entry, Link},
};
use crate::{
    change_set::ChangeSet,
    hasher::Hasher,
    node::{HASHED_BYTES_MIN, Reference},
    store::NodeStore,
};

impl<H: Hasher, S: NodeStore> Trie<H, S> {
    /// The root of the present content, committed or not. Hashes each node that changed since it
    /// was last computed, once.
    pub fn root(&mut self) -> Hash {
        match &mut self.root {
            Link::Absent => Self::empty_root(),
            Link::Stored(hash) => *hash,
            Link::Loaded(root) => match compute_reference::<H>(root) {
                Reference::Hashed(hash) => *hash,
                Reference::Inlined(bytes) => H::hash(bytes),
            },
        }
    }

    /// What changed since the last commit, or since the trie was made. From here on the trie counts
    /// as stored: the caller applies the change set to the store, at once or with others in order.
    /// What the trie has loaded it keeps, so that it can be read and changed before that.
    pub fn commit(&mut self) -> ChangeSet {
        let root = self.root();
        let mut inserted = Vec::new();
        if let Link::Loaded(entry) = &mut self.root {
            collect_new::<H>(entry, Some(root), &mut inserted);
        }
        ChangeSet::new(root, inserted, mem::take(&mut self.removed))
    }
}

/// How the parent names this node. As deep as new nodes are, which is the longest key's path.
fn compute_reference<H: Hasher>(entry: &mut Entry) -> &Reference {
    if entry.reference.is_none() {
        for child in entry.children_mut() {
            if let Link::Loaded(child) = child {
                compute_reference::<H>(child);
            }
        }
    }
    let reference = match entry.reference.take() {
        Some(reference) => reference,
        None => Reference::to_node::<H>(entry.encode::<H>()),
    };
    entry.reference.insert(reference)
}

/// Collects the nodes that the store lacks; `root` is given for the root, which is hashed at any
/// length. All references are computed.
fn collect_new<H: Hasher>(
    entry: &mut Entry,
    root: Option<Hash>,
    inserted: &mut Vec<(Hash, Vec<u8>)>,
) {
    if entry.stored.is_some() {
        return;
    }
    for child in entry.children_mut() {
        if let Link::Loaded(child) = child {
            collect_new::<H>(child, None, inserted);
        }
    }
    let bytes = entry.encode::<H>();
    let hash = match (&entry.reference, root) {
        (_, Some(root)) => root,
        (Some(Reference::Hashed(hash)), None) => *hash,
        _ => {
            debug_assert!(bytes.len() < HASHED_BYTES_MIN);
            return;
        }
    };
    entry.stored = Some(hash);
    inserted.push((hash, bytes));
}
