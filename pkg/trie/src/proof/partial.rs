//! A trie that knows only what a proof covers.

use alloc::{collections::BTreeMap, vec, vec::Vec};
use core::convert::Infallible;

use alloy_rlp::EMPTY_STRING_CODE;
use keepwell_primitives::Hash;

use super::{
    Proof, ProofError,
    error::{check_no_surplus, explain_mismatch},
};
use crate::{
    hasher::Hasher,
    node::{DecodedChild, DecodedNode, Node, Parent, decode_node},
    path::NibblePath,
    store::NodeStore,
    trie::Trie,
};

/// A trie over the nodes of a proof. To read or change a key that they do not cover is
/// [`TrieError::NodeMissing`](crate::TrieError::NodeMissing), with the hash and path of the first node
/// that lacks.
pub type PartialTrie<H> = Trie<H, PartialStore>;

/// The nodes of a proof that was held against a root. Made by [`partial_trie`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialStore(BTreeMap<Hash, Vec<u8>>);

impl NodeStore for PartialStore {
    type Error = Infallible;

    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(hash).cloned())
    }
}

/// The part of the trie with this root that `proof` covers, to be read and changed, and its new
/// root computed, as if the whole were there.
///
/// The proof is checked as [`verify_proof`](crate::verify_proof) does, but for the keys, which are not
/// given: any of them that the proof answers can be read, others cannot. That every node hangs in its
/// place under the root, and none is left over, is checked here.
///
/// # Errors
/// [`ProofError::HashMismatch`] for a first node that is not the root; [`ProofError::NodeInvalid`];
/// [`ProofError::Duplicated`] and [`ProofError::Surplus`] for a node that hangs nowhere.
pub fn partial_trie<H: Hasher>(root: Hash, proof: &Proof) -> Result<PartialTrie<H>, ProofError> {
    let mut known = BTreeMap::new();
    let mut pending = Vec::new();
    if root != H::hash(&[EMPTY_STRING_CODE]) {
        pending.push(Place {
            hash: root,
            parent: Parent::None,
            path: NibblePath::default(),
        });
    }
    let mut nodes = proof.nodes().map(|node| (H::hash(node), node)).peekable();
    while let Some(place) = pending.pop() {
        // A place whose node does not come next is one that the proof does not cover. Where equal
        // subtrees hang at several places, the first of them takes the nodes: they are equal.
        let Some((hash, bytes)) = nodes.next_if(|(hash, _)| *hash == place.hash) else {
            if known.is_empty() && nodes.peek().is_some() {
                return Err(explain_mismatch::<H>(proof, 0, place.path, root));
            }
            continue;
        };
        let index = proof.nodes().len() - nodes.len() - 1;
        let node = decode_node(bytes, place.parent, place.path.len()).map_err(|error| {
            ProofError::NodeInvalid {
                index,
                path: place.path.clone(),
                error,
            }
        })?;
        hang_children(&node, &place.path, &mut pending);
        known.insert(hash, bytes.to_vec());
    }
    check_no_surplus(proof, proof.nodes().len() - nodes.len())?;
    Ok(Trie::at(PartialStore(known), root))
}

/// A place in the trie whose node the proof may hold.
struct Place {
    hash: Hash,
    parent: Parent,
    path: NibblePath,
}

/// Puts the hashed children on the stack, the lowest on top. Those of a node that stands in its
/// parent need no look: it has none.
fn hang_children(node: &DecodedNode<'_>, path: &NibblePath, pending: &mut Vec<Place>) {
    let (children, parent) = match node {
        Node::Leaf { .. } => return,
        Node::Extension { path: own, child } => {
            (vec![(path.join(own.nibbles()), child)], Parent::Extension)
        }
        Node::Branch { children, .. } => {
            let children = (0_u8..).zip(children.iter());
            let with_paths = children.map(|(nibble, child)| (path.join(&[nibble]), child));
            (with_paths.collect(), Parent::Branch)
        }
    };
    for (path, child) in children.into_iter().rev() {
        if let DecodedChild::Hashed(hash) = child {
            pending.push(Place {
                hash: *hash,
                parent,
                path,
            });
        }
    }
}
