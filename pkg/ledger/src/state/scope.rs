//! The scope leaf: who issued into it, and for each hospital its consent as an explicit value.

use alloc::vec::Vec;

use alloy_rlp::{Decodable, Encodable, RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PublicKey};
use keepwell_primitives::{BlockIndex, BoundedList, Hash, Maybe, Timestamp, limits};
use serde::{Deserialize, Serialize};

use crate::{
    rlp::{encode_fields, fields_length},
    transaction::{Coverage, PurposeCode, Txid},
};

/// A scope of one patient. Entries are never deleted: "revoked" is a value, not an absence.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// The hospital whose records these are.
    pub service_provider_id: HospitalId,
    /// Record keys are encrypted to this.
    pub public_key: PublicKey,
    /// The block that opened it.
    pub opened_index: BlockIndex,
    /// The block that closed it, if any: records end here.
    pub closed_index: Maybe<BlockIndex>,
    /// One for each hospital that ever had a grant, sorted by id.
    pub entries: BoundedList<ScopeEntry, { limits::SCOPE_ENTRIES_MAX }>,
}

/// One hospital's consent on a scope, and what it has asked for under it.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeEntry {
    /// The hospital.
    pub hospital_id: HospitalId,
    /// What it may do.
    pub consent: Consent,
    /// Its request that custodians may still answer, by index.
    pub open_request: Maybe<u32>,
    /// The UTC day that `requests_today` counts, in days since 1970-01-01.
    pub requests_day: u64,
    /// Requests made on that day.
    pub requests_today: u32,
}

/// What a patient last said to a hospital about a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Consent {
    /// Access, on these terms.
    Granted(Grant),
    /// No access.
    Revoked {
        /// The revocation.
        txid: Txid,
        /// The block it stands in.
        index: BlockIndex,
    },
}

/// The terms of a grant as the state keeps them.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// The transaction that granted.
    pub txid: Txid,
    /// The block it stands in.
    pub index: BlockIndex,
    /// What for.
    pub purpose: PurposeCode,
    /// Live before this moment.
    pub expires_at: Timestamp,
    /// Which records.
    pub coverage: Coverage,
    /// How many custodians must answer.
    pub threshold: u32,
    /// Who holds fragments, ascending.
    pub custodians: BoundedList<HospitalId, { limits::CUSTODIANS_MAX }>,
    /// Tagged hashes of their fragments.
    pub fragment_commitments: BoundedList<Hash, { limits::CUSTODIANS_MAX }>,
    /// Fragments are signed under it.
    pub verifying_key: PublicKey,
    /// Fragments are made for it.
    pub receiving_key: PublicKey,
}

impl Scope {
    /// The entry of a hospital, if it ever had a grant here.
    pub fn entry(&self, hospital: &HospitalId) -> Option<&ScopeEntry> {
        let found = self
            .entries
            .binary_search_by_key(hospital, |entry| entry.hospital_id);
        found.ok().and_then(|position| self.entries.get(position))
    }

    /// The grant of a hospital that is live at this time.
    pub fn live_grant(&self, hospital: &HospitalId, now: Timestamp) -> Option<&Grant> {
        self.entry(hospital)?
            .consent
            .grant()
            .filter(|grant| grant.is_live(now))
    }

    /// Is there no room for another hospital's entry?
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= limits::SCOPE_ENTRIES_MAX
    }

    /// Puts an entry in its place by hospital. The caller has checked that there is room.
    pub(crate) fn put_entry(&mut self, entry: ScopeEntry) {
        let mut entries: Vec<ScopeEntry> = core::mem::take(&mut self.entries).into_vec();
        match entries.binary_search_by_key(&entry.hospital_id, |entry| entry.hospital_id) {
            Ok(position) => {
                entries.splice(position..=position, [entry]);
            }
            Err(position) => entries.insert(position, entry),
        }
        self.entries = BoundedList::new(entries).unwrap_or_default();
    }
}

impl Consent {
    /// The grant, unless revoked.
    pub fn grant(&self) -> Option<&Grant> {
        match self {
            Self::Granted(grant) => Some(grant),
            Self::Revoked { .. } => None,
        }
    }
}

impl Grant {
    /// Has it not yet expired at this time?
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// `[0, grant]` or `[1, txid, index]`.
impl Encodable for Consent {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        match self {
            Self::Granted(grant) => encode_fields(&[&0_u8, grant], out),
            Self::Revoked { txid, index } => encode_fields(&[&1_u8, txid, index], out),
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Granted(grant) => fields_length(&[&0_u8, grant]),
            Self::Revoked { txid, index } => fields_length(&[&1_u8, txid, index]),
        }
    }
}

impl Decodable for Consent {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let mut fields = alloy_rlp::Header::decode_bytes(buf, true)?;
        let consent = match u8::decode(&mut fields)? {
            0 => Self::Granted(Grant::decode(&mut fields)?),
            1 => Self::Revoked {
                txid: Txid::decode(&mut fields)?,
                index: BlockIndex::decode(&mut fields)?,
            },
            _ => return Err(alloy_rlp::Error::Custom("unknown consent")),
        };
        if !fields.is_empty() {
            return Err(alloy_rlp::Error::Custom("bytes follow the consent"));
        }
        Ok(consent)
    }
}
