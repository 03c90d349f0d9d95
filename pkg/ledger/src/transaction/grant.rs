//! Type 1: a patient lets a hospital open a scope until a date.

use alloy_rlp::{Decodable, Encodable, RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PatientId, PublicKey};
use keepwell_primitives::{BoundedList, Hash, Maybe, Timestamp, limits};
use serde::{Deserialize, Serialize};

use super::{DiseaseId, MalformedTransaction, PurposeCode, RecordReference};
use crate::rlp::{encode_fields, fields_length};

/// The terms of a grant. It replaces that hospital's earlier grant on the scope as a whole.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantAccess {
    /// Who grants, and signs this.
    pub patient_id: PatientId,
    /// The hospital that may open.
    pub service_requester_id: HospitalId,
    /// The hospital that issued the scope's records.
    pub service_provider_id: HospitalId,
    /// The scope.
    pub disease_id: DiseaseId,
    /// What the hospital may use it for.
    pub purpose: PurposeCode,
    /// The grant is live before this moment.
    pub expires_at: Timestamp,
    /// All records of the scope, or those listed.
    pub coverage: Coverage,
    /// How many custodians must answer a request.
    pub threshold: u32,
    /// Who holds a fragment: strictly ascending.
    pub custodians: BoundedList<HospitalId, { limits::CUSTODIANS_MAX }>,
    /// The tagged hash of each custodian's fragment, in the order of `custodians`.
    pub fragment_commitments: BoundedList<Hash, { limits::CUSTODIANS_MAX }>,
    /// The key under which the fragments are signed.
    pub verifying_key: PublicKey,
    /// The hospital's encryption key that the fragments are made for.
    pub receiving_key: PublicKey,
}

/// What a grant opens within its scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Coverage {
    /// Every record of the scope, those issued later too.
    Scope,
    /// These records only: strictly ascending by index, at least one.
    Records(BoundedList<RecordReference, { limits::LISTED_RECORDS_MAX }>),
}

impl Coverage {
    /// Does it cover this record of its scope?
    pub fn covers(&self, record: &RecordReference) -> bool {
        match self {
            Self::Scope => true,
            Self::Records(records) => records.contains(record),
        }
    }
}

/// Canonically an empty list for the whole scope, else a list that holds the list of records: so
/// that a grant which lists nothing never reads as one of everything.
impl Encodable for Coverage {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        match self {
            Self::Scope => encode_fields(&[], out),
            Self::Records(records) => encode_fields(&[records], out),
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Scope => fields_length(&[]),
            Self::Records(records) => fields_length(&[records]),
        }
    }
}

impl Decodable for Coverage {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let listed = Maybe::decode(buf)?;
        Ok(listed.0.map_or(Self::Scope, Self::Records))
    }
}

impl GrantAccess {
    /// Checks what needs no state.
    ///
    /// # Errors
    /// `GrantToIssuer`, `RecordsNotAscending`, `CustodiansNotAscending`, `CommitmentCount`,
    /// `RequesterAsCustodian`, `ThresholdOutOfRange`, `ThresholdTooLow`, `CoverageEmpty`.
    pub(super) fn check(&self) -> Result<(), MalformedTransaction> {
        if self.service_requester_id == self.service_provider_id {
            return Err(MalformedTransaction::GrantToIssuer {
                got: self.service_requester_id,
            });
        }
        if let Coverage::Records(records) = &self.coverage {
            if records.is_empty() {
                return Err(MalformedTransaction::CoverageEmpty);
            }
            check_ascending(records)?;
        }
        self.check_custodians()
    }

    fn check_custodians(&self) -> Result<(), MalformedTransaction> {
        if !self.custodians.is_sorted_by(|a, b| a < b) {
            return Err(MalformedTransaction::CustodiansNotAscending);
        }
        if self.fragment_commitments.len() != self.custodians.len() {
            let (got, expected) = (self.fragment_commitments.len(), self.custodians.len());
            return Err(MalformedTransaction::CommitmentCount { got, expected });
        }
        if self.custodians.contains(&self.service_requester_id) {
            let got = self.service_requester_id;
            return Err(MalformedTransaction::RequesterAsCustodian { got });
        }
        let custodians = self.custodians.len();
        if self.threshold == 0 || self.threshold as usize > custodians {
            let got = self.threshold;
            return Err(MalformedTransaction::ThresholdOutOfRange { got, custodians });
        }
        let only_the_issuer = *self.custodians == [self.service_provider_id];
        if self.threshold < 2 && !only_the_issuer {
            return Err(MalformedTransaction::ThresholdTooLow {
                got: self.threshold,
            });
        }
        Ok(())
    }
}

/// # Errors
/// `RecordsNotAscending` unless the indexes strictly rise.
pub(super) fn check_ascending(records: &[RecordReference]) -> Result<(), MalformedTransaction> {
    if records.is_sorted_by(|a, b| a.index < b.index) {
        return Ok(());
    }
    Err(MalformedTransaction::RecordsNotAscending)
}
