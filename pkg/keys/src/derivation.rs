//! From the seed to every key of a patient, by labelled and hardened steps alone.
//!
//! A node is a string of secret bytes: the 64-byte seed at the root, 32 bytes below it. One step
//! goes from a node to its child named `label`:
//!
//! ```text
//! child = HKDF-Expand(HKDF-Extract(salt = "keepwell/derive/v1", ikm = node), info = label, L)
//! ```
//!
//! with HKDF-SHA256 (RFC 5869) and L = 32 for a node. The paths, one step for each part:
//!
//! ```text
//! "persona" / hospital id, 32 bytes / "identity" / k, u32 big-endian   → secret key
//! "persona" / hospital id, 32 bytes / "scope"    / n, u32 big-endian   → secret key
//! "storage"                                                            → 32 bytes
//! ```
//!
//! The last step to a secret key takes L = 48 and reads them as a big-endian integer i; the key is
//! i mod (n − 1) + 1, n being the order of secp256k1: uniform within 2⁻¹²⁸ and never zero (FIPS
//! 186-5, appendix A.2.1). No step works on public keys, and HKDF cannot be walked back: a leaked
//! scope key reveals no other key.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{HospitalId, PatientId, Phrase, SecretKey};

mod reduce;

const SALT: &[u8] = b"keepwell/derive/v1";

/// BIP-39's seed of a phrase: the patient's master key. Wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterSeed([u8; MasterSeed::SIZE]);

impl MasterSeed {
    /// Bytes of a BIP-39 seed.
    pub const SIZE: usize = 64;

    /// The seed of `phrase` under an empty passphrase: PBKDF2-HMAC-SHA512, 2048 rounds. Takes
    /// milliseconds.
    pub fn from_phrase(phrase: &Phrase) -> Self {
        Self(*phrase.to_seed())
    }

    /// A seed unwrapped from a vault. The caller wipes its own copy.
    pub const fn from_bytes(bytes: [u8; Self::SIZE]) -> Self {
        Self(bytes)
    }

    /// The 64 bytes, for wrapping in a vault.
    pub fn expose_secret(&self) -> Zeroizing<[u8; Self::SIZE]> {
        Zeroizing::new(self.0)
    }

    /// The keys by which one hospital knows the patient: `persona/<hospital_id>`.
    pub fn persona(&self, hospital: &HospitalId) -> PersonaKeys {
        let personas = step::<32>(&self.0, b"persona");
        PersonaKeys(*step(personas.as_slice(), hospital.as_bytes()))
    }

    /// The key of what a device stores for the patient: `storage`.
    pub fn storage(&self) -> Zeroizing<[u8; 32]> {
        step(&self.0, b"storage")
    }
}

/// The node of one persona. Wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PersonaKeys([u8; 32]);

impl PersonaKeys {
    /// The `k`th key the persona signs with, counted from 0: `identity/<k>`.
    pub fn identity(&self, k: u32) -> SecretKey {
        self.secret_key(b"identity", k)
    }

    /// The key of the persona's `n`th scope, counted from 0: `scope/<n>`.
    pub fn scope(&self, n: u32) -> SecretKey {
        self.secret_key(b"scope", n)
    }

    /// The persona's id: that of its first identity key.
    pub fn patient_id(&self) -> PatientId {
        PatientId::of(&self.identity(0).public_key())
    }

    fn secret_key(&self, kind: &[u8], number: u32) -> SecretKey {
        let keys = step::<32>(&self.0, kind);
        let wide = step::<48>(keys.as_slice(), &number.to_be_bytes());
        reduce::secret_key(&wide)
    }
}

fn step<const SIZE: usize>(node: &[u8], label: &[u8]) -> Zeroizing<[u8; SIZE]> {
    let mut child = Zeroizing::new([0; SIZE]);
    Hkdf::<Sha256>::new(Some(SALT), node)
        .expand(label, child.as_mut_slice())
        .expect("HKDF-SHA256 gives up to 8160 bytes");
    child
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_path_has_a_key_of_its_own() {
        let seed = MasterSeed::from_bytes([3; 64]);
        let mut secrets = BTreeSet::from([*seed.storage()]);
        for hospital in [[1; 32], [2; 32]] {
            let persona = seed.persona(&HospitalId::from_bytes(hospital));
            for number in [0, 1, 256, u32::MAX] {
                secrets.insert(*persona.identity(number).expose_secret());
                secrets.insert(*persona.scope(number).expose_secret());
            }
        }
        assert_eq!(secrets.len(), 1 + 2 * 2 * 4);
    }

    #[test]
    fn persona_id_is_that_of_its_first_identity_key() {
        let seed = MasterSeed::from_bytes([3; 64]);
        let persona = seed.persona(&HospitalId::from_bytes([1; 32]));
        assert_eq!(
            persona.patient_id(),
            PatientId::of(&persona.identity(0).public_key())
        );
    }
}
