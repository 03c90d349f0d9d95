//! Type 2: the consent becomes an explicit revocation, and the scope may close.

use keepwell_primitives::Maybe;
use keepwell_trie::NodeStore;

use super::{
    ExecutionError, RuleError, Step,
    log::{self, Entry},
    request::close,
    sender::{self, Claim},
};
use crate::{
    state::{ClosedReason, Consent, EventKind, Scope, ScopeEntry, State},
    transaction::RevokeAccess,
};

pub(super) fn apply<S: NodeStore>(
    state: &mut State<S>,
    step: &Step,
    claim: &Claim,
    revoke: &RevokeAccess,
) -> Result<(), ExecutionError<S::Error>> {
    let mut account = sender::sending_patient(state, &revoke.patient_id, claim)?;
    let (patient_id, disease_id) = (&revoke.patient_id, &revoke.disease_id);
    let mut scope = log::scope_of(state, patient_id, disease_id, &revoke.service_provider_id)?;
    let entry = entry_to_revoke(&scope, revoke)?;
    log::counted(account.event_count)?;

    if let Some(entry) = entry {
        close(state, &entry, ClosedReason::Revoked)?;
        let consent = Consent::Revoked {
            txid: step.txid,
            index: step.context.index,
        };
        scope.put_entry(ScopeEntry {
            consent,
            open_request: Maybe(None),
            ..entry
        });
    }
    if revoke.close_scope && scope.closed_index.0.is_none() {
        scope.closed_index = Maybe(Some(step.context.index));
    }
    state.put_scope(patient_id, disease_id, &scope)?;
    let event = Entry {
        kind: EventKind::Revoked,
        hospital_id: revoke.service_requester_id,
        disease_id: *disease_id,
        records: &[],
        request: None,
    };
    log::append(state, step, patient_id, &mut account, event)?;
    Ok(state.put_account(patient_id, &account)?)
}

/// The entry whose grant is revoked; none where only the scope is closed.
fn entry_to_revoke(scope: &Scope, revoke: &RevokeAccess) -> Result<Option<ScopeEntry>, RuleError> {
    let (hospital_id, disease_id) = (revoke.service_requester_id, revoke.disease_id);
    if revoke.names_issuer() {
        return match scope.closed_index.0 {
            Some(_) => Err(RuleError::ScopeClosed { disease_id }),
            None => Ok(None),
        };
    }
    let entry = scope
        .entry(&hospital_id)
        .filter(|entry| entry.consent.grant().is_some());
    let entry = entry.ok_or(RuleError::NoGrantToRevoke {
        hospital_id,
        disease_id,
    })?;
    Ok(Some(entry.clone()))
}
