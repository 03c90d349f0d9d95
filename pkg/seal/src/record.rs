//! A record's key under its scope: encrypting it, and the two ways to get it back.

use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};

use keepwell_custody::{Capsule, CheckedCapsuleFragment, EncryptedKey, umbral};
use keepwell_keys::{PublicKey, SecretKey};
use rand_core::CryptoRngCore;
use umbral_pre::{OpenReencryptedError, ReencryptionError};
use zeroize::Zeroizing;

use crate::RecordKey;

/// A record key encrypted to a scope, as SubmitRecord carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRecordKey {
    /// What custodians re-encrypt.
    pub capsule: Capsule,
    /// The record key under the capsule.
    pub encrypted_key: EncryptedKey,
}

/// Encrypts a record key to a scope's public key.
pub fn seal_record_key(
    rng: &mut impl CryptoRngCore,
    scope_key: &PublicKey,
    key: &RecordKey,
) -> SealedRecordKey {
    let scope_key = umbral::public_key(scope_key);
    let (capsule, ciphertext) = umbral_pre::encrypt_with_rng(rng, &scope_key, key.expose_secret())
        .expect("32 bytes are not too large to encrypt");
    SealedRecordKey {
        capsule: Capsule::from_umbral(capsule).expect("Umbral's capsules have one length"),
        encrypted_key: EncryptedKey::from_bytes(&ciphertext)
            .expect("nonce, key and tag have fixed lengths"),
    }
}

/// Opens a record key with the scope's secret key.
///
/// # Errors
/// [`OpenRecordKeyError::OtherKey`].
pub fn open_as_patient(
    scope_key: &SecretKey,
    sealed: &SealedRecordKey,
) -> Result<RecordKey, OpenRecordKeyError> {
    let opened = umbral_pre::decrypt_original(
        &umbral::secret_key(scope_key),
        sealed.capsule.as_umbral(),
        sealed.encrypted_key.as_bytes(),
    );
    opened
        .map(record_key)
        .map_err(|_| OpenRecordKeyError::OtherKey)
}

/// Opens a record key with the receiving key and what `threshold` custodians re-encrypted.
///
/// Of the fragments given, each key fragment counts once, and those of the splitting with the most
/// are used: a custodian that answers with a fragment of an earlier grant does no harm.
///
/// # Errors
/// [`OpenRecordKeyError::TooFewFragments`]; [`OpenRecordKeyError::DoNotCombine`];
/// [`OpenRecordKeyError::OtherKey`].
pub fn open_as_grantee(
    receiving_key: &SecretKey,
    scope_key: &PublicKey,
    sealed: &SealedRecordKey,
    fragments: Vec<CheckedCapsuleFragment>,
    threshold: u8,
) -> Result<RecordKey, OpenRecordKeyError> {
    let fragments = of_one_splitting(fragments);
    if fragments.is_empty() || fragments.len() < usize::from(threshold) {
        return Err(OpenRecordKeyError::TooFewFragments {
            got: fragments.len(),
            expected: usize::from(threshold),
        });
    }
    let opened = umbral_pre::decrypt_reencrypted(
        &umbral::secret_key(receiving_key),
        &umbral::public_key(scope_key),
        sealed.capsule.as_umbral(),
        fragments
            .into_iter()
            .map(CheckedCapsuleFragment::into_umbral),
        sealed.encrypted_key.as_bytes(),
    );
    opened.map(record_key).map_err(|error| match error {
        ReencryptionError::OnOpen(
            OpenReencryptedError::NoCapsuleFrags
            | OpenReencryptedError::MismatchedCapsuleFrags
            | OpenReencryptedError::RepeatingCapsuleFrags
            | OpenReencryptedError::ValidationFailed,
        ) => OpenRecordKeyError::DoNotCombine,
        ReencryptionError::OnDecryption(_) => OpenRecordKeyError::OtherKey,
    })
}

/// The largest group of fragments that can combine.
fn of_one_splitting(fragments: Vec<CheckedCapsuleFragment>) -> Vec<CheckedCapsuleFragment> {
    let mut splittings: BTreeMap<[u8; 33], BTreeMap<[u8; 32], _>> = BTreeMap::new();
    for fragment in fragments {
        splittings
            .entry(*fragment.splitting())
            .or_default()
            .insert(*fragment.key_fragment(), fragment);
    }
    let largest = splittings.into_values().max_by_key(BTreeMap::len);
    largest.unwrap_or_default().into_values().collect()
}

fn record_key(opened: Box<[u8]>) -> RecordKey {
    let opened = Zeroizing::new(opened.into_vec());
    let bytes = opened.as_slice().try_into();
    RecordKey::from_bytes(bytes.expect("an encrypted key of 72 bytes holds 32"))
}

/// Why a record key does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenRecordKeyError {
    /// Fewer custodians answered than the grant asks for.
    #[error("{got} custodians' fragments, {expected} are needed")]
    TooFewFragments {
        /// Different fragments of one splitting.
        got: usize,
        /// The grant's threshold.
        expected: usize,
    },
    /// Enough fragments, each right by itself, that do not give this scope's key: the grant was
    /// split for more custodians than it says, or the capsule is of another scope.
    #[error("the custodians' fragments do not combine for this record")]
    DoNotCombine,
    /// Encrypted to another scope, or changed.
    #[error("the record key is encrypted to another scope, or was changed")]
    OtherKey,
}
