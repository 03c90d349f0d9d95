//! The public half of a hospital's four keys, as its leaf in the hospital trie holds it.

use alloy_rlp::{RlpDecodable, RlpEncodable};

use crate::{HospitalIdentity, HostKeys, PublicKey};

/// The four keys a hospital is enrolled with. Canonically an RLP list in this order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    RlpEncodable,
    RlpDecodable,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HospitalPublicKeys {
    /// Signs the hospital's transactions.
    pub authority: PublicKey,
    /// Opens what the hospital is granted.
    pub encryption: PublicKey,
    /// Mines, votes and answers requests; the relay's identity to its peers.
    pub node: PublicKey,
    /// Receives fragments of re-encryption keys.
    pub custody: PublicKey,
}

impl HospitalPublicKeys {
    /// The keys to enrol a hospital with.
    pub fn of(identity: &HospitalIdentity, host: &HostKeys) -> Self {
        Self {
            authority: identity.authority.public_key(),
            encryption: identity.encryption.public_key(),
            node: host.node.public_key(),
            custody: host.custody.public_key(),
        }
    }
}
