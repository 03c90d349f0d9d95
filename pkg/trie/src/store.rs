//! Where nodes are kept: a trait for reading them, and a store in memory.

use alloc::{collections::BTreeMap, vec::Vec};
use core::convert::Infallible;

use keepwell_primitives::Hash;

use crate::change_set::ChangeSet;

/// Nodes by their hash. It is not trusted: a [`Trie`](crate::Trie) compares the hash of whatever it
/// is given.
pub trait NodeStore {
    /// What can go wrong in reading; [`Infallible`] if nothing can.
    type Error: core::error::Error + 'static;

    /// The bytes of the node with this hash, or `None` if there is none.
    ///
    /// # Errors
    /// Those of the medium. A node that is not there is no error here.
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, Self::Error>;
}

impl<S: NodeStore + ?Sized> NodeStore for &S {
    type Error = S::Error;

    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, Self::Error> {
        (**self).node(hash)
    }
}

/// Nodes in memory, with the count that [`ChangeSet`] describes: it holds exactly the nodes of the
/// states applied to it, of any number of tries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore(BTreeMap<Hash, Kept>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    places: usize,
    bytes: Vec<u8>,
}

impl MemoryStore {
    /// A store without nodes, fit for an empty trie.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the nodes that came, drops those that left their last place. A removed node that is
    /// not there is passed over.
    pub fn apply(&mut self, changes: &ChangeSet) {
        for (hash, bytes) in &changes.inserted {
            self.0
                .entry(*hash)
                .and_modify(|kept| kept.places += 1)
                .or_insert_with(|| Kept {
                    places: 1,
                    bytes: bytes.clone(),
                });
        }
        for hash in &changes.removed {
            let Some(kept) = self.0.get_mut(hash) else {
                continue;
            };
            kept.places -= 1;
            if kept.places == 0 {
                self.0.remove(hash);
            }
        }
    }

    /// How many different nodes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All nodes in the order of their hashes: hash, bytes, and at how many places it stands.
    pub fn nodes(&self) -> impl Iterator<Item = (&Hash, &[u8], usize)> {
        self.0
            .iter()
            .map(|(hash, kept)| (hash, kept.bytes.as_slice(), kept.places))
    }
}

impl NodeStore for MemoryStore {
    type Error = Infallible;

    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(hash).map(|kept| kept.bytes.clone()))
    }
}
