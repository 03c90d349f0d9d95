//! The names by which transactions point at things.

use alloc::string::String;
use core::{fmt, str::FromStr};

use alloy_rlp::{Decodable, Encodable, RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PublicKey};
use keepwell_primitives::{Hash, hash_newtype};
use serde::{Deserialize, Serialize};

hash_newtype! {
    /// The name of a transaction: the tagged hash of its bytes without the signature.
    pub struct Txid;
}

hash_newtype! {
    /// The name of a scope. It is made from the scope's public key alone, so it says nothing about
    /// a disease to anyone but the patient and the issuing hospital.
    pub struct DiseaseId;
}

impl DiseaseId {
    /// The scope that this key opens.
    pub fn of(scope_public_key: &PublicKey) -> Self {
        Self(Hash::tagged("disease-id", &[scope_public_key.as_bytes()]))
    }
}

/// A record of a patient, by index *and* transaction: an index can mean another record after a
/// reorganisation, the pair cannot.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    RlpEncodable,
    RlpDecodable,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct RecordReference {
    /// Position in the patient's records, from 0.
    pub index: u32,
    /// The transaction that submitted it.
    pub txid: Txid,
}

/// A key request of a hospital, by owner, index *and* transaction.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    RlpEncodable,
    RlpDecodable,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct RequestReference {
    /// The hospital that asked.
    pub service_requester_id: HospitalId,
    /// Position in that hospital's requests, from 0.
    pub index: u32,
    /// The transaction that asked.
    pub txid: Txid,
}

/// Why access is given or asked for: a code of the HL7 value set *PurposeOfUse* (`TREAT`,
/// `ETREAT`, `HRESCH`, …). 1 to 16 capital letters, digits or underscores.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PurposeCode(String);

impl PurposeCode {
    /// The longest code of the value set has 10 characters.
    pub const BYTES_MAX: usize = 16;

    /// Treatment, the usual purpose.
    pub fn treatment() -> Self {
        Self(String::from("TREAT"))
    }

    /// The code's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PurposeCode {
    type Err = PurposeError;

    fn from_str(text: &str) -> Result<Self, PurposeError> {
        if text.is_empty() || text.len() > Self::BYTES_MAX {
            return Err(PurposeError::Length {
                got: text.len(),
                max: Self::BYTES_MAX,
            });
        }
        let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if let Some(character) = text.chars().find(|c| !allowed(*c)) {
            return Err(PurposeError::Character { got: character });
        }
        Ok(Self(String::from(text)))
    }
}

/// Why a text is not a purpose code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurposeError {
    /// Empty or too long.
    #[error("a purpose code has 1 to {max} characters, this has {got}")]
    Length {
        /// Bytes there were.
        got: usize,
        /// The most there may be.
        max: usize,
    },
    /// Not a capital letter, digit or underscore.
    #[error("a purpose code has capital letters, digits and underscores only, not {got:?}")]
    Character {
        /// The first wrong character.
        got: char,
    },
}

impl fmt::Display for PurposeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PurposeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Encodable for PurposeCode {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        self.0.as_str().encode(out);
    }

    fn length(&self) -> usize {
        self.0.as_str().length()
    }
}

impl Decodable for PurposeCode {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let bytes = alloy_rlp::Header::decode_bytes(buf, false)?;
        core::str::from_utf8(bytes)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(alloy_rlp::Error::Custom("not a purpose code"))
    }
}

impl Serialize for PurposeCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PurposeCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
