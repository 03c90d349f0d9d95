//! `identity.keepwell`: what a hospital's staff sign in with.

use alloc::vec::Vec;

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_primitives::{CanonicalError, decode_canonical};
use rand_core::CryptoRngCore;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{HospitalId, SecretKey, SecretKeyError, Vault, VaultError, VaultParameters};

/// A hospital's id with its authority and encryption keys, never on the relay's host.
///
/// The file is a [`Vault`] of the kind [`HospitalIdentity::KIND`] over the canonical bytes
/// `[hospital id, authority, encryption]`. The id is kept because it stays when keys rotate.
#[derive(Clone)]
pub struct HospitalIdentity {
    id: HospitalId,
    /// Signs the hospital's transactions.
    pub authority: SecretKey,
    /// Opens what the hospital is granted.
    pub encryption: SecretKey,
}

#[derive(RlpEncodable, RlpDecodable, Zeroize, ZeroizeOnDrop)]
struct Contents {
    #[zeroize(skip)]
    id: HospitalId,
    authority: [u8; SecretKey::SIZE],
    encryption: [u8; SecretKey::SIZE],
}

impl HospitalIdentity {
    /// The kind of its vault, and the customary name of its file.
    pub const KIND: &'static str = "identity.keepwell";

    /// Bytes of the contents: three strings of 32 and their heads.
    const CONTENTS_BYTES: usize = 2 + 3 * 33;

    /// A new hospital with new keys.
    pub fn generate(rng: &mut impl CryptoRngCore) -> Self {
        let authority = SecretKey::generate(rng);
        Self {
            id: HospitalId::of(&authority.public_key()),
            authority,
            encryption: SecretKey::generate(rng),
        }
    }

    /// The id: the tagged hash of the hospital's first authority key.
    pub const fn id(&self) -> HospitalId {
        self.id
    }

    /// The bytes of the file, under `passphrase`.
    ///
    /// # Errors
    /// As [`Vault::seal`], by the parameters and for want of memory.
    pub fn seal(
        &self,
        passphrase: &str,
        parameters: VaultParameters,
        rng: &mut impl CryptoRngCore,
    ) -> Result<Vec<u8>, VaultError> {
        let contents = Contents {
            id: self.id,
            authority: *self.authority.expose_secret(),
            encryption: *self.encryption.expose_secret(),
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(Self::CONTENTS_BYTES));
        alloy_rlp::Encodable::encode(&contents, &mut *bytes);
        Vault::seal(Self::KIND, &bytes, passphrase, parameters, rng).map(|vault| vault.to_bytes())
    }

    /// The identity in the bytes of a file.
    ///
    /// # Errors
    /// [`HospitalIdentityError::Vault`] where the file is not read or not opened;
    /// [`HospitalIdentityError::Contents`] and [`HospitalIdentityError::Key`] where it opens to
    /// something else.
    pub fn open(file: &[u8], passphrase: &str) -> Result<Self, HospitalIdentityError> {
        let bytes = Vault::from_bytes(file)?.open(Self::KIND, passphrase)?;
        let contents: Contents = decode_canonical(&bytes, Self::CONTENTS_BYTES)
            .map_err(HospitalIdentityError::Contents)?;
        Ok(Self {
            id: contents.id,
            authority: SecretKey::from_bytes(contents.authority)?,
            encryption: SecretKey::from_bytes(contents.encryption)?,
        })
    }
}

/// Why a file is not a hospital's identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HospitalIdentityError {
    /// The vault around it is not read, or not opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It opens to something else.
    #[error("the file opens, but holds no hospital identity: {0}")]
    Contents(CanonicalError),
    /// It opens to 32 bytes that are no key.
    #[error("the file opens, but holds no hospital identity: {0}")]
    Key(#[from] SecretKeyError),
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    fn rng() -> ChaCha20Rng {
        ChaCha20Rng::seed_from_u64(1)
    }

    #[test]
    fn identity_survives_its_file() {
        let mut rng = rng();
        let identity = HospitalIdentity::generate(&mut rng);
        assert_eq!(
            identity.id(),
            HospitalId::of(&identity.authority.public_key())
        );
        let file = identity
            .seal("staff", VaultParameters::default(), &mut rng)
            .unwrap();
        let opened = HospitalIdentity::open(&file, "staff").unwrap();
        assert_eq!(opened.id(), identity.id());
        for (got, expected) in [
            (&opened.authority, &identity.authority),
            (&opened.encryption, &identity.encryption),
        ] {
            assert_eq!(got.public_key(), expected.public_key());
        }
        assert_eq!(
            HospitalIdentity::open(&file, "stuff").err(),
            Some(HospitalIdentityError::Vault(
                VaultError::WrongPassphraseOrDamaged
            ))
        );
    }

    #[test]
    fn contents_that_are_no_identity_are_named() {
        let open = |secret: &[u8]| {
            let parameters = VaultParameters::default();
            let vault = Vault::seal(HospitalIdentity::KIND, secret, "", parameters, &mut rng());
            HospitalIdentity::open(&vault.unwrap().to_bytes(), "").err()
        };
        assert_eq!(
            open(&[0xc0]),
            Some(HospitalIdentityError::Contents(CanonicalError::Rlp(
                alloy_rlp::Error::InputTooShort
            )))
        );
        let no_keys = alloy_rlp::encode(Contents {
            id: HospitalId::from_bytes([1; 32]),
            authority: [0; 32],
            encryption: [0; 32],
        });
        assert_eq!(
            open(&no_keys),
            Some(HospitalIdentityError::Key(SecretKeyError::OutOfRange))
        );
    }
}
