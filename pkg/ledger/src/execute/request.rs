//! Type 3: a key request under a live grant, one at a time and not too often.

use keepwell_keys::HospitalId;
use keepwell_primitives::{BoundedList, Maybe};
use keepwell_trie::NodeStore;

use super::{
    ExecutionError, RuleError, Step,
    log::{self, Entry},
    sender::{self, Claim},
};
use crate::{
    state::{ClosedReason, EventKind, Grant, KeyRequest, Scope, ScopeEntry, State, StateError},
    transaction::{RequestKey, RequestReference},
};

/// Requests of one hospital on one scope in a UTC day: a ward that opens a record at each shift
/// stays well below.
pub const REQUESTS_PER_DAY_MAX: u32 = 16;

pub(super) fn apply<S: NodeStore>(
    state: &mut State<S>,
    step: &Step,
    claim: &Claim,
    request: &RequestKey,
) -> Result<(), ExecutionError<S::Error>> {
    let requester_id = request.service_requester_id;
    let mut requester = sender::sending_hospital(state, &requester_id, claim)?;
    let (patient_id, disease_id) = (&request.patient_id, &request.disease_id);
    let mut scope = log::scope_of(state, patient_id, disease_id, &request.service_provider_id)?;
    let (grant, entry) = live_grant(&scope, step, request)?;
    check_terms(&grant, request)?;
    log::check_records(state, patient_id, disease_id, &request.records)?;
    check_none_open(state, step, &requester_id, &entry)?;
    let requests_today = requests_today(step, &entry)?;
    let no_account = RuleError::NoAccount {
        patient_id: *patient_id,
    };
    let mut account = state.account(patient_id)?.ok_or(no_account)?;
    log::counted(account.event_count)?;
    let index = requester.request_count;
    requester.request_count = log::counted(index)?;

    state.put_request(&requester_id, index, &opened(step, request, &grant))?;
    state.put_hospital(&requester_id, &requester)?;
    let requests_day = step.context.time.utc_day();
    let open_request = Maybe(Some(index));
    scope.put_entry(ScopeEntry {
        open_request,
        requests_day,
        requests_today,
        ..entry
    });
    state.put_scope(patient_id, disease_id, &scope)?;
    let event = Entry {
        kind: EventKind::Requested,
        hospital_id: requester_id,
        disease_id: *disease_id,
        records: &request.records,
        request: Some(RequestReference {
            service_requester_id: requester_id,
            index,
            txid: step.txid,
        }),
    };
    log::append(state, step, patient_id, &mut account, event)?;
    Ok(state.put_account(patient_id, &account)?)
}

/// Marks the open request of an entry, if any, as closed before its time.
pub(super) fn close<S: NodeStore>(
    state: &mut State<S>,
    entry: &ScopeEntry,
    reason: ClosedReason,
) -> Result<(), StateError<S::Error>> {
    let Some(index) = entry.open_request.0 else {
        return Ok(());
    };
    let Some(mut request) = state.request(&entry.hospital_id, index)? else {
        return Ok(());
    };
    request.closed = Maybe(Some(reason));
    state.put_request(&entry.hospital_id, index, &request)
}

fn live_grant(
    scope: &Scope,
    step: &Step,
    request: &RequestKey,
) -> Result<(Grant, ScopeEntry), RuleError> {
    let (hospital_id, disease_id) = (request.service_requester_id, request.disease_id);
    let grant = scope.live_grant(&hospital_id, step.context.time);
    let both = grant.zip(scope.entry(&hospital_id));
    let (grant, entry) = both.ok_or(RuleError::NoLiveGrant {
        hospital_id,
        disease_id,
    })?;
    Ok((grant.clone(), entry.clone()))
}

fn check_terms(grant: &Grant, request: &RequestKey) -> Result<(), RuleError> {
    if request.purpose != grant.purpose {
        let (got, expected) = (request.purpose.clone(), grant.purpose.clone());
        return Err(RuleError::Purpose { got, expected });
    }
    match request
        .records
        .iter()
        .find(|record| !grant.coverage.covers(record))
    {
        Some(record) => Err(RuleError::RecordNotCovered {
            index: record.index,
        }),
        None => Ok(()),
    }
}

fn check_none_open<S: NodeStore>(
    state: &State<S>,
    step: &Step,
    requester_id: &HospitalId,
    entry: &ScopeEntry,
) -> Result<(), ExecutionError<S::Error>> {
    let Some(index) = entry.open_request.0 else {
        return Ok(());
    };
    let earlier = state.request(requester_id, index)?;
    if earlier.is_some_and(|earlier| earlier.is_open(step.context.time)) {
        return Err(RuleError::RequestStillOpen { index }.into());
    }
    Ok(())
}

fn requests_today(step: &Step, entry: &ScopeEntry) -> Result<u32, RuleError> {
    let is_today = entry.requests_day == step.context.time.utc_day();
    let before = if is_today { entry.requests_today } else { 0 };
    if before >= REQUESTS_PER_DAY_MAX {
        return Err(RuleError::TooManyRequests {
            max: REQUESTS_PER_DAY_MAX,
        });
    }
    Ok(before + 1)
}

fn opened(step: &Step, request: &RequestKey, grant: &Grant) -> KeyRequest {
    KeyRequest {
        txid: step.txid,
        patient_id: request.patient_id,
        service_provider_id: request.service_provider_id,
        disease_id: request.disease_id,
        records: request.records.clone(),
        purpose: request.purpose.clone(),
        grant_txid: grant.txid,
        custodians: grant.custodians.clone(),
        threshold: grant.threshold,
        index: step.context.index,
        time: step.context.time,
        closed: Maybe(None),
        answers: BoundedList::default(),
    }
}
