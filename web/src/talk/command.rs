//! What the page asks of the engine.

use keepwell_keys::{GenesisHash, HospitalId, PatientId};
use keepwell_ledger::transaction::{DiseaseId, Txid};
use keepwell_primitives::Timestamp;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::ExplorerVerb;

/// Names a command, so that what comes of it finds whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobId(pub u32);

/// One thing to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Command {
    /// Its name.
    pub job: JobId,
    /// What.
    pub verb: Verb,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Verb {
    /// The page was opened.
    Begin {
        /// The hash in its address, as text.
        genesis: Option<String>,
        /// Scheme, host and port of its address.
        origin: String,
    },
    /// The person has compared the short code of an unknown network.
    TrustNetwork(GenesisHash),
    /// Makes a new phrase. It is kept in the engine until it is kept under a passphrase, or dropped.
    DraftPhrase,
    /// Checks and takes a phrase that a person has typed, as a draft.
    TypePhrase {
        /// As typed.
        text: String,
    },
    /// Keeps the drafted phrase under a passphrase, and signs in with it.
    KeepPhrase {
        /// What protects it on this device.
        passphrase: String,
    },
    /// Opens the kept phrase.
    UnlockPatient {
        /// What it was kept under.
        passphrase: String,
    },
    /// Signs staff in with the encrypted file of their hospital's home.
    SignInStaff {
        /// The bytes of `identity.keepwell`.
        file: Vec<u8>,
        /// What it was made with.
        passphrase: String,
    },
    /// Signs staff in with the file that this device has kept.
    UnlockStaff {
        /// What it was made with.
        passphrase: String,
    },
    /// Forgets what was unlocked; what is kept stays.
    Lock,
    /// Deletes what this device keeps of whoever is signed in, or of both if nobody is.
    SignOut,
    /// Reads anew what is shown of whoever is signed in.
    Refresh,
    /// Looks at the network; open to everybody.
    Explorer(ExplorerVerb),
    /// As a patient.
    Patient(PatientVerb),
    /// As staff.
    Staff(StaffVerb),
}

/// What a patient can ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PatientVerb {
    /// The phrase, after the passphrase was given again.
    ShowPhrase {
        /// The passphrase.
        passphrase: String,
    },
    /// Asks every hospital for records, as after restoring.
    FindRecords,
    /// A visit card.
    MakeCard {
        /// For whom.
        hospital_id: HospitalId,
        /// The label of a new scope; the general one without.
        new_scope: Option<String>,
    },
    /// Opens a record.
    OpenRecord {
        /// The persona.
        patient_id: PatientId,
        /// The record.
        txid: Txid,
    },
    /// Lets a hospital open a scope.
    Grant(GrantTerms),
    /// Takes a grant back.
    Revoke {
        /// The persona.
        patient_id: PatientId,
        /// The scope.
        disease_id: DiseaseId,
        /// From whom.
        from: HospitalId,
        /// Whether later records go to a new scope.
        close_scope: bool,
    },
    /// Allows a persona to be asked for at the page's own relay while its hospital's is out.
    AskElsewhere {
        /// The hospital whose relay is out.
        hospital_id: HospitalId,
    },
}

/// What a patient allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantTerms {
    /// The persona.
    pub patient_id: PatientId,
    /// The scope.
    pub disease_id: DiseaseId,
    /// Who may open it.
    pub to: HospitalId,
    /// Until when; [`Timestamp::MAX`] for until revoked.
    pub expires_at: Timestamp,
    /// These records only; empty for the whole scope, later records too.
    pub records: Vec<Txid>,
    /// Why: a code of HL7's PurposeOfUse.
    pub purpose: String,
    /// Who holds fragments; empty for the issuer and two others.
    pub custodians: Vec<HospitalId>,
    /// How many of them must answer.
    pub threshold: Option<u32>,
}

/// What staff can ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StaffVerb {
    /// Looks at a file that may become a record.
    Recognise {
        /// A `File`.
        #[serde(with = "serde_wasm_bindgen::preserve")]
        file: JsValue,
    },
    /// Seals a file for a patient and issues it.
    Issue(NewRecordForm),
    /// Requests the keys of records that were granted; of all, if none is named.
    Request {
        /// Whose.
        patient_id: PatientId,
        /// Which scope.
        disease_id: DiseaseId,
        /// Which records.
        records: Vec<Txid>,
    },
    /// Opens a record whose key was requested.
    OpenRecord {
        /// Whose.
        patient_id: PatientId,
        /// Which scope.
        disease_id: DiseaseId,
        /// The record.
        txid: Txid,
    },
    /// Has the page's own relay mine a block now, even an empty one.
    MineNow,
}

/// A record as staff fill it in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewRecordForm {
    /// A `File`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: JsValue,
    /// For whom.
    pub to: IssueTo,
    /// What the patient's timeline calls it.
    pub title: String,
    /// The code system's URI.
    pub code_system: String,
    /// The code.
    pub code: String,
    /// The record that this one corrects.
    pub supersedes: Option<Txid>,
}

/// Whose scope a record goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IssueTo {
    /// That of a visit card, as its text.
    Card(String),
    /// One that is open.
    Scope {
        /// Whose.
        patient_id: PatientId,
        /// Which.
        disease_id: DiseaseId,
    },
}
