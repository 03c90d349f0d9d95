//! A node, as it is in memory: the same three kinds over borrowed bytes while reading, and over
//! owned ones in a trie that changes.

mod decode;
mod encode;
mod error;

use alloc::boxed::Box;

pub(crate) use decode::{DecodedChild, DecodedNode, decode_node};
pub(crate) use encode::{Reference, encode_node};
pub use error::NodeError;

use crate::path::NibblePath;

/// A node of fewer bytes stands in its parent; from here on it is hashed (Yellow Paper, appendix D).
pub(crate) const HASHED_BYTES_MIN: usize = 32;

/// A node with values `V` that points at children by `C`.
#[derive(Clone, Debug)]
pub(crate) enum Node<V, C> {
    /// The rest of the one key here, and its value.
    Leaf { path: NibblePath, value: V },
    /// What all keys below share, and the branch there.
    Extension { path: NibblePath, child: C },
    /// A child for each next nibble, and the value of the key that ends here.
    Branch {
        children: Box<[C; 16]>,
        value: Option<V>,
    },
}

/// What a node hangs under: the rules for a root, a child and an extension's child differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parent {
    /// Nothing: it is the root.
    None,
    Branch,
    Extension,
}

/// Where a path leads from one node.
pub(crate) enum Step<'n, V, C> {
    /// It ends here, or leaves the trie.
    Answer(Option<&'n V>),
    /// On to a child, `depth` nibbles from the root.
    Down {
        child: &'n C,
        parent: Parent,
        depth: usize,
    },
}

impl<V, C> Node<V, C> {
    /// Where `path` leads from this node, which is `depth` nibbles from the root.
    pub(crate) fn step(&self, path: &[u8], depth: usize) -> Step<'_, V, C> {
        let rest = path.get(depth..).unwrap_or_default();
        match self {
            Self::Leaf { path, value } => Step::Answer((path.nibbles() == rest).then_some(value)),
            Self::Extension { path, child } if rest.starts_with(path.nibbles()) => Step::Down {
                child,
                parent: Parent::Extension,
                depth: depth + path.len(),
            },
            Self::Extension { .. } => Step::Answer(None),
            Self::Branch { children, value } => match rest.first() {
                None => Step::Answer(value.as_ref()),
                Some(&nibble) => Step::Down {
                    child: child_at(children, nibble),
                    parent: Parent::Branch,
                    depth: depth + 1,
                },
            },
        }
    }
}

/// The child of a branch that `nibble` leads to.
pub(crate) fn child_at<C>(children: &[C; 16], nibble: u8) -> &C {
    let index = usize::from(nibble & 0x0f);
    children.get(index).expect("a nibble is below 16")
}

/// The child of a branch that `nibble` leads to, to be changed.
pub(crate) fn child_at_mut<C>(children: &mut [C; 16], nibble: u8) -> &mut C {
    let index = usize::from(nibble & 0x0f);
    children.get_mut(index).expect("a nibble is below 16")
}
