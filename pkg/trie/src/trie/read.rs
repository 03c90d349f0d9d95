//! Reading one key.

use alloc::vec::Vec;

use keepwell_primitives::Hash;

use super::{
    Trie, TrieError,
    overlay::{Link, decode, load},
    path_of,
};
use crate::{
    hasher::Hasher,
    node::{DecodedChild, Parent, Step},
    store::NodeStore,
};

impl<H: Hasher, S: NodeStore> Trie<H, S> {
    /// The value of `key`, or `None` if it is absent. What is loaded for it is not kept.
    ///
    /// # Errors
    /// [`TrieError::KeyTooLong`]; [`TrieError::Store`], [`TrieError::NodeMissing`],
    /// [`TrieError::NodeCorrupt`] and [`TrieError::NodeInvalid`] by what the store gives.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, TrieError<S::Error>> {
        let path = path_of(key)?;
        let path = path.nibbles();
        let (mut link, mut parent, mut depth) = (&self.root, Parent::None, 0);
        loop {
            let entry = match link {
                Link::Absent => return Ok(None),
                Link::Stored(hash) => return self.read_stored(*hash, parent, path, depth),
                Link::Loaded(entry) => entry,
            };
            match entry.node.step(path, depth) {
                Step::Answer(value) => return Ok(value.cloned()),
                Step::Down {
                    child,
                    parent: over_child,
                    depth: child_depth,
                } => (link, parent, depth) = (child, over_child, child_depth),
            }
        }
    }

    /// The value at `path`, from the stored node at its first `depth` nibbles.
    fn read_stored(
        &self,
        mut hash: Hash,
        mut parent: Parent,
        path: &[u8],
        mut depth: usize,
    ) -> Result<Option<Vec<u8>>, TrieError<S::Error>> {
        loop {
            let above = path.get(..depth).unwrap_or(path);
            let bytes = load::<H, S>(&self.store, hash, above)?;
            let loaded = decode(&bytes, hash, parent, above)?;
            let mut node = &loaded;
            hash = loop {
                let (child, over_child, child_depth) = match node.step(path, depth) {
                    Step::Answer(value) => return Ok(value.map(|value| value.to_vec())),
                    Step::Down {
                        child,
                        parent,
                        depth,
                    } => (child, parent, depth),
                };
                (parent, depth) = (over_child, child_depth);
                match child {
                    DecodedChild::Absent => return Ok(None),
                    DecodedChild::Hashed(hash) => break *hash,
                    DecodedChild::Inlined(inlined) => node = inlined,
                }
            };
        }
    }
}
