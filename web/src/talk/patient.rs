//! A patient's history as it was verified, ready to be shown.

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    state::EventKind,
    transaction::{DiseaseId, Txid},
};
use keepwell_primitives::Timestamp;
use keepwell_seal::MediaType;
use keepwell_wire::api::TransactionState;
use serde::{Deserialize, Serialize};

use super::{Failure, media_type};

/// Everything that this device has verified of the patient, one hospital after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The patient as each hospital knows them.
    pub personas: Vec<PersonaHistory>,
    /// Hospitals that could not be asked whether they know the patient.
    pub not_asked: Vec<HospitalId>,
}

/// The patient as one hospital knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonaHistory {
    /// Whose patient.
    pub hospital_id: HospitalId,
    /// As whom.
    pub patient_id: PatientId,
    /// How fresh this is.
    pub standing: Standing,
    /// The records, newest first.
    pub records: Vec<RecordLine>,
    /// The scopes, the general one first.
    pub scopes: Vec<ScopeLine>,
    /// The log, newest first.
    pub events: Vec<EventLine>,
}

/// How fresh a persona's history is. What failed verification never replaces what was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The relay that was asked last.
    pub relay: String,
    /// When its answer was verified; `None` if none ever was.
    pub verified_at: Option<Timestamp>,
    /// Why the last answer was not.
    pub trouble: Option<Failure>,
    /// Whether another relay is asked, as the patient has allowed.
    pub is_elsewhere: bool,
}

/// One record of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordLine {
    /// Its transaction, which names it.
    pub txid: Txid,
    /// Its place among the persona's records; `None` while pending.
    pub index: Option<u32>,
    /// Its scope.
    pub disease_id: DiseaseId,
    /// What it is; `None` where its issuer sealed the summary wrongly.
    pub summary: Option<SummaryLine>,
    /// The size of the sealed file in bytes.
    pub size_bytes: u64,
    /// When it was issued; while pending, when its issuer says so.
    pub issued_at: Timestamp,
    /// Pending, mined or final.
    pub state: TransactionState,
    /// The record that it corrects.
    pub supersedes: Option<Txid>,
    /// The record that corrects it.
    pub superseded_by: Option<Txid>,
}

/// What a sealed summary says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryLine {
    /// The issuer's words.
    pub title: String,
    /// The URI of the code's system.
    pub code_system: String,
    /// The code.
    pub code: String,
    /// The FHIR resource type.
    pub fhir_type: String,
    /// What the file is.
    #[serde(with = "media_type")]
    pub media_type: MediaType,
}

/// One scope, and who may open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeLine {
    /// Its id.
    pub disease_id: DiseaseId,
    /// What the patient calls it; empty for the general one.
    pub label: String,
    /// Whether its hospital can still write into it.
    pub is_open: bool,
    /// Who was granted it, and from whom that was taken back.
    pub grants: Vec<GrantLine>,
}

/// What one hospital may do with a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantLine {
    /// Who.
    pub hospital_id: HospitalId,
    /// Until when; the largest time for until revoked. `None` once revoked.
    pub expires_at: Option<Timestamp>,
    /// Of what; nothing once revoked.
    pub coverage: CoverageLine,
    /// What for.
    pub purpose: String,
    /// Who holds fragments of the key.
    pub custodians: Vec<HospitalId>,
    /// How many of them must answer.
    pub threshold: u32,
    /// Whether it ever got a key: what it opened, it has.
    pub was_served: bool,
    /// Mined or final.
    pub state: TransactionState,
}

/// Which records of a scope a grant covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CoverageLine {
    /// All, later ones too.
    Scope,
    /// These.
    Records(Vec<Txid>),
    /// None any more.
    Nothing,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    /// What happened.
    pub kind: EventKind,
    /// The hospital that acted, or that it is about.
    pub hospital_id: HospitalId,
    /// The hospital whose request was made or answered.
    pub requester: Option<HospitalId>,
    /// The scope.
    pub disease_id: DiseaseId,
    /// The records that it names; empty where it is about the whole scope.
    pub records: Vec<Txid>,
    /// When.
    pub time: Timestamp,
    /// Mined or final.
    pub state: TransactionState,
}
