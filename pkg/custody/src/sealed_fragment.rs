//! A key fragment on its way to one custodian: encrypted to that hospital's custody key.

use alloc::vec::Vec;

use keepwell_keys::{PublicKey, SecretKey};
use keepwell_primitives::{
    Hash,
    limits::{CAPSULE_BYTES, KEY_FRAGMENT_BYTES, SEALED_FRAGMENT_BYTES},
};
use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use crate::{
    Capsule, GrantCommitment, KeyFragment, WireError,
    umbral::{self, wire_bytes},
};

/// `{grant commitment, fragment}` under a custody key: capsule ‖ ciphertext, of a fixed length.
///
/// It says nothing of patient, grant or requester. A custodian keeps it as it came, so that
/// nothing on its disk is a fragment in clear.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedFragment {
    bytes: [u8; SEALED_FRAGMENT_BYTES],
}

wire_bytes!(SealedFragment, SEALED_FRAGMENT_BYTES);

/// A fragment that was meant for this custodian, and the grant it claims to be of. Not checked:
/// [`OpenedFragment::check`] does.
#[derive(Clone)]
pub struct OpenedFragment {
    /// The grant it claims to be of.
    pub grant_commitment: GrantCommitment,
    /// The fragment.
    pub fragment: KeyFragment,
}

impl SealedFragment {
    /// Encrypts to a custodian.
    pub fn seal(
        rng: &mut impl CryptoRngCore,
        custody_key: &PublicKey,
        grant_commitment: GrantCommitment,
        fragment: &KeyFragment,
    ) -> Self {
        let mut plaintext = Zeroizing::new(Vec::with_capacity(32 + KEY_FRAGMENT_BYTES));
        plaintext.extend_from_slice(grant_commitment.as_bytes());
        plaintext.extend_from_slice(fragment.expose_secret());
        let (capsule, ciphertext) =
            umbral_pre::encrypt_with_rng(rng, &umbral::public_key(custody_key), &plaintext)
                .expect("a few hundred bytes are not too large to encrypt");
        let capsule = Capsule::from_umbral(capsule).expect("Umbral's capsules have one length");
        let bytes = [capsule.as_bytes(), ciphertext.as_ref()]
            .concat()
            .try_into()
            .expect("capsule, nonce, plaintext and tag have fixed lengths");
        Self { bytes }
    }

    /// # Errors
    /// [`WireError::Length`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let bytes = bytes.try_into().map_err(|_| WireError::Length {
            got: bytes.len(),
            expected: SEALED_FRAGMENT_BYTES,
        })?;
        Ok(Self { bytes })
    }

    /// Decrypts with the custody key.
    ///
    /// # Errors
    /// [`SealedFragmentError::Capsule`] and [`SealedFragmentError::NotForThisKey`] before anything
    /// is known of the inside, [`SealedFragmentError::Fragment`] if that is no fragment.
    pub fn open(&self, custody_key: &SecretKey) -> Result<OpenedFragment, SealedFragmentError> {
        let (capsule, ciphertext) = self
            .bytes
            .split_first_chunk::<CAPSULE_BYTES>()
            .ok_or(SealedFragmentError::NotForThisKey)?;
        let capsule = Capsule::from_bytes(capsule).map_err(SealedFragmentError::Capsule)?;
        let plaintext = umbral_pre::decrypt_original(
            &umbral::secret_key(custody_key),
            capsule.as_umbral(),
            ciphertext,
        )
        .map_err(|_| SealedFragmentError::NotForThisKey)?;
        let plaintext = Zeroizing::new(plaintext.into_vec());
        let (grant_commitment, fragment) = plaintext
            .split_first_chunk::<32>()
            .ok_or(SealedFragmentError::NotForThisKey)?;
        Ok(OpenedFragment {
            grant_commitment: GrantCommitment(Hash(*grant_commitment)),
            fragment: KeyFragment::from_bytes(fragment).map_err(SealedFragmentError::Fragment)?,
        })
    }
}

/// Why a sealed fragment does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealedFragmentError {
    /// It does not start with a capsule.
    #[error("no capsule at its start: {0}")]
    Capsule(WireError),
    /// Sealed to another key, or changed on its way.
    #[error("sealed to another custody key, or changed on its way")]
    NotForThisKey,
    /// What was sealed is no key fragment.
    #[error("no key fragment inside: {0}")]
    Fragment(WireError),
}
