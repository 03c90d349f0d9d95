//! Who a patient, a hospital and a host are: the recovery phrase, what is derived from it, ids,
//! signatures, and secrets wrapped under a passphrase (`docs/protocol.md`, section 3).
//!
//! Secrets have no `Debug` and no `Display`, are wiped when dropped, and leave their type through
//! `expose_secret` alone. Values in, values out: no clock, and randomness is an argument.
#![no_std]

extern crate alloc;

mod derivation;
mod fixed_hex;
mod hospital;
mod id;
mod phrase;
mod public_key;
mod secret_key;
mod signature;
mod signing;
pub mod vault;

pub use derivation::{MasterSeed, PersonaKeys};
pub use fixed_hex::FixedHexError;
pub use hospital::{
    HospitalIdentity, HospitalIdentityError, HospitalPublicKeys, HostKeys, HostKeysError,
};
pub use id::{HospitalId, IdError, PatientId};
pub use phrase::{Phrase, PhraseError};
pub use public_key::{PublicKey, PublicKeyError};
pub use secret_key::{SecretKey, SecretKeyError};
pub use signature::{Signature, SignatureError};
pub use signing::{GenesisHash, SignatureCheck, sign, signing_digest, verify};
pub use vault::{Vault, VaultError, VaultParameters};
