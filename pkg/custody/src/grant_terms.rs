//! What a grant says on the chain about its fragments, and its short name.

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::PublicKey;
use keepwell_primitives::{
    BoundedList, Hash, encode_canonical, hash_newtype, limits::CUSTODIANS_MAX,
};

use crate::FragmentCommitment;

hash_newtype! {
    /// The name of a grant's terms, sent along with each fragment: `tagged("grant-terms", RLP)`.
    ///
    /// A patient can make it before the grant is signed; a custodian makes it from the grant in
    /// the state, and refuses fragments of any other.
    pub struct GrantCommitment;
}

/// The cryptographic part of a grant: all that a custodian and a requester check against.
///
/// Canonically `[scope key 33, receiving key 33, verifying key 33, threshold u8,
/// [commitment 32, …]]`, the commitments in the order of the grant's custodians.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct GrantTerms {
    /// The scope's public key, that records are encrypted to.
    pub scope_key: PublicKey,
    /// The requester's encryption key.
    pub receiving_key: PublicKey,
    /// What the fragments' signatures verify under.
    pub verifying_key: PublicKey,
    /// Custodians whose answers open a record.
    pub threshold: u8,
    /// One for each custodian.
    pub commitments: BoundedList<FragmentCommitment, CUSTODIANS_MAX>,
}

impl GrantTerms {
    /// The name of these terms.
    pub fn commitment(&self) -> GrantCommitment {
        GrantCommitment(Hash::tagged("grant-terms", &[&encode_canonical(self)]))
    }
}
