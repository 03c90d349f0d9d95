//! What a patient's and a hospital's client does, step by step, for the page and the command alike:
//! ask a relay, believe only what the light client has verified, sign, send, and wait until the
//! chain shows it.
//!
//! The steps are `async` over two small ports: [`Relay`] sends a request to one relay, [`Clock`]
//! tells the time and sleeps. Randomness is an argument. A file is sealed and opened by the caller,
//! who has the disk or the worker for it: [`ChunkSource`] and [`ChunkSink`] hand over one sealed
//! chunk at a time, so memory stays the same for any size.
//!
//! Deliberately absent: storage (the caller keeps the light client's change sets, the outbox and the
//! patient's vault), words for people beyond the errors', and any choice of relay: a [`Session`] is with the
//! relay that the caller chose for it (`docs/protocol.md`, section 7).
#![no_std]

extern crate alloc;

mod api;
mod bounded;
mod directory;
mod error;
pub mod explorer;
mod files;
pub mod hospital;
mod outbox;
pub mod patient;
mod port;
mod session;
#[cfg(test)]
mod test_network;
mod visit_card;
mod wait;
mod waiting;

pub use api::{block, head};
pub use directory::{Hospitals, NamedHospital};
pub use error::{ClientError, ErrorClass, Refusal};
pub use files::{ChunkSink, ChunkSource};
pub use outbox::{OUTBOX_TRANSACTIONS_MAX, Outbox, OutboxError, Outgoing};
pub use port::{Clock, Method, Relay, RelayFailure, Request, Response};
pub use session::{
    ComparedHeads, Freshness, HEAD_OLD_AFTER, OpenableRecord, Session, fetch_genesis,
    offered_genesis,
};
pub use visit_card::CARD_VALID_FOR;
pub use wait::Wait;
pub use waiting::WaitingError;
