//! The rules of section 5 that depend on the state: one variant each.

use keepwell_keys::{HospitalId, PatientId, PublicKey};
use keepwell_primitives::{BlockIndex, Timestamp};

use crate::{
    state::StateError,
    transaction::{DiseaseId, PurposeCode, RequestReference, Txid},
};

/// Why a transaction was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ExecutionError<E: core::error::Error + 'static> {
    /// A rule forbids it.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The state could not be read.
    #[error(transparent)]
    State(#[from] StateError<E>),
}

impl<E: core::error::Error + 'static> ExecutionError<E> {
    /// The rule, if it was one.
    pub fn rule(&self) -> Option<&RuleError> {
        match self {
            Self::Rule(rule) => Some(rule),
            Self::State(_) => None,
        }
    }
}

/// A rule that the transaction breaks in this state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum RuleError {
    /// Its time has passed.
    #[error("the transaction was valid until block {valid_until_index}, this is block {index}")]
    NoLongerValid {
        valid_until_index: BlockIndex,
        index: BlockIndex,
    },
    /// Each sender's transactions are counted, so that none is applied twice.
    #[error("the sender's next transaction has nonce {expected}, this has {got}")]
    Nonce { got: u64, expected: u64 },
    /// Signed by a key that is not, or no longer, the sender's.
    #[error("signed by key {got}, the sender's current key is {expected}")]
    SenderKey { got: PublicKey, expected: PublicKey },
    /// No such hospital.
    #[error("hospital {hospital_id} is not enrolled")]
    NotEnrolled { hospital_id: HospitalId },
    /// The hospital has left.
    #[error("hospital {hospital_id} is retired")]
    Retired { hospital_id: HospitalId },
    /// Nobody has shown a visit card for this patient yet.
    #[error("patient {patient_id} has no account yet")]
    NoAccount { patient_id: PatientId },
    /// The scope was never opened; a visit card opens it.
    #[error("scope {disease_id} is not open: a visit card is needed")]
    ScopeNotOpened { disease_id: DiseaseId },
    /// A card opens a scope once.
    #[error("scope {disease_id} is already open: submit without the visit card")]
    ScopeAlreadyOpen { disease_id: DiseaseId },
    /// The patient closed the scope.
    #[error("scope {disease_id} was closed by the patient: ask for another visit card")]
    ScopeClosed { disease_id: DiseaseId },
    /// The scope holds another hospital's records.
    #[error("scope {disease_id} is of hospital {expected}, not {got}")]
    ScopeOfOtherHospital {
        disease_id: DiseaseId,
        got: HospitalId,
        expected: HospitalId,
    },
    /// The card has lapsed.
    #[error("the visit card lapsed at {not_after}, the block's time is {time}")]
    CardExpired {
        not_after: Timestamp,
        time: Timestamp,
    },
    /// Signed, but not with the patient's key.
    #[error("the visit card's key is not the current key of patient {patient_id}")]
    CardKey { patient_id: PatientId },
    /// The index does not hold the record of that transaction.
    #[error("record {index} of the patient is not the one of transaction {txid}")]
    NoSuchRecord { index: u32, txid: Txid },
    /// The record belongs elsewhere.
    #[error("record {index} is not in scope {disease_id}")]
    RecordOutsideScope { index: u32, disease_id: DiseaseId },
    /// Only its issuer corrects a record.
    #[error("record {index} was issued by hospital {expected} and cannot be superseded by {got}")]
    SupersedesOtherHospital {
        index: u32,
        got: HospitalId,
        expected: HospitalId,
    },
    /// The end of the grant has passed already.
    #[error("the grant ends at {expires_at}, the block's time is {time}")]
    GrantExpired {
        expires_at: Timestamp,
        time: Timestamp,
    },
    /// Fragments made for another key could never be opened.
    #[error("the receiving key is {got}, the hospital's encryption key is {expected}")]
    ReceivingKey { got: PublicKey, expected: PublicKey },
    /// A scope lists a limited number of hospitals.
    #[error("scope {disease_id} already names {max} hospitals: use another scope")]
    ScopeFull { disease_id: DiseaseId, max: usize },
    /// Nothing to revoke.
    #[error("hospital {hospital_id} has no grant on scope {disease_id} to revoke")]
    NoGrantToRevoke {
        hospital_id: HospitalId,
        disease_id: DiseaseId,
    },
    /// Never granted, revoked, or expired.
    #[error("hospital {hospital_id} has no live grant on scope {disease_id}")]
    NoLiveGrant {
        hospital_id: HospitalId,
        disease_id: DiseaseId,
    },
    /// Asked for another purpose than was granted.
    #[error("the purpose is {got}, the grant is for {expected}")]
    Purpose {
        got: PurposeCode,
        expected: PurposeCode,
    },
    /// The grant lists other records.
    #[error("record {index} is not covered by the grant")]
    RecordNotCovered { index: u32 },
    /// One at a time.
    #[error("request {index} of this hospital on this scope is still open")]
    RequestStillOpen { index: u32 },
    /// A limit on how often a patient's custodians are asked.
    #[error("this hospital has made {max} requests on this scope today")]
    TooManyRequests { max: u32 },
    /// The index does not hold the request of that transaction.
    #[error("hospital {} has no request {} of transaction {}",
        .request.service_requester_id, .request.index, .request.txid)]
    NoSuchRequest { request: RequestReference },
    /// Only the grant's custodians answer.
    #[error("hospital {hospital_id} is not a custodian of this request")]
    NotACustodian { hospital_id: HospitalId },
    /// Once each.
    #[error("hospital {hospital_id} has answered this request")]
    AlreadyAnswered { hospital_id: HospitalId },
    /// A counter of 32 bits is at its end.
    #[error("a counter of this patient or hospital is at its end")]
    CounterAtEnd,
}
