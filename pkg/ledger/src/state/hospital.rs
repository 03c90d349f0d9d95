//! Leaves of the hospital trie.

use alloc::string::String;

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, HospitalPublicKeys, PatientId};
use keepwell_primitives::{
    BlockIndex, BoundedBytes, BoundedList, Maybe, Milliseconds, Timestamp, limits,
};
use serde::{Deserialize, Serialize};

use crate::{
    rlp::rlp_code,
    transaction::{DiseaseId, Outcome, PurposeCode, RecordReference, Txid},
};

/// An address: a URL or a multiaddress, UTF-8.
type Address = BoundedBytes<{ limits::ADDRESS_BYTES_MAX }>;

/// A hospital of the network.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct Hospital {
    /// Its name in UTF-8.
    pub name: BoundedBytes<{ limits::NAME_BYTES_MAX }>,
    /// The four keys it uses now.
    pub public_keys: HospitalPublicKeys,
    /// Where its relay is reached.
    pub addresses: Addresses,
    /// Whether it is part of the council.
    pub status: Status,
    /// Transactions sent so far by its authority key.
    pub nonce: u64,
    /// Scopes it was ever granted.
    pub access_count: u32,
    /// Scopes it ever opened to write into.
    pub issued_count: u32,
    /// Key requests it made.
    pub request_count: u32,
}

/// Where a hospital's relay is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct Addresses {
    /// Origins of the light-client API, `https://…`.
    pub urls: BoundedList<Address, { limits::ADDRESSES_MAX }>,
    /// Multiaddresses for other nodes.
    pub peers: BoundedList<Address, { limits::ADDRESSES_MAX }>,
}

/// Whether a hospital is part of the council.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum Status {
    /// It is.
    Active = 0,
    /// It was.
    Retired = 1,
}

/// A scope that a hospital was granted, or that it opened. Consent itself stands in the scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// Whose scope.
    pub patient_id: PatientId,
    /// Which.
    pub disease_id: DiseaseId,
}

/// A key request and its answers so far. The grant's terms are copied, so that what counts as
/// served does not change under it.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyRequest {
    /// The transaction that asked.
    pub txid: Txid,
    /// Whose records.
    pub patient_id: PatientId,
    /// The hospital that issued them.
    pub service_provider_id: HospitalId,
    /// The scope they are in.
    pub disease_id: DiseaseId,
    /// Which.
    pub records: BoundedList<RecordReference, { limits::LISTED_RECORDS_MAX }>,
    /// What for.
    pub purpose: PurposeCode,
    /// The grant it relies on.
    pub grant_txid: Txid,
    /// Who may answer, ascending.
    pub custodians: BoundedList<HospitalId, { limits::CUSTODIANS_MAX }>,
    /// How many must.
    pub threshold: u32,
    /// The block it stands in.
    pub index: BlockIndex,
    /// That block's time.
    pub time: Timestamp,
    /// Why it was closed before its time, if it was.
    pub closed: Maybe<ClosedReason>,
    /// In the order they came.
    pub answers: BoundedList<Answer, { limits::CUSTODIANS_MAX }>,
}

/// One custodian's answer.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Who answered.
    pub custodian_id: HospitalId,
    /// How.
    pub outcome: Outcome,
    /// The transaction that did.
    pub txid: Txid,
}

/// Why a request takes no place any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum ClosedReason {
    /// As many custodians as the threshold served.
    Served = 0,
    /// Too many refused for the threshold to be reached.
    Refused = 1,
    /// The grant it relied on was replaced.
    Replaced = 2,
    /// The grant it relied on was revoked.
    Revoked = 3,
}

impl Hospital {
    /// Its name as text; bytes that are not UTF-8 show as �.
    pub fn name_text(&self) -> String {
        String::from_utf8_lossy(&self.name).into_owned()
    }

    /// Is it part of the council?
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }
}

impl Addresses {
    /// The URLs as text.
    pub fn url_texts(&self) -> impl Iterator<Item = String> {
        self.urls
            .iter()
            .map(|url| String::from_utf8_lossy(url).into_owned())
    }

    /// The multiaddresses as text.
    pub fn peer_texts(&self) -> impl Iterator<Item = String> {
        self.peers
            .iter()
            .map(|peer| String::from_utf8_lossy(peer).into_owned())
    }
}

impl KeyRequest {
    /// How long a request stays open.
    pub const OPEN_FOR: Milliseconds = Milliseconds::HOUR;

    /// Does it still take its requester's one place at this time?
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.closed.0.is_none() && now < self.time + Self::OPEN_FOR
    }

    /// How many custodians served, and how many refused.
    pub fn tally(&self) -> (usize, usize) {
        let served = |answer: &&Answer| matches!(answer.outcome, Outcome::Served { .. });
        let served = self.answers.iter().filter(served).count();
        (served, self.answers.len() - served)
    }
}

rlp_code!(Status, "unknown hospital status", [Active, Retired]);
rlp_code!(
    ClosedReason,
    "unknown closing reason",
    [Served, Refused, Replaced, Revoked]
);
