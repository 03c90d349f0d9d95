//! The leaves that one block's state roots have proved, and those still wanted.
//!
//! A view is put together from here by reading what it needs. What was not proved yet is noted, to
//! be asked for; when a view has noted nothing, it is complete. So a view cannot leave a leaf out.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use alloy_rlp::{Decodable, Encodable};
use keepwell_ledger::state::decode_leaf;

use crate::{LeafName, VerificationError};

#[derive(Default)]
pub(crate) struct Leaves {
    /// `None` is a proved absence.
    proved: BTreeMap<LeafName, Option<Vec<u8>>>,
    wanted: BTreeSet<LeafName>,
}

/// What is known of a leaf.
pub(crate) enum Found<T> {
    NotProved,
    Absent,
    Present(T),
}

impl Leaves {
    pub(crate) fn insert(&mut self, leaf: LeafName, bytes: Option<Vec<u8>>) {
        self.proved.insert(leaf, bytes);
    }

    /// Reads a leaf that may be absent.
    pub(crate) fn find<T: Decodable + Encodable>(
        &mut self,
        leaf: LeafName,
    ) -> Result<Found<T>, VerificationError> {
        match self.proved.get(&leaf) {
            None => {
                self.wanted.insert(leaf);
                Ok(Found::NotProved)
            }
            Some(None) => Ok(Found::Absent),
            Some(Some(bytes)) => decode_leaf(bytes)
                .map(Found::Present)
                .map_err(|error| VerificationError::LeafCorrupt { leaf, error }),
        }
    }

    /// Reads a leaf that must be there; `None` if it is not proved yet.
    pub(crate) fn require<T: Decodable + Encodable>(
        &mut self,
        leaf: LeafName,
    ) -> Result<Option<T>, VerificationError> {
        match self.find(leaf)? {
            Found::NotProved => Ok(None),
            Found::Absent => Err(VerificationError::LeafMissing { leaf }),
            Found::Present(value) => Ok(Some(value)),
        }
    }

    /// Reads the leaves of every index below a counter; `None` if one is not proved yet.
    pub(crate) fn require_each<T: Decodable + Encodable>(
        &mut self,
        count: u32,
        leaf: impl Fn(u32) -> LeafName,
    ) -> Result<Option<Vec<T>>, VerificationError> {
        let mut values = Some(Vec::new());
        for index in 0..count {
            match (self.require(leaf(index))?, &mut values) {
                (Some(value), Some(values)) => values.push(value),
                _ => values = None,
            }
        }
        Ok(values)
    }

    /// What was read and is not proved yet.
    pub(crate) fn take_wanted(&mut self) -> BTreeSet<LeafName> {
        core::mem::take(&mut self.wanted)
    }
}
