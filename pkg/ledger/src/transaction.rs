//! Transactions: what a patient or a hospital asks of the chain.
//!
//! `docs/protocol.md`, section 5. Trust is a ladder: a [`Transaction`] has been parsed from its
//! canonical bytes and its parts fit each other; a [`VerifiedTransaction`] has had its signatures
//! checked; only [`crate::execute`] says whether the state allows it.

mod answer;
mod card;
mod envelope;
mod error;
mod grant;
mod names;
mod payload;
mod request;
mod revoke;
mod submit;
mod verified;

pub use answer::{AnswerRequest, Outcome, RefusalReason};
pub use card::{VisitCard, VisitCardError, VisitCardText};
pub use envelope::{
    Envelope, Ordering, TRANSACTION_VERSION, Transaction, TransactionKind, Unordered,
};
pub use error::MalformedTransaction;
pub use grant::{Coverage, GrantAccess};
pub use names::{DiseaseId, PurposeCode, PurposeError, RecordReference, RequestReference, Txid};
pub use payload::Payload;
pub use request::RequestKey;
pub use revoke::RevokeAccess;
pub use submit::SubmitRecord;
pub use verified::VerifiedTransaction;
