//! The council: the hospitals that mine and, with finality, vote.

use alloc::{collections::BTreeSet, vec::Vec};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PublicKey};
use keepwell_primitives::{BoundedList, Hash, Maybe, encode_canonical, limits};

/// The council leaf: active members, sorted by id, and at most one pending change. No transaction
/// of this version changes the council, so `pending` is always absent.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct Council {
    members: BoundedList<Member, { limits::COUNCIL_MAX }>,
    pending: Maybe<Member>,
}

/// An active hospital and the key of its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct Member {
    /// The hospital.
    pub hospital_id: HospitalId,
    /// Mines and answers requests.
    pub node_key: PublicKey,
}

impl Council {
    /// A council of these members, put in order.
    ///
    /// # Errors
    /// [`CouncilError`] for too many members, none, or one or its node key twice.
    pub fn new(mut members: Vec<Member>) -> Result<Self, CouncilError> {
        members.sort_by_key(|member| member.hospital_id);
        if members.is_empty() {
            return Err(CouncilError::Empty);
        }
        let mut pairs = members.iter().zip(members.iter().skip(1));
        if let Some((twice, _)) = pairs.find(|(a, b)| a.hospital_id == b.hospital_id) {
            return Err(CouncilError::Twice {
                hospital_id: twice.hospital_id,
            });
        }
        let mut node_keys = BTreeSet::new();
        if let Some(twice) = members
            .iter()
            .find(|member| !node_keys.insert(member.node_key))
        {
            return Err(CouncilError::NodeKeyTwice {
                node_key: twice.node_key,
            });
        }
        let got = members.len();
        let too_many = |_| CouncilError::TooMany {
            got,
            max: limits::COUNCIL_MAX,
        };
        let members = BoundedList::new(members).map_err(too_many)?;
        Ok(Self {
            members,
            pending: Maybe(None),
        })
    }

    /// The active members, sorted by id.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The node key of an active member.
    pub fn node_key(&self, hospital_id: &HospitalId) -> Option<&PublicKey> {
        let found = self
            .members
            .binary_search_by_key(hospital_id, |member| member.hospital_id);
        found
            .ok()
            .and_then(|position| self.members.get(position))
            .map(|member| &member.node_key)
    }

    /// The tagged hash of the leaf, `councilHash` in headers.
    pub fn hash(&self) -> Hash {
        Hash::tagged("council-leaf", &[&encode_canonical(self)])
    }
}

/// Hospitals that make no council.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `max` are what the message says of them"
)]
pub enum CouncilError {
    /// Nobody to mine.
    #[error("a network needs at least one hospital")]
    Empty,
    /// More than a certificate can hold.
    #[error("{got} hospitals, at most {max} are allowed")]
    TooMany { got: usize, max: usize },
    /// Named twice.
    #[error("hospital {hospital_id} is named twice")]
    Twice { hospital_id: HospitalId },
    /// One host behind two hospitals would answer, and vote, for both.
    #[error("node key {node_key} belongs to two hospitals")]
    NodeKeyTwice { node_key: PublicKey },
}
