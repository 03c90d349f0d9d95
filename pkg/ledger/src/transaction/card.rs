//! The visit card: what a patient shows a hospital so that it may write into a new scope.
//!
//! The card names one hospital and one scope, lapses, and opens that scope once. Whether the scope
//! was opened before is for the state to say; here are the bytes, the text for QR codes, and the
//! signature.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, str::FromStr};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use bech32::{Bech32m, Hrp};
use keepwell_keys::{
    GenesisHash, HospitalId, PatientId, PublicKey, SecretKey, Signature, SignatureCheck,
    signing_digest,
};
use keepwell_primitives::{CanonicalError, Hash, Timestamp, decode_canonical, encode_canonical};
use serde::{Deserialize, Serialize};

use super::DiseaseId;

/// What starts the text of a card.
const PREFIX: &str = "kwv";

/// A card with its genesis hash: two ids, two keys, a time, a signature and a hash, with their RLP
/// heads, make at most 246.
const CARD_BYTES_MAX: usize = 256;

/// Lets `hospital_id` open the scope of `scope_public_key` for the patient, before `not_after`.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VisitCard {
    /// The patient, as this hospital knows them.
    pub patient_id: PatientId,
    /// The patient's current key, by which the card is signed.
    pub public_key: PublicKey,
    /// The one hospital that the card is for.
    pub hospital_id: HospitalId,
    /// Records of the scope are sealed for this key.
    pub scope_public_key: PublicKey,
    /// The card opens nothing from this moment on.
    pub not_after: Timestamp,
    /// By `public_key`, over the other fields.
    pub signature: Signature,
}

impl VisitCard {
    /// Makes a card with the patient's current key.
    pub fn sign(
        patient_id: PatientId,
        patient_key: &SecretKey,
        hospital_id: HospitalId,
        scope_public_key: PublicKey,
        not_after: Timestamp,
        genesis_hash: &GenesisHash,
    ) -> Self {
        let mut card = Self {
            patient_id,
            public_key: patient_key.public_key(),
            hospital_id,
            scope_public_key,
            not_after,
            signature: Signature::PLACEHOLDER,
        };
        card.signature = keepwell_keys::sign(patient_key, &card.digest(genesis_hash));
        card
    }

    /// The scope that the card opens.
    pub fn disease_id(&self) -> DiseaseId {
        DiseaseId::of(&self.scope_public_key)
    }

    /// The card's signature as a value to check.
    pub fn signature_check(&self, genesis_hash: &GenesisHash) -> SignatureCheck {
        SignatureCheck {
            public_key: self.public_key,
            digest: self.digest(genesis_hash),
            signature: self.signature,
        }
    }

    /// What the card's reader can check without the chain: signature, hospital and time. A card of
    /// a patient without an account must bear the key that the id was made from; `account_key` is
    /// the current key of one who has an account.
    ///
    /// # Errors
    /// [`VisitCardError::Forged`], [`VisitCardError::WrongKey`],
    /// [`VisitCardError::OtherHospital`], [`VisitCardError::Expired`].
    pub fn check(
        &self,
        genesis_hash: &GenesisHash,
        hospital_id: &HospitalId,
        account_key: Option<&PublicKey>,
        now: Timestamp,
    ) -> Result<(), VisitCardError> {
        self.signature_check(genesis_hash)
            .verify()
            .map_err(|_| VisitCardError::Forged)?;
        let is_patients_key = match account_key {
            Some(key) => *key == self.public_key,
            None => PatientId::of(&self.public_key) == self.patient_id,
        };
        if !is_patients_key {
            return Err(VisitCardError::WrongKey {
                patient_id: self.patient_id,
            });
        }
        if self.hospital_id != *hospital_id {
            let (got, expected) = (self.hospital_id, *hospital_id);
            return Err(VisitCardError::OtherHospital { got, expected });
        }
        if now >= self.not_after {
            return Err(VisitCardError::Expired {
                not_after: self.not_after,
                now,
            });
        }
        Ok(())
    }

    fn digest(&self, genesis_hash: &GenesisHash) -> Hash {
        let unsigned: [&dyn alloy_rlp::Encodable; 5] = [
            &self.patient_id,
            &self.public_key,
            &self.hospital_id,
            &self.scope_public_key,
            &self.not_after,
        ];
        let mut bytes = Vec::new();
        crate::rlp::encode_fields(&unsigned, &mut bytes);
        signing_digest("visit-card", genesis_hash, &bytes)
    }
}

/// A card as it is shown: with the network it is for, as bech32m text (`kwv1…`) that a QR code
/// holds and that notices a typing mistake.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct VisitCardText {
    /// The network the card is for.
    pub genesis_hash: GenesisHash,
    /// The card.
    pub card: VisitCard,
}

impl VisitCardText {
    /// What a reader of a shown card checks: that it is for this network, and [`VisitCard::check`].
    ///
    /// # Errors
    /// [`VisitCardError::WrongGenesis`], and those of [`VisitCard::check`].
    pub fn check(
        &self,
        genesis_hash: &GenesisHash,
        hospital_id: &HospitalId,
        account_key: Option<&PublicKey>,
        now: Timestamp,
    ) -> Result<(), VisitCardError> {
        if self.genesis_hash != *genesis_hash {
            let (got, expected) = (self.genesis_hash.0, genesis_hash.0);
            return Err(VisitCardError::WrongGenesis { got, expected });
        }
        self.card.check(genesis_hash, hospital_id, account_key, now)
    }
}

impl fmt::Display for VisitCardText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = encode_canonical(self);
        bech32::encode_to_fmt::<Bech32m, _>(f, prefix(), &bytes).map_err(|_| fmt::Error)
    }
}

impl FromStr for VisitCardText {
    type Err = VisitCardError;

    /// Reads a card, whatever white space or line breaks were copied with it.
    fn from_str(text: &str) -> Result<Self, VisitCardError> {
        let text: String = text.split_whitespace().collect();
        if !text.to_ascii_lowercase().starts_with("kwv1") {
            let got = text.chars().take(8).collect();
            return Err(VisitCardError::NotACard { got });
        }
        let checked = bech32::primitives::decode::CheckedHrpstring::new::<Bech32m>(&text).map_err(
            |error| VisitCardError::Text {
                error: error.to_string(),
            },
        )?;
        let bytes: Vec<u8> = checked.byte_iter().collect();
        Ok(decode_canonical(&bytes, CARD_BYTES_MAX)?)
    }
}

fn prefix() -> Hrp {
    Hrp::parse_unchecked(PREFIX)
}

/// Why a visit card is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum VisitCardError {
    /// Some other text.
    #[error("a visit card starts with kwv1, this starts with {got:?}")]
    NotACard { got: String },
    /// The text's own checksum fails.
    #[error("the visit card was cut or mistyped: {error}")]
    Text { error: String },
    /// The text holds something else than a card.
    #[error("the visit card's bytes are wrong: {0}")]
    Bytes(#[from] CanonicalError),
    /// Made for another network.
    #[error("the visit card is for network {got}, this is {expected}")]
    WrongGenesis { got: Hash, expected: Hash },
    /// The signature fails.
    #[error("the visit card was not signed by the key it names")]
    Forged,
    /// Signed, but not with the patient's key.
    #[error("the visit card's key is not the current key of patient {patient_id}")]
    WrongKey { patient_id: PatientId },
    /// A card lets one hospital write.
    #[error("the visit card is for hospital {got}, this is {expected}")]
    OtherHospital {
        got: HospitalId,
        expected: HospitalId,
    },
    /// Too late.
    #[error("the visit card lapsed at {not_after}, now it is {now}")]
    Expired {
        not_after: Timestamp,
        now: Timestamp,
    },
}
