//! `POST /v1/challenges` and `POST /v1/tokens`: a signed challenge for a short-lived bearer token.

use alloc::string::String;

use keepwell_keys::{HospitalId, PatientId, PublicKey, Signature};
use keepwell_primitives::{Hash, Timestamp};
use serde::{Deserialize, Serialize};

/// As whom somebody wants to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Role {
    /// A patient, by their current key.
    Patient(PatientId),
    /// A hospital's staff or operator, by its authority key.
    Hospital(HospitalId),
}

/// Asks for a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChallengeQuestion {
    /// As whom.
    pub role: Role,
}

/// What is to be signed: `signing_digest("challenge", genesis hash, challenge)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Challenge {
    /// Random; good for one token.
    pub challenge: Hash,
    /// Until when.
    pub expires_at: Timestamp,
}

/// The domain of the signature over a challenge.
pub const CHALLENGE_DOMAIN: &str = "challenge";

/// Shows the signed challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenQuestion {
    /// As whom; the same as in the question.
    pub role: Role,
    /// What was signed.
    pub challenge: Hash,
    /// The key that signed; for a patient without an account, the key the id was made from.
    pub public_key: PublicKey,
    /// The signature.
    pub signature: Signature,
}

/// A token, to be shown as `Authorization: Bearer …`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Token {
    /// Opaque.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}
