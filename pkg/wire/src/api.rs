//! The JSON of the light-client API. Names are camelCase, hashes and bytes are lowercase hex, ids
//! are bech32m, times are milliseconds since 1970-01-01T00:00:00Z.
//!
//! Every type refuses fields it does not know, so that client and relay never half-understand each
//! other.

mod block;
mod head;
mod hospital;
mod mailbox;
mod problem;
mod proof;
mod token;
mod transaction;

pub use block::{BlockAnswer, BlocksAnswer, BlocksQuery};
pub use head::{BlockName, HeadAnswer};
pub use hospital::{HospitalEntry, HospitalsAnswer, PeerEntry, PeersAnswer};
pub use mailbox::{
    DeliveryState, FragmentDelivery, FragmentStatus, MailboxAnswer, MailboxItem, MailboxPost,
};
pub use problem::{Problem, ProblemCode};
pub use proof::{PROOF_KEYS_PER_QUESTION_MAX, ProofAnswer, ProofQuestion};
pub use token::{CHALLENGE_DOMAIN, Challenge, ChallengeQuestion, Role, Token, TokenQuestion};
pub use transaction::{MempoolAnswer, SubmitAnswer, TransactionAnswer, TransactionState};
