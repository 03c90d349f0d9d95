//! From a node to its canonical bytes.

use alloc::vec::Vec;

use alloy_rlp::{EMPTY_STRING_CODE, Encodable, Header};
use keepwell_primitives::Hash;

use super::{HASHED_BYTES_MIN, Node};
use crate::hasher::Hasher;

/// How a parent names a child (Yellow Paper, appendix D, the function *n*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// By the hash of its bytes.
    Hashed(Hash),
    /// By its bytes, fewer than 32.
    Inlined(Vec<u8>),
}

impl Reference {
    pub(crate) fn to_node<H: Hasher>(bytes: Vec<u8>) -> Self {
        if bytes.len() < HASHED_BYTES_MIN {
            return Self::Inlined(bytes);
        }
        Self::Hashed(H::hash(&bytes))
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Hashed(hash) => hash.encode(out),
            Self::Inlined(bytes) => out.extend_from_slice(bytes),
        }
    }
}

/// The bytes of `node`; `write_child` appends how a child is named, or [`EMPTY_STRING_CODE`] for
/// none.
pub(crate) fn encode_node<V: AsRef<[u8]>, C>(
    node: &Node<V, C>,
    write_child: impl Fn(&C, &mut Vec<u8>),
) -> Vec<u8> {
    let mut payload = Vec::new();
    match node {
        Node::Leaf { path, value } => {
            path.hex_prefix(true).as_slice().encode(&mut payload);
            value.as_ref().encode(&mut payload);
        }
        Node::Extension { path, child } => {
            path.hex_prefix(false).as_slice().encode(&mut payload);
            write_child(child, &mut payload);
        }
        Node::Branch { children, value } => {
            for child in children.iter() {
                write_child(child, &mut payload);
            }
            match value {
                Some(value) => value.as_ref().encode(&mut payload),
                None => payload.push(EMPTY_STRING_CODE),
            }
        }
    }
    let header = Header {
        list: true,
        payload_length: payload.len(),
    };
    let mut bytes = Vec::with_capacity(header.length() + payload.len());
    header.encode(&mut bytes);
    bytes.append(&mut payload);
    bytes
}
