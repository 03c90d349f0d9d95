//! Leaves of the patient trie, scopes apart.

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PublicKey};
use keepwell_primitives::{
    BlobId, BlockIndex, BoundedBytes, BoundedList, Hash, Maybe, Timestamp, limits,
};
use serde::{Deserialize, Serialize};

use crate::{
    rlp::rlp_code,
    transaction::{DiseaseId, RecordReference, RequestReference, Txid},
};

/// A patient as one hospital knows them. The counters are dense: whoever has proved the account
/// and every index below a counter knows that nothing was withheld.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The key that signs for this patient now.
    pub public_key: PublicKey,
    /// Transactions sent so far.
    pub nonce: u64,
    /// Records so far.
    pub record_count: u32,
    /// Events so far.
    pub event_count: u32,
}

/// A record: where its sealed file is and what opens it.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The transaction that submitted it.
    pub txid: Txid,
    /// The scope it is in.
    pub disease_id: DiseaseId,
    /// The hospital that issued it.
    pub service_provider_id: HospitalId,
    /// The sealed file.
    pub blob_id: BlobId,
    /// Its size in bytes.
    pub blob_size: u64,
    /// Salted commitment to the content.
    pub content_commitment: Hash,
    /// Umbral capsule of the record key, MessagePack.
    pub capsule: BoundedBytes<{ limits::CAPSULE_BYTES }>,
    /// The record key, encrypted to the scope's key.
    pub encrypted_record_key: BoundedBytes<{ limits::ENCRYPTED_RECORD_KEY_BYTES }>,
    /// Title, code and dates.
    pub sealed_summary: BoundedBytes<{ limits::SUMMARY_BYTES_MAX }>,
    /// The record it corrects.
    pub supersedes: Maybe<RecordReference>,
    /// The block it was issued in.
    pub issued_index: BlockIndex,
    /// That block's time.
    pub issued_at: Timestamp,
}

/// One line of a patient's log.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The hospital that acted, or that access was granted to or revoked from.
    pub hospital_id: HospitalId,
    /// The scope.
    pub disease_id: DiseaseId,
    /// The transaction that did it.
    pub txid: Txid,
    /// The records it names, by index; empty where it is about a whole scope.
    pub records: BoundedList<u32, { limits::LISTED_RECORDS_MAX }>,
    /// The request that was made or answered.
    pub request: Maybe<RequestReference>,
    /// The block it happened in.
    pub index: BlockIndex,
    /// That block's time.
    pub time: Timestamp,
}

/// What can happen to a patient's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum EventKind {
    /// A record was issued.
    Submitted = 0,
    /// Access was granted.
    Granted = 1,
    /// Access was revoked, or a scope closed.
    Revoked = 2,
    /// A hospital asked for keys.
    Requested = 3,
    /// A custodian re-encrypted for it.
    Served = 4,
    /// A custodian refused.
    Refused = 5,
}

rlp_code!(
    EventKind,
    "unknown event",
    [Submitted, Granted, Revoked, Requested, Served, Refused]
);
