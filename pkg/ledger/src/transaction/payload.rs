//! What is asked, apart from who asks and when.

use alloy_rlp::{Decodable, Encodable};
use keepwell_keys::PatientId;
use serde::{Deserialize, Serialize};

use super::{
    GrantAccess, MalformedTransaction, RequestKey, RevokeAccess, SubmitRecord, TransactionKind,
    VisitCard,
};

/// The payload of a transaction that its sender signs under a nonce. Answers of custodians have
/// none and stand beside it, in [`super::Transaction::Answer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Payload {
    /// Type 0.
    SubmitRecord(SubmitRecord),
    /// Type 1.
    GrantAccess(GrantAccess),
    /// Type 2.
    RevokeAccess(RevokeAccess),
    /// Type 3.
    RequestKey(RequestKey),
}

impl Payload {
    /// Which type it is.
    pub fn kind(&self) -> TransactionKind {
        match self {
            Self::SubmitRecord(_) => TransactionKind::SubmitRecord,
            Self::GrantAccess(_) => TransactionKind::GrantAccess,
            Self::RevokeAccess(_) => TransactionKind::RevokeAccess,
            Self::RequestKey(_) => TransactionKind::RequestKey,
        }
    }

    /// The patient it concerns.
    pub fn patient_id(&self) -> PatientId {
        match self {
            Self::SubmitRecord(submit) => submit.patient_id,
            Self::GrantAccess(grant) => grant.patient_id,
            Self::RevokeAccess(revoke) => revoke.patient_id,
            Self::RequestKey(request) => request.patient_id,
        }
    }

    /// The visit card inside, if any.
    pub(super) fn card(&self) -> Option<VisitCard> {
        match self {
            Self::SubmitRecord(submit) => submit.scope_opening.0.clone(),
            Self::GrantAccess(_) | Self::RevokeAccess(_) | Self::RequestKey(_) => None,
        }
    }

    /// Checks what needs no state.
    pub(super) fn check(&self) -> Result<(), MalformedTransaction> {
        match self {
            Self::SubmitRecord(submit) => submit.check(),
            Self::GrantAccess(grant) => grant.check(),
            Self::RevokeAccess(revoke) => revoke.check(),
            Self::RequestKey(request) => request.check(),
        }
    }

    /// The type stands in the envelope, so a payload is decoded as the type it is said to be.
    pub(super) fn decode_as(kind: TransactionKind, buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        match kind {
            TransactionKind::SubmitRecord => SubmitRecord::decode(buf).map(Self::SubmitRecord),
            TransactionKind::GrantAccess => GrantAccess::decode(buf).map(Self::GrantAccess),
            TransactionKind::RevokeAccess => RevokeAccess::decode(buf).map(Self::RevokeAccess),
            TransactionKind::RequestKey => RequestKey::decode(buf).map(Self::RequestKey),
            TransactionKind::AnswerRequest => Err(alloy_rlp::Error::Custom(
                "an answer has no sender's payload",
            )),
        }
    }

    fn fields(&self) -> &dyn Encodable {
        match self {
            Self::SubmitRecord(submit) => submit,
            Self::GrantAccess(grant) => grant,
            Self::RevokeAccess(revoke) => revoke,
            Self::RequestKey(request) => request,
        }
    }
}

impl Encodable for Payload {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        self.fields().encode(out);
    }

    fn length(&self) -> usize {
        self.fields().length()
    }
}
