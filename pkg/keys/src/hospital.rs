//! A hospital's four keys, and the two files they live in.
//!
//! *Authority* and *encryption* stay with the staff, wrapped under a passphrase; *node* and
//! *custody* live on the relay's host. No type here holds all four secrets.

mod host_keys;
mod identity;
mod public_keys;

pub use host_keys::{HostKeys, HostKeysError};
pub use identity::{HospitalIdentity, HospitalIdentityError};
pub use public_keys::HospitalPublicKeys;
