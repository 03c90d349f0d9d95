//! Who sends a transaction, and the checks that are the same for all of them.

use keepwell_keys::{HospitalId, PatientId, PublicKey};
use keepwell_trie::NodeStore;

use super::{BlockContext, ExecutionError, RuleError};
use crate::{
    state::{Account, Hospital, State},
    transaction::{Ordering, Payload},
};

/// A patient or a hospital that sends transactions under a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sender {
    /// Grants and revokes.
    Patient(PatientId),
    /// Submits and requests.
    Hospital(HospitalId),
}

impl Sender {
    /// Who sends this.
    pub fn of(payload: &Payload) -> Self {
        match payload {
            Payload::SubmitRecord(submit) => Self::Hospital(submit.service_provider_id),
            Payload::RequestKey(request) => Self::Hospital(request.service_requester_id),
            Payload::GrantAccess(_) | Payload::RevokeAccess(_) => {
                Self::Patient(payload.patient_id())
            }
        }
    }

    /// The key and the next nonce that the state holds for this sender; `None` for one that it
    /// does not know.
    ///
    /// # Errors
    /// [`ExecutionError::State`].
    pub fn standing<S: NodeStore>(
        &self,
        state: &State<S>,
    ) -> Result<Option<(PublicKey, u64)>, ExecutionError<S::Error>> {
        Ok(match self {
            Self::Patient(id) => state
                .account(id)?
                .map(|account| (account.public_key, account.nonce)),
            Self::Hospital(id) => state
                .hospital(id)?
                .map(|hospital| (hospital.public_keys.authority, hospital.nonce)),
        })
    }
}

/// What a transaction says of its sender.
pub(super) struct Claim {
    pub(super) public_key: PublicKey,
    pub(super) nonce: u64,
}

impl Claim {
    fn check(&self, public_key: PublicKey, nonce: u64) -> Result<(), RuleError> {
        if self.public_key != public_key {
            let (got, expected) = (self.public_key, public_key);
            return Err(RuleError::SenderKey { got, expected });
        }
        if self.nonce != nonce {
            return Err(RuleError::Nonce {
                got: self.nonce,
                expected: nonce,
            });
        }
        Ok(())
    }
}

pub(super) fn check_validity(order: &Ordering, context: &BlockContext) -> Result<(), RuleError> {
    if context.index > order.valid_until_index {
        let (valid_until_index, index) = (order.valid_until_index, context.index);
        return Err(RuleError::NoLongerValid {
            valid_until_index,
            index,
        });
    }
    Ok(())
}

/// The account of a patient who sends, its nonce already moved on.
pub(super) fn sending_patient<S: NodeStore>(
    state: &State<S>,
    patient_id: &PatientId,
    claim: &Claim,
) -> Result<Account, ExecutionError<S::Error>> {
    let no_account = RuleError::NoAccount {
        patient_id: *patient_id,
    };
    let account = state.account(patient_id)?.ok_or(no_account)?;
    claim.check(account.public_key, account.nonce)?;
    Ok(Account {
        nonce: account.nonce + 1,
        ..account
    })
}

/// An active hospital that sends, its nonce already moved on.
pub(super) fn sending_hospital<S: NodeStore>(
    state: &State<S>,
    hospital_id: &HospitalId,
    claim: &Claim,
) -> Result<Hospital, ExecutionError<S::Error>> {
    let hospital = active_hospital(state, hospital_id)?;
    claim.check(hospital.public_keys.authority, hospital.nonce)?;
    Ok(Hospital {
        nonce: hospital.nonce + 1,
        ..hospital
    })
}

/// An active hospital.
pub(super) fn active_hospital<S: NodeStore>(
    state: &State<S>,
    hospital_id: &HospitalId,
) -> Result<Hospital, ExecutionError<S::Error>> {
    let hospital_id = *hospital_id;
    let hospital = state
        .hospital(&hospital_id)?
        .ok_or(RuleError::NotEnrolled { hospital_id })?;
    if !hospital.is_active() {
        return Err(RuleError::Retired { hospital_id }.into());
    }
    Ok(hospital)
}
