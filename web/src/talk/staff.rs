//! What a hospital's staff see, as it was verified.

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    state::ClosedReason,
    transaction::{DiseaseId, Txid},
};
use keepwell_primitives::Timestamp;
use keepwell_wire::api::TransactionState;
use serde::{Deserialize, Serialize};

use super::Standing;

/// What was issued, and what was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffView {
    /// Whose staff.
    pub hospital_id: HospitalId,
    /// How fresh this is.
    pub standing: Standing,
    /// The scopes that this hospital writes into.
    pub issued: Vec<StaffScopeLine>,
    /// The scopes that it was granted, while that lasts.
    pub granted: Vec<StaffScopeLine>,
}

/// A scope as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffScopeLine {
    /// Whose.
    pub patient_id: PatientId,
    /// Which.
    pub disease_id: DiseaseId,
    /// Who issues into it.
    pub service_provider_id: HospitalId,
    /// Whether it is open to new records.
    pub is_open: bool,
    /// When the grant ends; `None` for what the hospital issued itself.
    pub expires_at: Option<Timestamp>,
    /// What for; empty for what the hospital issued itself.
    pub purpose: String,
    /// The records that the hospital may ask for, newest first.
    pub records: Vec<StaffRecordLine>,
}

/// A record as staff see it. The summary is sealed, and not for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRecordLine {
    /// Its transaction, which names it.
    pub txid: Txid,
    /// What it was called, if it was issued since staff have signed in.
    pub title: Option<String>,
    /// Its place among the patient's records.
    pub index: u32,
    /// The size of the sealed file in bytes.
    pub size_bytes: u64,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Mined or final.
    pub state: TransactionState,
    /// The record that it corrects.
    pub supersedes: Option<Txid>,
    /// What was asked for last, of its key.
    pub request: Option<RequestLine>,
}

/// Where a key request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLine {
    /// Custodians that served.
    pub served: u32,
    /// Custodians that refused.
    pub refused: u32,
    /// How many must serve.
    pub threshold: u32,
    /// Why it is closed, if it is.
    pub closed: Option<ClosedReason>,
    /// When it was made.
    pub time: Timestamp,
    /// Mined or final.
    pub state: TransactionState,
}
