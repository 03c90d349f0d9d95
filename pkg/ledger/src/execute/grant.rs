//! Type 1: the grant replaces that hospital's earlier one on the scope as a whole.

use keepwell_primitives::{Maybe, limits};
use keepwell_trie::NodeStore;

use super::{
    ExecutionError, RuleError, Step,
    log::{self, Entry},
    request::close,
    sender::{self, Claim},
};
use crate::{
    state::{Access, ClosedReason, Consent, EventKind, Grant, Hospital, Scope, ScopeEntry, State},
    transaction::{Coverage, GrantAccess},
};

pub(super) fn apply<S: NodeStore>(
    state: &mut State<S>,
    step: &Step,
    claim: &Claim,
    grant: &GrantAccess,
) -> Result<(), ExecutionError<S::Error>> {
    let mut account = sender::sending_patient(state, &grant.patient_id, claim)?;
    let (patient_id, disease_id) = (&grant.patient_id, &grant.disease_id);
    let mut scope = log::scope_of(state, patient_id, disease_id, &grant.service_provider_id)?;
    let mut requester = check_parties(state, step, grant)?;
    let listed: &[_] = match &grant.coverage {
        Coverage::Scope => &[],
        Coverage::Records(records) => records,
    };
    log::check_records(state, patient_id, disease_id, listed)?;
    log::counted(account.event_count)?;
    let earlier = scope.entry(&grant.service_requester_id).cloned();
    let access_count = match &earlier {
        Some(_) => requester.access_count,
        None => check_room(&scope, &requester, grant)?,
    };

    match &earlier {
        Some(entry) => close(state, entry, ClosedReason::Replaced)?,
        None => {
            let access = Access {
                patient_id: *patient_id,
                disease_id: *disease_id,
            };
            let requester_id = &grant.service_requester_id;
            state.put_access(requester_id, requester.access_count, &access)?;
            requester.access_count = access_count;
            state.put_hospital(requester_id, &requester)?;
        }
    }
    put_entry(&mut scope, step, grant, earlier);
    state.put_scope(patient_id, disease_id, &scope)?;
    let entry = Entry {
        kind: EventKind::Granted,
        hospital_id: grant.service_requester_id,
        disease_id: *disease_id,
        records: listed,
        request: None,
    };
    log::append(state, step, patient_id, &mut account, entry)?;
    Ok(state.put_account(patient_id, &account)?)
}

/// A hospital that is new to the scope needs a place there and a number in its own index. Returns
/// the index's next count.
fn check_room(scope: &Scope, requester: &Hospital, grant: &GrantAccess) -> Result<u32, RuleError> {
    if scope.is_full() {
        let (disease_id, max) = (grant.disease_id, limits::SCOPE_ENTRIES_MAX);
        return Err(RuleError::ScopeFull { disease_id, max });
    }
    log::counted(requester.access_count)
}

/// The requester and every custodian are active, the fragments are for the requester's key, and
/// the end is still to come. Returns the requester.
fn check_parties<S: NodeStore>(
    state: &State<S>,
    step: &Step,
    grant: &GrantAccess,
) -> Result<Hospital, ExecutionError<S::Error>> {
    let requester = sender::active_hospital(state, &grant.service_requester_id)?;
    for custodian in grant.custodians.iter() {
        sender::active_hospital(state, custodian)?;
    }
    if grant.receiving_key != requester.public_keys.encryption {
        let (got, expected) = (grant.receiving_key, requester.public_keys.encryption);
        return Err(RuleError::ReceivingKey { got, expected }.into());
    }
    if step.context.time >= grant.expires_at {
        let (expires_at, time) = (grant.expires_at, step.context.time);
        return Err(RuleError::GrantExpired { expires_at, time }.into());
    }
    Ok(requester)
}

fn put_entry(scope: &mut Scope, step: &Step, grant: &GrantAccess, earlier: Option<ScopeEntry>) {
    let consent = Consent::Granted(Grant {
        txid: step.txid,
        index: step.context.index,
        purpose: grant.purpose.clone(),
        expires_at: grant.expires_at,
        coverage: grant.coverage.clone(),
        threshold: grant.threshold,
        custodians: grant.custodians.clone(),
        fragment_commitments: grant.fragment_commitments.clone(),
        verifying_key: grant.verifying_key,
        receiving_key: grant.receiving_key,
    });
    // How often the hospital asked today is counted on through a replacement.
    let (requests_day, requests_today) =
        earlier.map_or((0, 0), |entry| (entry.requests_day, entry.requests_today));
    scope.put_entry(ScopeEntry {
        hospital_id: grant.service_requester_id,
        consent,
        open_request: Maybe(None),
        requests_day,
        requests_today,
    });
}
