//! What the engine tells the page.

use keepwell_keys::HospitalId;
use keepwell_ledger::transaction::Txid;
use keepwell_primitives::{BlockIndex, Timestamp};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::{Explored, Failure, History, JobId, NetworkNews, StaffView, SummaryLine, media_type};
use keepwell_seal::MediaType;

/// Something that the page should know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The command that it belongs to; `None` for what has changed by itself.
    pub job: Option<JobId>,
    /// What.
    pub news: News,
}

/// What there can be to tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// Where the page stands with its network.
    Network(NetworkNews),
    /// The page's own relay could not be asked, or its answer failed verification.
    RelayTrouble(Failure),
    /// Who is signed in, and what this device keeps.
    Who {
        /// Who.
        who: Who,
        /// What is kept.
        kept: Kept,
    },
    /// The patient's history.
    History(History),
    /// What staff see.
    Staff(StaffView),
    /// How far a command is.
    Progress {
        /// What is being done.
        stage: Stage,
        /// How much of it.
        done: u64,
        /// Of how much; 0 where that is not known.
        all: u64,
    },
    /// A command is done.
    Done(Outcome),
    /// A command failed.
    Failed(Failure),
}

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// Nobody.
    #[default]
    Nobody,
    /// A patient.
    Patient,
    /// A hospital's staff.
    Staff(HospitalId),
}

/// What this device keeps under a passphrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// A patient's phrase.
    pub patient: bool,
    /// A hospital's identity.
    pub staff: bool,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Sealing a file.
    Sealing,
    /// Uploading it.
    Uploading,
    /// Waiting until the network has recorded a transaction.
    Recording,
    /// Waiting for the custodians.
    Waiting,
    /// Downloading a file, checking and opening it.
    Opening,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is done, and there is nothing more to say.
    Nothing,
    /// The words of a phrase, in their order: to be written down, or because they were asked for.
    Phrase(Vec<String>),
    /// A card.
    Card {
        /// As text.
        text: String,
        /// Until when it can be used.
        not_after: Timestamp,
    },
    /// A file can become a record.
    Recognised {
        /// What it is.
        #[serde(with = "media_type")]
        media_type: MediaType,
        /// The FHIR resource type that a timeline shows.
        fhir_type: String,
    },
    /// A record was issued, and is in the network.
    Issued {
        /// Its name.
        txid: Txid,
    },
    /// A hospital may open a scope.
    Granted {
        /// Custodians that have what they need.
        ready: Vec<HospitalId>,
        /// All of them.
        custodians: Vec<HospitalId>,
    },
    /// A grant was taken back.
    Revoked {
        /// Whether the hospital had got a key before.
        opened_before: bool,
    },
    /// Keys were requested.
    Requested,
    /// A record was opened.
    Opened(OpenedFile),
    /// What the explorer was asked for; boxed, for it is much larger than the others.
    Explored(Box<Explored>),
    /// The relay mines. The block comes when it is found.
    Mining {
        /// The relay's newest block when it was asked.
        after: BlockIndex,
    },
}

/// A record, verified and opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenedFile {
    /// A `Blob` with the content.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub blob: JsValue,
    /// What its summary says of it; `None` where its issuer sealed that wrongly.
    pub summary: Option<SummaryLine>,
}
