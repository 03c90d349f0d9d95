//! Proofs: what keys hold, shown to someone who knows the root and nothing else.

mod error;
mod partial;
mod questions;
mod verify;

use alloc::vec::Vec;

use alloy_rlp::{BufMut, Decodable, Encodable, Header};
pub use error::ProofError;
use keepwell_primitives::{TooLong, decode_canonical};
pub use partial::{PartialStore, PartialTrie, partial_trie};
pub(crate) use questions::{Pending, QuestionError, Questions, settle};
pub use verify::verify_proof;

use crate::PROOF_BYTES_MAX;

/// The nodes that lead from a root to all of a set of keys, or to where each would be.
///
/// A node stands before those below it and a lower child before a higher one; a node that several
/// keys pass is there once; a node that stands in its parent is not there by itself. So there is one
/// proof for a root and a set of keys, and one byte string for the proof: an RLP list of the nodes'
/// bytes, at most [`PROOF_BYTES_MAX`] long. The proof for no keys, and for any keys of an empty trie,
/// has no nodes.
///
/// A proof is only nodes: it means something once [`verify_proof`] or [`partial_trie`] has held it
/// against a root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    nodes: Vec<Vec<u8>>,
    payload_bytes: usize,
}

impl Proof {
    /// A proof of these nodes, in this order.
    ///
    /// # Errors
    /// [`ProofError::TooLong`] over [`PROOF_BYTES_MAX`] when encoded.
    pub fn from_nodes(nodes: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, ProofError> {
        let mut proof = Self::default();
        for node in nodes {
            proof.push(node)?;
        }
        Ok(proof)
    }

    /// The proof in these canonical bytes.
    ///
    /// # Errors
    /// [`ProofError::TooLong`] before anything is parsed; [`ProofError::Encoding`] where the bytes are
    /// not those of a proof.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > PROOF_BYTES_MAX {
            return Err(TooLong {
                got: bytes.len(),
                max: PROOF_BYTES_MAX,
            }
            .into());
        }
        decode_canonical(bytes, PROOF_BYTES_MAX).map_err(ProofError::Encoding)
    }

    /// The proof's canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        alloy_rlp::encode(self)
    }

    /// The bytes of each node, in the order of the proof.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.nodes.iter().map(Vec::as_slice)
    }

    /// Adds a node at the end.
    pub(crate) fn push(&mut self, node: Vec<u8>) -> Result<(), TooLong> {
        let payload_bytes = self.payload_bytes + node.as_slice().length();
        let got = payload_bytes + alloy_rlp::length_of_length(payload_bytes);
        if got > PROOF_BYTES_MAX {
            return Err(TooLong {
                got,
                max: PROOF_BYTES_MAX,
            });
        }
        self.payload_bytes = payload_bytes;
        self.nodes.push(node);
        Ok(())
    }

    fn node(&self, index: usize) -> Option<&[u8]> {
        self.nodes.get(index).map(Vec::as_slice)
    }
}

impl Encodable for Proof {
    fn encode(&self, out: &mut dyn BufMut) {
        Header {
            list: true,
            payload_length: self.payload_bytes,
        }
        .encode(out);
        for node in self.nodes() {
            node.encode(out);
        }
    }

    fn length(&self) -> usize {
        self.payload_bytes + alloy_rlp::length_of_length(self.payload_bytes)
    }
}

impl Decodable for Proof {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let mut payload = Header::decode_bytes(buf, true)?;
        let mut proof = Self::default();
        while !payload.is_empty() {
            let node = Header::decode_bytes(&mut payload, false)?;
            proof
                .push(node.to_vec())
                .map_err(|_| alloy_rlp::Error::Custom("proof over its limit"))?;
        }
        Ok(proof)
    }
}
