//! The check of a fragment against the grant on the chain: the one way to a [`CheckedFragment`].

use keepwell_keys::PublicKey;
use umbral_pre::{KeyFragVerificationError, VerifiedKeyFrag};

use crate::{FragmentCommitment, GrantCommitment, GrantTerms, KeyFragment, OpenedFragment, umbral};

/// A fragment that belongs to a grant: good for re-encryption while that grant is live, which the
/// custodian looks up each time.
#[derive(Clone)]
pub struct CheckedFragment {
    fragment: KeyFragment,
    scope_key: PublicKey,
    receiving_key: PublicKey,
    verifying_key: PublicKey,
}

impl OpenedFragment {
    /// That this is the fragment of the grant's custodian number `custodian`, made from the
    /// scope's key, for the receiving key, and signed under the verifying key.
    ///
    /// Whether the threshold is the one that the grant names cannot be seen from one fragment; a
    /// patient who lies there only fails to grant.
    ///
    /// # Errors
    /// [`FragmentError::OtherGrant`], [`FragmentError::NoSuchCustodian`],
    /// [`FragmentError::OtherFragment`], [`FragmentError::Inconsistent`] and
    /// [`FragmentError::Signature`], in this order.
    pub fn check(
        self,
        terms: &GrantTerms,
        custodian: usize,
    ) -> Result<CheckedFragment, FragmentError> {
        let expected = terms.commitment();
        if self.grant_commitment != expected {
            return Err(FragmentError::OtherGrant {
                got: self.grant_commitment,
                expected,
            });
        }
        let expected = *terms
            .commitments
            .get(custodian)
            .ok_or(FragmentError::NoSuchCustodian {
                got: custodian,
                count: terms.commitments.len(),
            })?;
        let got = self.fragment.commitment();
        if got != expected {
            return Err(FragmentError::OtherFragment { got, expected });
        }
        let verified = self.fragment.parse().verify(
            &umbral::public_key(&terms.verifying_key),
            Some(&umbral::public_key(&terms.scope_key)),
            Some(&umbral::public_key(&terms.receiving_key)),
        );
        match verified {
            Ok(_) => Ok(CheckedFragment {
                fragment: self.fragment,
                scope_key: terms.scope_key,
                receiving_key: terms.receiving_key,
                verifying_key: terms.verifying_key,
            }),
            Err((KeyFragVerificationError::IncorrectCommitment, _)) => {
                Err(FragmentError::Inconsistent)
            }
            Err(_) => Err(FragmentError::Signature),
        }
    }
}

impl CheckedFragment {
    /// The key of the scope it re-encrypts from.
    pub const fn scope_key(&self) -> &PublicKey {
        &self.scope_key
    }

    /// The key it re-encrypts to.
    pub const fn receiving_key(&self) -> &PublicKey {
        &self.receiving_key
    }

    /// What its signatures verify under.
    pub const fn verifying_key(&self) -> &PublicKey {
        &self.verifying_key
    }

    pub(crate) fn to_umbral(&self) -> VerifiedKeyFrag {
        self.fragment.parse().skip_verification()
    }
}

/// Why a fragment is not the one that a grant gives a custodian.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FragmentError {
    /// Sent for a grant with other terms.
    #[error("the fragment was sent for the grant {got}, not {expected}")]
    OtherGrant {
        /// The terms it was sent for.
        got: GrantCommitment,
        /// The terms on the chain.
        expected: GrantCommitment,
    },
    /// The grant has fewer custodians.
    #[error("the grant has {count} custodians, none of number {got}")]
    NoSuchCustodian {
        /// The number given, from 0 on.
        got: usize,
        /// Custodians of the grant.
        count: usize,
    },
    /// Not the fragment that the grant commits to for this custodian.
    #[error("the grant commits to the fragment {expected}, not {got}")]
    OtherFragment {
        /// The commitment to the fragment given.
        got: FragmentCommitment,
        /// The commitment on the chain.
        expected: FragmentCommitment,
    },
    /// The fragment's key does not fit its own commitment.
    #[error("the fragment contradicts itself")]
    Inconsistent,
    /// Not signed under the verifying key for this scope and this receiver.
    #[error("the fragment is not signed for this scope and this receiver")]
    Signature,
}
