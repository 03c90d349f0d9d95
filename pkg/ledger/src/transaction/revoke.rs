//! Type 2: a patient takes a grant back, closes a scope, or both.

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PatientId};
use serde::{Deserialize, Serialize};

use super::{DiseaseId, MalformedTransaction};

/// Names the hospital that loses access. Named on the issuer itself, it only closes the scope:
/// what the issuer wrote it knows already.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeAccess {
    /// Who revokes, and signs this.
    pub patient_id: PatientId,
    /// The hospital that loses access.
    pub service_requester_id: HospitalId,
    /// The hospital that issued the scope's records.
    pub service_provider_id: HospitalId,
    /// The scope.
    pub disease_id: DiseaseId,
    /// Whether later records must go to another scope.
    pub close_scope: bool,
}

impl RevokeAccess {
    /// Does it name the issuer, and so only close the scope?
    pub fn names_issuer(&self) -> bool {
        self.service_requester_id == self.service_provider_id
    }

    /// Checks what needs no state.
    ///
    /// # Errors
    /// `RevokeWithoutEffect` for the issuer without closing.
    pub(super) fn check(&self) -> Result<(), MalformedTransaction> {
        if self.names_issuer() && !self.close_scope {
            return Err(MalformedTransaction::RevokeWithoutEffect);
        }
        Ok(())
    }
}
