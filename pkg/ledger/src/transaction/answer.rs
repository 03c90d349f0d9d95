//! Type 4: a custodian's receipt that it served or refused a key request.

use alloy_rlp::{Decodable, Encodable, Header, RlpDecodable, RlpEncodable};
use keepwell_keys::HospitalId;
use keepwell_primitives::Hash;
use serde::{Deserialize, Serialize};

use super::RequestReference;
use crate::rlp::{encode_fields, fields_length, rlp_code};

/// Signed by the custodian's node key. It has no nonce: each custodian answers a request once.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerRequest {
    /// The custodian that answers.
    pub custodian_id: HospitalId,
    /// What it answers.
    pub request: RequestReference,
    /// Served or refused.
    pub outcome: Outcome,
}

/// How a custodian answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Outcome {
    /// It re-encrypted; the tagged hash of the fragments it delivered.
    Served {
        /// Commitment to the re-encrypted fragments.
        commitment: Hash,
    },
    /// It did not.
    Refused {
        /// Why.
        reason: RefusalReason,
    },
}

/// Why a custodian refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum RefusalReason {
    /// No fragment of this grant ever reached it.
    NoFragment = 1,
    /// It knows a revocation, or holds the grant for expired by its own clock.
    NotLive = 2,
    /// The fragment, or a record's capsule, failed its check.
    Invalid = 3,
}

rlp_code!(
    RefusalReason,
    "unknown refusal reason",
    [NoFragment, NotLive, Invalid]
);

/// `[0, commitment]` for served, `[1, reason]` for refused.
impl Encodable for Outcome {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        match self {
            Self::Served { commitment } => encode_fields(&[&0_u8, commitment], out),
            Self::Refused { reason } => encode_fields(&[&1_u8, reason], out),
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Served { commitment } => fields_length(&[&0_u8, commitment]),
            Self::Refused { reason } => fields_length(&[&1_u8, reason]),
        }
    }
}

impl Decodable for Outcome {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let mut fields = Header::decode_bytes(buf, true)?;
        let outcome = match u8::decode(&mut fields)? {
            0 => Self::Served {
                commitment: Hash::decode(&mut fields)?,
            },
            1 => Self::Refused {
                reason: RefusalReason::decode(&mut fields)?,
            },
            _ => return Err(alloy_rlp::Error::Custom("unknown outcome")),
        };
        if !fields.is_empty() {
            return Err(alloy_rlp::Error::Custom("bytes follow the outcome"));
        }
        Ok(outcome)
    }
}
