//! A patient's side: who they are, their visit cards, their records, their grants.

mod card;
mod find;
mod grant;
mod keys;
mod log;
mod pending;
mod records;
mod revoke;
mod scopes;

pub use card::card;
pub use find::{Found, Search, find};
pub use grant::{Granted, WantedGrant, grant};
pub use keys::{Patient, PatientError};
pub use log::{LogEntry, log};
pub use pending::{PendingOwn, PendingRecord, pending, pending_own};
pub(crate) use records::sealed_key;
pub use records::{TimelineEntry, openable, timeline};
pub use revoke::{Revoked, revoke, was_served};
pub use scopes::SCOPE_GAP_MAX;
