//! Type 0: a hospital issues a record.

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PatientId};
use keepwell_primitives::{BlobId, BoundedBytes, Hash, Maybe, limits};
use serde::{Deserialize, Serialize};

use super::{DiseaseId, MalformedTransaction, RecordReference, VisitCard};

/// The record, its place in the file store and, on first use of a scope, the card that opens it.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubmitRecord {
    /// Whose record it is.
    pub patient_id: PatientId,
    /// The hospital that issues it and signs this.
    pub service_provider_id: HospitalId,
    /// The scope it belongs to.
    pub disease_id: DiseaseId,
    /// The sealed file.
    pub blob_id: BlobId,
    /// The sealed file's size in bytes.
    pub blob_size: u64,
    /// Salted commitment to the content, checked after opening.
    pub content_commitment: Hash,
    /// Umbral capsule of the record key, MessagePack.
    pub capsule: BoundedBytes<{ limits::CAPSULE_BYTES }>,
    /// The record key, encrypted to the scope's key.
    pub encrypted_record_key: BoundedBytes<{ limits::ENCRYPTED_RECORD_KEY_BYTES }>,
    /// Title, code and dates, readable by whoever can open the record.
    pub sealed_summary: BoundedBytes<{ limits::SUMMARY_BYTES_MAX }>,
    /// An earlier record of the same patient and hospital that this one corrects.
    pub supersedes: Maybe<RecordReference>,
    /// The patient's card, when and only when this opens the scope.
    pub scope_opening: Maybe<VisitCard>,
}

impl SubmitRecord {
    /// Checks what needs no state.
    ///
    /// # Errors
    /// `BlobSize`, `CapsuleLength`, `RecordKeyLength`, `SummaryEmpty`; with a card `CardPatient`,
    /// `CardHospital`, `CardScope`.
    pub(super) fn check(&self) -> Result<(), MalformedTransaction> {
        if self.blob_size == 0 || self.blob_size > limits::BLOB_BYTES_MAX {
            let (got, max) = (self.blob_size, limits::BLOB_BYTES_MAX);
            return Err(MalformedTransaction::BlobSize { got, max });
        }
        if self.capsule.len() != limits::CAPSULE_BYTES {
            let (got, expected) = (self.capsule.len(), limits::CAPSULE_BYTES);
            return Err(MalformedTransaction::CapsuleLength { got, expected });
        }
        if self.encrypted_record_key.len() != limits::ENCRYPTED_RECORD_KEY_BYTES {
            let got = self.encrypted_record_key.len();
            let expected = limits::ENCRYPTED_RECORD_KEY_BYTES;
            return Err(MalformedTransaction::RecordKeyLength { got, expected });
        }
        if self.sealed_summary.is_empty() {
            return Err(MalformedTransaction::SummaryEmpty);
        }
        match &self.scope_opening.0 {
            Some(card) => self.check_card(card),
            None => Ok(()),
        }
    }

    fn check_card(&self, card: &VisitCard) -> Result<(), MalformedTransaction> {
        if card.patient_id != self.patient_id {
            let (got, expected) = (card.patient_id, self.patient_id);
            return Err(MalformedTransaction::CardPatient { got, expected });
        }
        if card.hospital_id != self.service_provider_id {
            let (got, expected) = (card.hospital_id, self.service_provider_id);
            return Err(MalformedTransaction::CardHospital { got, expected });
        }
        if card.disease_id() != self.disease_id {
            let (got, expected) = (card.disease_id(), self.disease_id);
            return Err(MalformedTransaction::CardScope { got, expected });
        }
        Ok(())
    }
}
