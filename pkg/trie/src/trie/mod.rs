//! The trie: a store, and over it the nodes that were loaded or changed.
//!
//! Only what an operation touches is loaded, and nothing is written: the store stays as it is until
//! its owner applies the [`ChangeSet`] of a commit.

mod commit;
mod error;
mod insert;
mod overlay;
mod prove;
mod read;
mod remove;

use alloc::vec::Vec;
use core::{fmt, marker::PhantomData};

use alloy_rlp::EMPTY_STRING_CODE;
use keepwell_primitives::Hash;

pub use error::TrieError;
use overlay::Link;

#[cfg(doc)]
use crate::ChangeSet;
use crate::{
    hasher::Hasher,
    key::{self, KEY_BYTES_MAX, KeyTooLong},
    path::NibblePath,
    store::NodeStore,
};

/// A map from keys to values with a root hash, over a store of nodes.
///
/// Keys have at most [`KEY_BYTES_MAX`] bytes, values any number but none: a key with an empty value
/// is an absent key. An operation that fails changes nothing. Each touches the nodes on the way to
/// its key, one for every branch and extension; in a trie of *n* random keys these are about
/// log₁₆ *n* + 1.
///
/// A clone is a snapshot: it copies what was loaded, and reads on from its own copy of the store, or
/// from the same one if `S` is a reference.
pub struct Trie<H, S> {
    store: S,
    root: Link,
    /// Stored nodes that changed or left since the last commit, once for each place.
    removed: Vec<Hash>,
    hasher: PhantomData<fn() -> H>,
}

impl<H: Hasher, S: NodeStore> Trie<H, S> {
    /// An empty trie. Its nodes will go to `store`, which may hold those of other tries.
    pub fn new(store: S) -> Self {
        Self::over(store, Link::Absent)
    }

    /// The trie with this root, whose nodes `store` holds. Nothing is read yet.
    pub fn at(store: S, root: Hash) -> Self {
        if root == Self::empty_root() {
            return Self::new(store);
        }
        Self::over(store, Link::Stored(root))
    }

    /// The root of the empty trie: the hash of RLP's empty string.
    pub fn empty_root() -> Hash {
        H::hash(&[EMPTY_STRING_CODE])
    }

    fn over(store: S, root: Link) -> Self {
        Self {
            store,
            root,
            removed: Vec::new(),
            hasher: PhantomData,
        }
    }
}

impl<H, S> Trie<H, S> {
    /// The store that nodes are read from.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The store, to apply a change set to it.
    pub fn store_mut(&mut self) -> &mut S {
        &mut self.store
    }

    /// The store; changes since the last commit are lost.
    pub fn into_store(self) -> S {
        self.store
    }
}

impl<H, S: Clone> Clone for Trie<H, S> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            root: self.root.clone(),
            removed: self.removed.clone(),
            hasher: PhantomData,
        }
    }
}

impl<H, S> fmt::Debug for Trie<H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trie")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// The path of `key`, within its limit.
fn path_of<E: core::error::Error + 'static>(key: &[u8]) -> Result<NibblePath, TrieError<E>> {
    key::path_of(key).map_err(|KeyTooLong { got }| TrieError::KeyTooLong {
        got,
        max: KEY_BYTES_MAX,
    })
}
