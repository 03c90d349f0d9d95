//! Everything that can end a step early, by whose fault it is.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use keepwell_custody::BlobError;
use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::transaction::{DiseaseId, MalformedTransaction, Txid, VisitCardError};
use keepwell_light::{GenesisRefused, VerificationError};
use keepwell_primitives::Timestamp;
use keepwell_seal::{GrantError, OpenError, OpenRecordKeyError, SummaryError};
use keepwell_wire::api::{Problem, ProblemCode};

use crate::{Relay, RelayFailure, WaitingError, explorer::BlockError};

/// Whose fault it is, and so what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorClass {
    /// Something here: a file, the disk.
    Local,
    /// A rule refused it, at the relay or before anything was sent.
    Refused,
    /// A relay's answer failed verification.
    Unverified,
    /// The relay could not be reached, or is not ready.
    Unreachable,
    /// It took longer than allowed.
    TimedOut,
}

/// Why a step ended early. Nothing was changed here; what was sent before may still be mined.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the message says of them")]
pub enum ClientError {
    /// No answer.
    #[error("{relay} {failure}")]
    Relay {
        relay: String,
        failure: RelayFailure,
    },
    /// The relay said no, and why.
    #[error("{relay}: {problem}")]
    Problem { relay: String, problem: Problem },
    /// Something answered, and not as a relay does.
    #[error("{relay} answered with status {status}, and not as a relay does")]
    NotARelay { relay: String, status: u16 },
    /// JSON or bytes of another shape.
    #[error("{relay} gave an answer that cannot be read, to {question}: {why}")]
    Malformed {
        relay: String,
        question: &'static str,
        why: String,
    },
    /// The light client found a lie.
    #[error("{relay} gave an answer that failed verification: {error}")]
    Verification {
        relay: String,
        error: VerificationError,
    },
    /// What is said to wait cannot.
    #[error("{relay} gave an answer that failed verification: {error}")]
    Waiting { relay: String, error: WaitingError },
    /// A block is not what it claims to be.
    #[error("{relay} gave an answer that failed verification: {error}")]
    Block { relay: String, error: BlockError },
    /// A chunk or a list of chunks is not the file's.
    #[error("{relay} gave a file that failed verification: {error}")]
    File { relay: String, error: BlobError },
    /// The sealed file is what the record names, and does not open.
    #[error("the record's file does not open: {error}")]
    Open { error: OpenError },
    /// The genesis is not the one.
    #[error(transparent)]
    Genesis(#[from] GenesisRefused),
    /// The chain did not show it in time.
    #[error("waited {seconds} s for {what}")]
    TimedOut { what: &'static str, seconds: u64 },
    /// A rule forbids it; nothing was sent.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The caller's disk or worker failed while it handed over or took a chunk.
    #[error("{why}")]
    Chunks { why: String },
}

/// A rule that forbids it, found here before anything was sent.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the message says of them")]
pub enum Refusal {
    /// Neither an id nor a name of the directory.
    #[error("no hospital of the network is called {got:?}")]
    UnknownHospital { got: String, known: Vec<String> },
    /// Two hospitals of one name.
    #[error("{count} hospitals are called {got:?}")]
    AmbiguousHospital { got: String, count: usize },
    /// Not one of the patient's ids.
    #[error("{got} is not an id of this patient")]
    NotThisPatient { got: PatientId },
    /// The persona has nothing under this scope.
    #[error("the patient {patient_id} has no scope {disease_id}")]
    UnknownScope {
        patient_id: PatientId,
        disease_id: DiseaseId,
    },
    /// The patient closed the scope.
    #[error("the scope {disease_id} was closed by the patient")]
    ScopeClosed { disease_id: DiseaseId },
    /// The scope holds another hospital's records.
    #[error("the scope {disease_id} holds records of the hospital {expected}, not {got}")]
    ScopeOfOtherHospital {
        disease_id: DiseaseId,
        got: HospitalId,
        expected: HospitalId,
    },
    /// No such record there.
    #[error("there is no record {txid} here")]
    UnknownRecord { txid: Txid },
    /// Never granted, expired, or revoked.
    #[error("the hospital {hospital_id} has no live grant on the scope {disease_id}")]
    NoLiveGrant {
        hospital_id: HospitalId,
        disease_id: DiseaseId,
    },
    /// The grant lists other records.
    #[error("the grant does not cover the record {txid}")]
    RecordNotCovered { txid: Txid },
    /// The issuer can read what it wrote.
    #[error("the records are of the hospital {got} itself")]
    GrantToIssuer { got: HospitalId },
    /// A grant that is over before it starts.
    #[error("the grant would end at {expires_at}, now it is {now}")]
    GrantExpired {
        expires_at: Timestamp,
        now: Timestamp,
    },
    /// A custodian that would answer itself.
    #[error("the hospital {got} would be custodian of a grant to itself")]
    RequesterAsCustodian { got: HospitalId },
    /// It has left the network.
    #[error("the hospital {got} is retired")]
    Retired { got: HospitalId },
    /// Nothing was granted, or it was revoked before.
    #[error("the hospital {hospital_id} has no grant on the scope {disease_id} to revoke")]
    NothingToRevoke {
        hospital_id: HospitalId,
        disease_id: DiseaseId,
    },
    /// The keys were never asked for, under the present grant.
    #[error("the key of the record {txid} has not been requested under the present grant")]
    NotRequested { txid: Txid },
    /// Too few will answer.
    #[error("{refused} of {custodians} custodians refused, {threshold} must serve")]
    RequestRefused {
        refused: usize,
        custodians: usize,
        threshold: u32,
    },
    /// The relay has dropped a transaction that it had taken.
    #[error("the transaction {txid} was dropped: a block before it made it invalid")]
    Dropped { txid: Txid },
    /// Made for a key that this hospital does not hold.
    #[error("the grant was made for another encryption key of this hospital")]
    OtherReceivingKey,
    /// The card is no good.
    #[error(transparent)]
    Card(#[from] VisitCardError),
    /// The summary breaks a limit.
    #[error(transparent)]
    Summary(#[from] SummaryError),
    /// The grant cannot be split like this.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The record key does not open.
    #[error(transparent)]
    RecordKey(#[from] OpenRecordKeyError),
    /// The transaction would break a rule of its form.
    #[error(transparent)]
    Transaction(#[from] MalformedTransaction),
    /// More than a grant, a request or a vault can name.
    #[error("{got} {what}, at most {max} are allowed")]
    TooMany {
        what: &'static str,
        got: usize,
        max: usize,
    },
}

impl ClientError {
    pub(crate) fn block(relay: &impl Relay, error: BlockError) -> Self {
        Self::Block {
            relay: String::from(relay.name()),
            error,
        }
    }

    /// Whose fault it is.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Relay { failure, .. } => match failure {
                RelayFailure::Unreachable { .. } => ErrorClass::Unreachable,
                RelayFailure::TimedOut => ErrorClass::TimedOut,
                RelayFailure::TooLarge { .. } => ErrorClass::Unverified,
            },
            // A relay at fault or not ready might as well be out.
            Self::Problem { problem, .. } if problem.status >= 500 => ErrorClass::Unreachable,
            Self::Problem { .. } | Self::Refused(_) => ErrorClass::Refused,
            Self::NotARelay { .. } => ErrorClass::Unreachable,
            Self::Malformed { .. }
            | Self::Verification { .. }
            | Self::Waiting { .. }
            | Self::Block { .. }
            | Self::File { .. }
            | Self::Open { .. }
            | Self::Genesis(_) => ErrorClass::Unverified,
            Self::TimedOut { .. } => ErrorClass::TimedOut,
            Self::Chunks { .. } => ErrorClass::Local,
        }
    }

    /// Stable; programs act on it. The relay's own where it gave one.
    pub fn code(&self) -> String {
        let code = match self {
            Self::Relay { failure, .. } => match failure {
                RelayFailure::Unreachable { .. } => "unreachable",
                RelayFailure::TimedOut => "timedOut",
                RelayFailure::TooLarge { .. } => "answerTooLarge",
            },
            Self::Problem { problem, .. } => {
                let ProblemCode(code) = &problem.code;
                return code.clone();
            }
            Self::NotARelay { .. } => "notARelay",
            Self::Malformed { .. } => "malformedAnswer",
            Self::Verification { error, .. } => verification_code(error),
            Self::Waiting { error, .. } => match error {
                WaitingError::Malformed { .. } => "malformedTransaction",
                WaitingError::Name { .. } => "transactionName",
                WaitingError::Mined { .. } | WaitingError::Twice { .. } => "verificationFailed",
            },
            Self::Block { error, .. } => error.code(),
            Self::File { .. } => "fileVerificationFailed",
            Self::Open { error } => match error {
                OpenError::OtherContent { .. } => "contentCommitment",
                _ => "sealedFile",
            },
            Self::Genesis(GenesisRefused::OtherNetwork { .. }) => "wrongGenesis",
            Self::Genesis(GenesisRefused::Malformed(_)) => "malformedGenesis",
            Self::TimedOut { .. } => "timedOut",
            Self::Refused(refusal) => refusal.code(),
            Self::Chunks { .. } => "file",
        };
        String::from(code)
    }

    /// What to do.
    pub fn hint(&self) -> String {
        if let Self::Problem { problem, .. } = self
            && let Some(hint) = &problem.hint
        {
            return hint.clone();
        }
        if let Self::Refused(refusal) = self {
            return refusal.hint();
        }
        if let Self::Verification { error, .. } = self
            && error.may_be_own_clock()
        {
            return String::from("Check the clock of this device, then try again.");
        }
        String::from(match self.class() {
            ErrorClass::Local => "Check the disk, then try again.",
            ErrorClass::Refused => "Change what the message names, then try again.",
            ErrorClass::Unverified => {
                "Nothing was changed. Ask another relay, and tell this one's operator."
            }
            ErrorClass::Unreachable => "Check the relay and its address, or ask another one.",
            ErrorClass::TimedOut => "Try again, or allow more time.",
        })
    }

    /// What there was and what there should have been, where that says more than the message.
    pub fn difference(&self) -> Option<(String, String)> {
        match self {
            Self::Problem { problem, .. } => problem.got.clone().zip(problem.expected.clone()),
            Self::Verification {
                error: VerificationError::WrongGenesis { got, expected },
                ..
            }
            | Self::Genesis(GenesisRefused::OtherNetwork { got, expected }) => {
                Some((got.to_string(), expected.to_string()))
            }
            Self::Waiting {
                error: WaitingError::Name { got, expected },
                ..
            } => Some((got.to_string(), expected.to_string())),
            Self::Block { error, .. } => error.difference(),
            Self::File {
                error: BlobError::OtherFile { got, expected },
                ..
            } => Some((got.to_string(), expected.to_string())),
            Self::File {
                error: BlobError::OtherChunk { got, expected, .. },
                ..
            } => Some((got.to_string(), expected.to_string())),
            Self::Refused(Refusal::Card(VisitCardError::WrongGenesis { got, expected })) => {
                Some((got.to_string(), expected.to_string()))
            }
            Self::Refused(Refusal::Card(VisitCardError::OtherHospital { got, expected })) => {
                Some((got.to_string(), expected.to_string()))
            }
            Self::Refused(Refusal::ScopeOfOtherHospital { got, expected, .. }) => {
                Some((got.to_string(), expected.to_string()))
            }
            _ => None,
        }
    }
}

fn verification_code(error: &VerificationError) -> &'static str {
    match error {
        VerificationError::WrongGenesis { .. } => "wrongGenesis",
        VerificationError::ForkBelowCheckpoint { .. } => "otherChain",
        _ => "verificationFailed",
    }
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownHospital { .. } => "unknownHospital",
            Self::AmbiguousHospital { .. } => "ambiguousHospital",
            Self::NotThisPatient { .. } => "notThisPatient",
            Self::UnknownScope { .. } => "unknownScope",
            Self::ScopeClosed { .. } => "scopeClosed",
            Self::ScopeOfOtherHospital { .. } => "scopeOfOtherHospital",
            Self::UnknownRecord { .. } => "unknownRecord",
            Self::NoLiveGrant { .. } => "noLiveGrant",
            Self::RecordNotCovered { .. } => "recordNotCovered",
            Self::GrantToIssuer { .. } => "grantToIssuer",
            Self::GrantExpired { .. } => "grantExpired",
            Self::RequesterAsCustodian { .. } => "requesterAsCustodian",
            Self::Retired { .. } => "retired",
            Self::NothingToRevoke { .. } => "noGrantToRevoke",
            Self::NotRequested { .. } => "notRequested",
            Self::RequestRefused { .. } => "requestRefused",
            Self::Dropped { .. } => "transactionDropped",
            Self::OtherReceivingKey => "otherReceivingKey",
            Self::Card(error) => match error {
                VisitCardError::NotACard { .. } => "notACard",
                VisitCardError::Text { .. } | VisitCardError::Bytes(_) => "cardDamaged",
                VisitCardError::WrongGenesis { .. } => "cardOfOtherNetwork",
                VisitCardError::Forged => "cardForged",
                VisitCardError::WrongKey { .. } => "cardKey",
                VisitCardError::OtherHospital { .. } => "cardOfOtherHospital",
                VisitCardError::Expired { .. } => "cardExpired",
            },
            Self::Summary(_) => "summary",
            Self::Grant(_) => "grantSplit",
            Self::RecordKey(_) => "recordKey",
            Self::Transaction(_) => "malformedTransaction",
            Self::TooMany { .. } => "tooMany",
        }
    }

    fn hint(&self) -> String {
        let hint = match self {
            Self::UnknownHospital { known, .. } => {
                return alloc::format!("The network's hospitals are: {}.", known.join(", "));
            }
            Self::AmbiguousHospital { .. } => "Use its id instead of its name.",
            Self::ScopeClosed { .. } | Self::Card(_) => "Ask the patient for a new visit card.",
            Self::NoLiveGrant { .. } | Self::RecordNotCovered { .. } | Self::OtherReceivingKey => {
                "Ask the patient for a grant."
            }
            Self::NotRequested { .. } => "Request the key first.",
            Self::Dropped { .. } => "Look at how things are now, then try again.",
            Self::RequestRefused { .. } => {
                "Ask the patient to grant again, perhaps with other custodians."
            }
            Self::GrantToIssuer { .. } => "Name the hospital that shall read them.",
            Self::GrantExpired { .. } => "Choose a later end.",
            _ => "Change what the message names, then try again.",
        };
        String::from(hint)
    }
}
