//! Writing to a patient's log, and pointing at records.

use keepwell_keys::{HospitalId, PatientId};
use keepwell_primitives::{BoundedList, Maybe};
use keepwell_trie::NodeStore;

use super::{ExecutionError, RuleError, Step};
use crate::{
    state::{Account, Event, EventKind, Record, Scope, State, StateError},
    transaction::{DiseaseId, RecordReference, RequestReference},
};

/// An event before it has a place in the log.
pub(super) struct Entry<'a> {
    pub(super) kind: EventKind,
    pub(super) hospital_id: HospitalId,
    pub(super) disease_id: DiseaseId,
    pub(super) records: &'a [RecordReference],
    pub(super) request: Option<RequestReference>,
}

/// The next value of a counter.
pub(super) fn counted(counter: u32) -> Result<u32, RuleError> {
    counter.checked_add(1).ok_or(RuleError::CounterAtEnd)
}

/// Writes the event at the account's next index and moves the counter, which the caller has
/// checked with [`counted`]; the caller writes the account.
pub(super) fn append<S: NodeStore>(
    state: &mut State<S>,
    step: &Step,
    patient_id: &PatientId,
    account: &mut Account,
    entry: Entry<'_>,
) -> Result<(), StateError<S::Error>> {
    let event = Event {
        kind: entry.kind,
        hospital_id: entry.hospital_id,
        disease_id: entry.disease_id,
        txid: step.txid,
        // Both lists have the same limit.
        records: BoundedList::new(entry.records.iter().map(|record| record.index).collect())
            .unwrap_or_default(),
        request: Maybe(entry.request),
        index: step.context.index,
        time: step.context.time,
    };
    state.put_event(patient_id, account.event_count, &event)?;
    account.event_count = account.event_count.saturating_add(1);
    Ok(())
}

/// The record that is meant, wherever it is.
pub(super) fn record<S: NodeStore>(
    state: &State<S>,
    patient_id: &PatientId,
    reference: &RecordReference,
) -> Result<Record, ExecutionError<S::Error>> {
    let RecordReference { index, txid } = *reference;
    let record = state
        .record(patient_id, index)?
        .filter(|record| record.txid == txid);
    Ok(record.ok_or(RuleError::NoSuchRecord { index, txid })?)
}

/// Checks that every record is the one meant and in the scope.
pub(super) fn check_records<S: NodeStore>(
    state: &State<S>,
    patient_id: &PatientId,
    disease_id: &DiseaseId,
    records: &[RecordReference],
) -> Result<(), ExecutionError<S::Error>> {
    for reference in records {
        if record(state, patient_id, reference)?.disease_id != *disease_id {
            let (index, disease_id) = (reference.index, *disease_id);
            return Err(RuleError::RecordOutsideScope { index, disease_id }.into());
        }
    }
    Ok(())
}

/// The scope, if it was opened and holds this hospital's records.
pub(super) fn scope_of<S: NodeStore>(
    state: &State<S>,
    patient_id: &PatientId,
    disease_id: &DiseaseId,
    service_provider_id: &HospitalId,
) -> Result<Scope, ExecutionError<S::Error>> {
    let disease_id = *disease_id;
    let scope = state.scope(patient_id, &disease_id)?;
    let scope = scope.ok_or(RuleError::ScopeNotOpened { disease_id })?;
    check_provider(&scope, disease_id, service_provider_id)?;
    Ok(scope)
}

/// Checks that the scope holds this hospital's records.
pub(super) fn check_provider(
    scope: &Scope,
    disease_id: DiseaseId,
    service_provider_id: &HospitalId,
) -> Result<(), RuleError> {
    if scope.service_provider_id != *service_provider_id {
        let (got, expected) = (*service_provider_id, scope.service_provider_id);
        return Err(RuleError::ScopeOfOtherHospital {
            disease_id,
            got,
            expected,
        });
    }
    Ok(())
}
