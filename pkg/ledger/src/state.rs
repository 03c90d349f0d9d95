//! The state: two tries, their keys and their leaves (`docs/protocol.md`, section 4).

mod hospital;
mod key;
mod patient;
mod roots;
mod scope;
mod tries;

pub use hospital::{Access, Addresses, Answer, ClosedReason, Hospital, KeyRequest, Status};
pub use key::{
    access_key, account_key, council_key, directory_entry_key, directory_key, event_key,
    hospital_key, issued_key, record_key, request_key, scope_key,
};
pub use patient::{Account, Event, EventKind, Record};
pub use roots::StateRoots;
pub use scope::{Consent, Grant, Scope, ScopeEntry};
pub use tries::{State, StateChange, StateError, decode_leaf};
