//! A hospital's duties as a custodian: it keeps fragments that patients entrust to it, answers key
//! requests with them, and runs the mailbox in which answers for its own requests wait.
//!
//! Whatever it promises is on disk first. A fragment acknowledged is kept until its grant is
//! replaced or revoked for good; an answer is stored before it is announced, and announced before
//! it is delivered; deliveries are tried until the other side has taken them.

mod answers;
mod carrier;
mod delivery;
mod duties;
mod fragments;
mod handle;
mod mailbox;
mod table;

pub use carrier::CarryRefused;
pub use handle::{Custodian, CustodianError};
pub use mailbox::Posted;
