//! Re-encryption by a custodian, and the requester's check of what came out.

use keepwell_keys::PublicKey;
use rand_core::CryptoRngCore;
use umbral_pre::{CapsuleFragVerificationError, VerifiedCapsuleFrag};

use crate::{Capsule, CapsuleFragment, CheckedFragment, umbral};

/// Re-encrypts `capsule` with a custodian's fragment, and verifies the result as the requester
/// will before letting go of it.
///
/// # Errors
/// [`ReencryptionError`], if custodian and requester would not agree.
pub fn reencrypt(
    rng: &mut impl CryptoRngCore,
    capsule: &Capsule,
    fragment: &CheckedFragment,
) -> Result<CapsuleFragment, ReencryptionError> {
    let reencrypted =
        umbral_pre::reencrypt_with_rng(rng, capsule.as_umbral(), fragment.to_umbral());
    let answer = CapsuleFragment::from_umbral(reencrypted.unverify())
        .map_err(|_| ReencryptionError::Proof)?;
    let parsed =
        CapsuleFragment::from_bytes(answer.as_bytes()).map_err(|_| ReencryptionError::Proof)?;
    parsed.check(
        capsule,
        fragment.verifying_key(),
        fragment.scope_key(),
        fragment.receiving_key(),
    )?;
    Ok(answer)
}

/// A capsule fragment whose proof holds: made from this capsule, with a key fragment that the
/// patient signed for this scope and this receiver.
#[derive(Clone)]
pub struct CheckedCapsuleFragment {
    splitting: [u8; 33],
    key_fragment: [u8; 32],
    verified: VerifiedCapsuleFrag,
}

impl CapsuleFragment {
    /// # Errors
    /// [`ReencryptionError::Signature`] where the key fragment behind it was not signed for this
    /// scope and receiver, [`ReencryptionError::Proof`] where it was not made from this capsule.
    pub fn check(
        &self,
        capsule: &Capsule,
        verifying_key: &PublicKey,
        scope_key: &PublicKey,
        receiving_key: &PublicKey,
    ) -> Result<CheckedCapsuleFragment, ReencryptionError> {
        self.as_umbral()
            .clone()
            .verify(
                capsule.as_umbral(),
                &umbral::public_key(verifying_key),
                &umbral::public_key(scope_key),
                &umbral::public_key(receiving_key),
            )
            .map(|verified| CheckedCapsuleFragment {
                splitting: self.precursor(),
                key_fragment: self.key_fragment_id(),
                verified,
            })
            .map_err(|(error, _)| match error {
                CapsuleFragVerificationError::IncorrectKeyFragSignature => {
                    ReencryptionError::Signature
                }
                CapsuleFragVerificationError::IncorrectReencryption => ReencryptionError::Proof,
            })
    }
}

impl CheckedCapsuleFragment {
    /// Which splitting of the scope's key the fragment behind it came from. Only fragments of one
    /// splitting combine; one that a custodian kept of an earlier grant has another.
    pub const fn splitting(&self) -> &[u8; 33] {
        &self.splitting
    }

    /// Which key fragment is behind it. The same one twice counts once.
    pub const fn key_fragment(&self) -> &[u8; 32] {
        &self.key_fragment
    }

    /// The fragment in Umbral's type, for opening with it.
    pub fn into_umbral(self) -> VerifiedCapsuleFrag {
        self.verified
    }
}

/// Why a capsule fragment is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReencryptionError {
    /// The key fragment behind it was not signed for this scope and this receiver.
    #[error("re-encrypted with a fragment that is not of this grant")]
    Signature,
    /// It was not made from this capsule with the fragment it names.
    #[error("the proof of re-encryption does not hold for this capsule")]
    Proof,
}
