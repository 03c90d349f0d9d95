//! The light client: it knows the genesis, follows headers, and reads its own leaves with proofs
//! (`docs/protocol.md`, section 7).
//!
//! A state machine without input or output. [`LightClient::round`] starts a [`Round`] of questions
//! to one relay; the round says what it wants ([`Round::next_query`]), is told what came
//! ([`Round::resolve`]), and ends in an [`Update`]; [`LightClient::apply`] takes the update in and
//! returns the [`ChangeSet`] for whoever keeps it. A round works on a copy: whatever a relay
//! answers, a client changes in `apply` alone, and only to what was verified.
//!
//! ```text
//! let mut round = client.round(&[Interest::Patient(id)]);
//! while let Some(query) = round.next_query() {
//!     let answer = /* ask the relay */;
//!     round = round.resolve(answer, now)?;
//! }
//! storage.write(client.apply(round.finish())?);
//! ```
//!
//! What an error of `resolve` names is a lie of the relay, or a fault that looks like one: the
//! round is gone, the client is as before.
//!
//! # What is checked
//!
//! Every header after the last one verified, by all rules that need no transactions
//! ([`HeaderChain`](keepwell_ledger::block::HeaderChain)); that the headers lead to the head which
//! the relay claimed; that the chain has more work than the one known; every leaf against the state
//! roots of one header; that nothing below a counter is missing.
//!
//! # Deliberately absent
//!
//! The execution of transactions: that a root is right is taken from the work and the seals of the
//! council. Certificates, warp sync and statements of freshness: final means buried under
//! [`BURIED_DEPTH`](keepwell_ledger::block::BURIED_DEPTH) blocks, headers are followed one by one,
//! and whether a quiet chain rests or a relay withholds its newest blocks cannot be told from the
//! answers of that relay ([`HeadAge`] is the fact, [`compare_heads`] the remedy).
#![no_std]

extern crate alloc;

mod catch_up;
mod chain;
mod client;
mod error;
mod genesis;
mod head;
mod interest;
mod leaf;
mod leaves;
mod query;
mod reading;
mod round;
mod store;
mod view;

pub use catch_up::Standing;
pub use chain::SUFFIX_MAX;
pub use client::LightClient;
pub use error::VerificationError;
pub use genesis::{GenesisRefused, check_genesis};
pub use head::{HeadAge, HeadComparison, VerifiedHead, compare_heads};
pub use interest::Interest;
pub use leaf::{LeafName, TrieName};
pub use query::{Answer, Query};
pub use round::{Round, Update};
pub use store::{ChangeSet, STORED_BYTES_MAX, Stored, StoredError};
pub use view::{
    DirectoryEntry, DirectoryView, HospitalNews, HospitalView, IndexedRecord, News, PatientNews,
    PatientView, ScopeView, View,
};
