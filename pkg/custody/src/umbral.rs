//! Umbral's objects as strict wire bytes, and Keepwell's keys in Umbral's types.
//!
//! Umbral, by David Nuñez, is the threshold proxy re-encryption behind grants; `umbral-pre` its
//! implementation, which serializes to MessagePack. Bytes are compared with the one layout an
//! honest object has *before* the library sees them: it would follow other layouts, and some of
//! the points they can carry make it panic.

mod capsule;
mod capsule_fragment;
mod encrypted_key;
mod key_fragment;
mod keys;
mod layout;

pub use capsule::Capsule;
pub use capsule_fragment::CapsuleFragment;
pub use encrypted_key::EncryptedKey;
pub use key_fragment::{FragmentCommitment, KeyFragment};
pub use keys::{public_key, secret_key};
pub use layout::WireError;
pub(crate) use layout::wire_bytes;
