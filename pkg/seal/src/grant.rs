//! A grant's fragments: a scope's key split for one requester among custodians.

use alloc::vec::Vec;

use keepwell_custody::{GrantTerms, KeyFragment, SealedFragment, umbral};
use keepwell_keys::{PublicKey, SecretKey};
use keepwell_primitives::{BoundedList, limits::CUSTODIANS_MAX};
use rand_core::CryptoRngCore;

/// What a grant consists of: terms for the chain, and for each custodian what to deliver.
#[derive(Clone, Debug)]
pub struct GrantMaterial {
    /// Threshold, keys and commitments, as GrantAccess carries them.
    pub terms: GrantTerms,
    /// The fragments under the custodians' custody keys, in the order of those keys.
    pub sealed_fragments: Vec<SealedFragment>,
}

/// Splits the key of a scope so that any `threshold` of the custodians can re-encrypt its records
/// to `receiving_key`, and none can to anyone else.
///
/// `signer` is an Umbral signing key of the persona; its public key becomes the verifying key.
/// Both keys go under the fragments' signatures. Who may be a custodian, and the least threshold,
/// are rules of the ledger.
///
/// # Errors
/// [`GrantError::NoCustodian`], [`GrantError::TooManyCustodians`],
/// [`GrantError::RepeatedCustodian`], [`GrantError::Threshold`].
pub fn split(
    rng: &mut impl CryptoRngCore,
    scope_key: &SecretKey,
    receiving_key: &PublicKey,
    signer: &SecretKey,
    threshold: u8,
    custody_keys: &[PublicKey],
) -> Result<GrantMaterial, GrantError> {
    check(threshold, custody_keys)?;
    let fragments = umbral_pre::generate_kfrags_with_rng(
        rng,
        &umbral::secret_key(scope_key),
        &umbral::public_key(receiving_key),
        &umbral_pre::Signer::new(umbral::secret_key(signer)),
        usize::from(threshold),
        custody_keys.len(),
        true,
        true,
    );
    let fragments: Vec<KeyFragment> = fragments
        .into_vec()
        .into_iter()
        .map(|fragment| {
            KeyFragment::from_umbral(&fragment.unverify())
                .expect("Umbral made it, and signed with both keys")
        })
        .collect();
    let commitments = fragments.iter().map(KeyFragment::commitment).collect();
    let terms = GrantTerms {
        scope_key: scope_key.public_key(),
        receiving_key: *receiving_key,
        verifying_key: signer.public_key(),
        threshold,
        commitments: BoundedList::new(commitments).expect("no more than there are custodians"),
    };
    let grant = terms.commitment();
    let sealed_fragments = custody_keys
        .iter()
        .zip(&fragments)
        .map(|(custody_key, fragment)| SealedFragment::seal(rng, custody_key, grant, fragment))
        .collect();
    Ok(GrantMaterial {
        terms,
        sealed_fragments,
    })
}

fn check(threshold: u8, custody_keys: &[PublicKey]) -> Result<(), GrantError> {
    if custody_keys.is_empty() {
        return Err(GrantError::NoCustodian);
    }
    if custody_keys.len() > CUSTODIANS_MAX {
        return Err(GrantError::TooManyCustodians {
            got: custody_keys.len(),
            max: CUSTODIANS_MAX,
        });
    }
    for (index, key) in custody_keys.iter().enumerate() {
        if custody_keys
            .iter()
            .take(index)
            .any(|earlier| earlier == key)
        {
            return Err(GrantError::RepeatedCustodian { got: *key });
        }
    }
    if threshold == 0 || usize::from(threshold) > custody_keys.len() {
        return Err(GrantError::Threshold {
            got: threshold,
            max: custody_keys.len(),
        });
    }
    Ok(())
}

/// One variant per broken rule of a splitting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// Nobody could re-encrypt.
    #[error("a grant needs a custodian")]
    NoCustodian,
    /// More custodians than a grant may have.
    #[error("{got} custodians, a grant has at most {max}")]
    TooManyCustodians {
        /// Custody keys given.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// One custodian would hold two fragments.
    #[error("the custody key {got} is given twice")]
    RepeatedCustodian {
        /// Which key.
        got: PublicKey,
    },
    /// Nobody, or more custodians than there are, would be needed.
    #[error("a threshold of {got} where there are {max} custodians")]
    Threshold {
        /// The threshold given.
        got: u8,
        /// Custodians.
        max: usize,
    },
}
