//! Type 0: the record, its event, and on first use the account and the scope.

use keepwell_keys::PatientId;
use keepwell_primitives::{BoundedList, Maybe};
use keepwell_trie::NodeStore;

use super::{
    ExecutionError, RuleError, Step,
    log::{self, Entry},
    sender::{self, Claim},
};
use crate::{
    state::{Access, Account, EventKind, Record, Scope, State},
    transaction::{RecordReference, SubmitRecord, VisitCard},
};

pub(super) fn apply<S: NodeStore>(
    state: &mut State<S>,
    step: &Step,
    claim: &Claim,
    submit: &SubmitRecord,
) -> Result<(), ExecutionError<S::Error>> {
    let mut hospital = sender::sending_hospital(state, &submit.service_provider_id, claim)?;
    let account = state.account(&submit.patient_id)?;
    let opened = match state.scope(&submit.patient_id, &submit.disease_id)? {
        Some(scope) => check_open(&scope, submit).map(|()| None)?,
        None => Some(open(step, submit, account.as_ref())?),
    };
    let mut account = match (account, &opened) {
        (Some(account), _) => account,
        (None, Some((_, card))) => new_account(card),
        (None, None) => {
            return Err(RuleError::NoAccount {
                patient_id: submit.patient_id,
            }
            .into());
        }
    };
    check_superseded(state, submit)?;
    let record_index = account.record_count;
    let record_count = log::counted(record_index)?;
    log::counted(account.event_count)?;
    let issued_count = match &opened {
        Some(_) => log::counted(hospital.issued_count)?,
        None => hospital.issued_count,
    };

    if let Some((scope, _)) = opened {
        state.put_scope(&submit.patient_id, &submit.disease_id, &scope)?;
        let issued = Access {
            patient_id: submit.patient_id,
            disease_id: submit.disease_id,
        };
        state.put_issued(&submit.service_provider_id, hospital.issued_count, &issued)?;
        hospital.issued_count = issued_count;
    }
    state.put_hospital(&submit.service_provider_id, &hospital)?;
    state.put_record(&submit.patient_id, record_index, &record(step, submit))?;
    account.record_count = record_count;
    let entry = Entry {
        kind: EventKind::Submitted,
        hospital_id: submit.service_provider_id,
        disease_id: submit.disease_id,
        records: &[RecordReference {
            index: record_index,
            txid: step.txid,
        }],
        request: None,
    };
    log::append(state, step, &submit.patient_id, &mut account, entry)?;
    Ok(state.put_account(&submit.patient_id, &account)?)
}

/// While a scope is open its hospital submits without a card; a closed one takes nothing more.
fn check_open(scope: &Scope, submit: &SubmitRecord) -> Result<(), RuleError> {
    let disease_id = submit.disease_id;
    log::check_provider(scope, disease_id, &submit.service_provider_id)?;
    if scope.closed_index.0.is_some() {
        return Err(RuleError::ScopeClosed { disease_id });
    }
    if submit.scope_opening.0.is_some() {
        return Err(RuleError::ScopeAlreadyOpen { disease_id });
    }
    Ok(())
}

/// A scope opens only with a card of the patient's current key, before it lapses. That the card is
/// for this patient, hospital and scope was checked when the transaction was parsed.
fn open<'a>(
    step: &Step,
    submit: &'a SubmitRecord,
    account: Option<&Account>,
) -> Result<(Scope, &'a VisitCard), RuleError> {
    let disease_id = submit.disease_id;
    let card = submit.scope_opening.0.as_ref();
    let card = card.ok_or(RuleError::ScopeNotOpened { disease_id })?;
    if step.context.time >= card.not_after {
        let (not_after, time) = (card.not_after, step.context.time);
        return Err(RuleError::CardExpired { not_after, time });
    }
    let is_patients_key = match account {
        Some(account) => account.public_key == card.public_key,
        None => PatientId::of(&card.public_key) == submit.patient_id,
    };
    if !is_patients_key {
        return Err(RuleError::CardKey {
            patient_id: submit.patient_id,
        });
    }
    let scope = Scope {
        service_provider_id: submit.service_provider_id,
        public_key: card.scope_public_key,
        opened_index: step.context.index,
        closed_index: Maybe(None),
        entries: BoundedList::default(),
    };
    Ok((scope, card))
}

fn new_account(card: &VisitCard) -> Account {
    Account {
        public_key: card.public_key,
        nonce: 0,
        record_count: 0,
        event_count: 0,
    }
}

fn check_superseded<S: NodeStore>(
    state: &State<S>,
    submit: &SubmitRecord,
) -> Result<(), ExecutionError<S::Error>> {
    let Some(reference) = &submit.supersedes.0 else {
        return Ok(());
    };
    let record = log::record(state, &submit.patient_id, reference)?;
    if record.service_provider_id != submit.service_provider_id {
        let (got, expected) = (submit.service_provider_id, record.service_provider_id);
        let index = reference.index;
        return Err(RuleError::SupersedesOtherHospital {
            index,
            got,
            expected,
        }
        .into());
    }
    Ok(())
}

fn record(step: &Step, submit: &SubmitRecord) -> Record {
    Record {
        txid: step.txid,
        disease_id: submit.disease_id,
        service_provider_id: submit.service_provider_id,
        blob_id: submit.blob_id,
        blob_size: submit.blob_size,
        content_commitment: submit.content_commitment,
        capsule: submit.capsule.clone(),
        encrypted_record_key: submit.encrypted_record_key.clone(),
        sealed_summary: submit.sealed_summary.clone(),
        supersedes: submit.supersedes,
        issued_index: step.context.index,
        issued_at: step.context.time,
    }
}
