//! `GET /v1/hospitals` and `GET /v1/peers`: who is there, for people and for `connect-src`. Clients
//! that must know prove the hospital's leaf.

use alloc::{string::String, vec::Vec};

use keepwell_keys::{HospitalId, HospitalPublicKeys};
use keepwell_ledger::state::Status;
use keepwell_primitives::Timestamp;
use serde::{Deserialize, Serialize};

/// A hospital of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HospitalEntry {
    /// Its id.
    pub id: HospitalId,
    /// Its name.
    pub name: String,
    /// Its current public keys.
    pub keys: HospitalPublicKeys,
    /// Origins of its light-client API.
    pub urls: Vec<String>,
    /// Multiaddresses for other nodes.
    pub peers: Vec<String>,
    /// Whether it is part of the council.
    pub status: Status,
}

/// Every hospital ever enrolled, in the order of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HospitalsAnswer {
    /// The hospitals.
    pub hospitals: Vec<HospitalEntry>,
}

/// A node that this relay's node is connected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PeerEntry {
    /// The hospital it is of.
    pub hospital_id: HospitalId,
    /// The hospital's name.
    pub name: String,
    /// Where it is connected from or to.
    pub address: String,
    /// Since when.
    pub since: Timestamp,
}

/// The nodes that this relay's node is connected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PeersAnswer {
    /// The nodes.
    pub peers: Vec<PeerEntry>,
    /// Where this relay itself says that it is reached, if it was told: an origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
