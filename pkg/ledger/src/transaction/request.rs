//! Type 3: a hospital asks the custodians for the keys of records it was granted.

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PatientId};
use keepwell_primitives::{BoundedList, limits};
use serde::{Deserialize, Serialize};

use super::{
    DiseaseId, MalformedTransaction, PurposeCode, RecordReference, grant::check_ascending,
};

/// Names the records; custodians answer once the request is final.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestKey {
    /// Whose records.
    pub patient_id: PatientId,
    /// The hospital that asks, and signs this.
    pub service_requester_id: HospitalId,
    /// The hospital that issued them.
    pub service_provider_id: HospitalId,
    /// The scope they are in.
    pub disease_id: DiseaseId,
    /// Which: strictly ascending by index, at least one.
    pub records: BoundedList<RecordReference, { limits::LISTED_RECORDS_MAX }>,
    /// The purpose of the grant it relies on.
    pub purpose: PurposeCode,
}

impl RequestKey {
    /// Checks what needs no state.
    ///
    /// # Errors
    /// `NoRecordsRequested`, `RecordsNotAscending`.
    pub(super) fn check(&self) -> Result<(), MalformedTransaction> {
        if self.records.is_empty() {
            return Err(MalformedTransaction::NoRecordsRequested);
        }
        check_ascending(&self.records)
    }
}
