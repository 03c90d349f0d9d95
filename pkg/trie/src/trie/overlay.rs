//! The nodes in memory, between the trie and its store.

use alloc::{boxed::Box, vec::Vec};

use alloy_rlp::{EMPTY_STRING_CODE, Encodable};
use keepwell_primitives::Hash;

use super::TrieError;
use crate::{
    hasher::Hasher,
    node::{DecodedChild, DecodedNode, Node, Parent, Reference, decode_node, encode_node},
    path::NibblePath,
    store::NodeStore,
};

/// A node whose children may still be in the store.
pub(super) type OverlayNode = Node<Vec<u8>, Link>;

/// What a parent, or the trie for its root, knows of a child.
#[derive(Clone, Debug, Default)]
pub(super) enum Link {
    /// There is none.
    #[default]
    Absent,
    /// It is in the store, not loaded.
    Stored(Hash),
    /// It is here.
    Loaded(Box<Entry>),
}

/// A node in memory.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) node: OverlayNode,
    /// The hash under which the store has this very node for this place; `None` for one that is new,
    /// changed, or stands in its parent.
    pub(super) stored: Option<Hash>,
    /// How the parent names it, once computed. A change clears it here and in all nodes above.
    pub(super) reference: Option<Reference>,
}

impl Link {
    /// A link to a new node.
    pub(super) fn new(node: OverlayNode) -> Self {
        Self::Loaded(Box::new(Entry {
            node,
            stored: None,
            reference: None,
        }))
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The node, loaded from the store if it has to be. This changes nothing that can be seen, so
    /// an operation may fail after it.
    pub(super) fn open<H: Hasher, S: NodeStore>(
        &mut self,
        store: &S,
        parent: Parent,
        path: &[u8],
    ) -> Result<Option<&mut Entry>, TrieError<S::Error>> {
        if let Self::Stored(hash) = *self {
            let bytes = load::<H, S>(store, hash, path)?;
            let node = decode(&bytes, hash, parent, path)?.into();
            *self = Self::Loaded(Box::new(Entry {
                node,
                stored: Some(hash),
                reference: Some(Reference::Hashed(hash)),
            }));
        }
        match self {
            Self::Loaded(entry) => Ok(Some(entry)),
            Self::Absent | Self::Stored(_) => Ok(None),
        }
    }

    /// Appends how a parent names this child.
    pub(super) fn write_reference<H: Hasher>(&self, out: &mut Vec<u8>) {
        match self {
            Self::Absent => out.push(EMPTY_STRING_CODE),
            Self::Stored(hash) => hash.encode(out),
            Self::Loaded(entry) => match &entry.reference {
                Some(reference) => reference.write(out),
                None => Reference::to_node::<H>(entry.encode::<H>()).write(out),
            },
        }
    }
}

impl Entry {
    /// Says that the node is no longer the one in the store.
    pub(super) fn mark_changed(&mut self, removed: &mut Vec<Hash>) {
        removed.extend(self.stored.take());
        self.reference = None;
    }

    /// The node's bytes.
    pub(super) fn encode<H: Hasher>(&self) -> Vec<u8> {
        encode_node(&self.node, Link::write_reference::<H>)
    }

    /// The links to all children, absent ones included.
    pub(super) fn children_mut(&mut self) -> &mut [Link] {
        match &mut self.node {
            Node::Leaf { .. } => &mut [],
            Node::Extension { child, .. } => core::slice::from_mut(child),
            Node::Branch { children, .. } => children.as_mut_slice(),
        }
    }
}

/// The bytes of the node at `path`, compared with their hash.
pub(super) fn load<H: Hasher, S: NodeStore>(
    store: &S,
    hash: Hash,
    path: &[u8],
) -> Result<Vec<u8>, TrieError<S::Error>> {
    let place = || NibblePath::of_nibbles(path);
    let bytes = store.node(&hash).map_err(|error| TrieError::Store {
        hash,
        path: place(),
        error,
    })?;
    let bytes = bytes.ok_or_else(|| TrieError::NodeMissing {
        hash,
        path: place(),
    })?;
    let got = H::hash(&bytes);
    if got != hash {
        return Err(TrieError::NodeCorrupt {
            hash,
            path: place(),
            got,
        });
    }
    Ok(bytes)
}

/// The node in bytes that [`load`] returned.
pub(super) fn decode<'b, E: core::error::Error + 'static>(
    bytes: &'b [u8],
    hash: Hash,
    parent: Parent,
    path: &[u8],
) -> Result<DecodedNode<'b>, TrieError<E>> {
    decode_node(bytes, parent, path.len()).map_err(|error| TrieError::NodeInvalid {
        hash,
        path: NibblePath::of_nibbles(path),
        error,
    })
}

impl From<DecodedNode<'_>> for OverlayNode {
    fn from(node: DecodedNode<'_>) -> Self {
        match node {
            Node::Leaf { path, value } => Self::Leaf {
                path,
                value: value.to_vec(),
            },
            Node::Extension { path, child } => Self::Extension {
                path,
                child: child.into(),
            },
            Node::Branch { children, value } => Self::Branch {
                children: Box::new(children.map(Link::from)),
                value: value.map(<[u8]>::to_vec),
            },
        }
    }
}

impl From<DecodedChild<'_>> for Link {
    fn from(child: DecodedChild<'_>) -> Self {
        match child {
            DecodedChild::Absent => Self::Absent,
            DecodedChild::Hashed(hash) => Self::Stored(hash),
            DecodedChild::Inlined(node) => Self::new((*node).into()),
        }
    }
}
