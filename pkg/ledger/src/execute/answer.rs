//! Type 4: a custodian's answer, the patient's receipt. Accepted from each custodian once, even
//! when the request is no longer open: what was served must be on the record.

use alloc::vec::Vec;

use keepwell_keys::PublicKey;
use keepwell_primitives::{BoundedList, Maybe};
use keepwell_trie::NodeStore;

use super::{
    ExecutionError, RuleError, Step,
    log::{self, Entry},
    sender,
};
use crate::{
    state::{Answer, ClosedReason, EventKind, KeyRequest, ScopeEntry, State},
    transaction::{AnswerRequest, Outcome},
};

pub(super) fn apply<S: NodeStore>(
    state: &mut State<S>,
    step: &Step,
    sender_public_key: &PublicKey,
    answer: &AnswerRequest,
) -> Result<(), ExecutionError<S::Error>> {
    let custodian = sender::active_hospital(state, &answer.custodian_id)?;
    if *sender_public_key != custodian.public_keys.node {
        let (got, expected) = (*sender_public_key, custodian.public_keys.node);
        return Err(RuleError::SenderKey { got, expected }.into());
    }
    let (requester_id, index) = (answer.request.service_requester_id, answer.request.index);
    let request = state.request(&requester_id, index)?;
    let request = request.filter(|request| request.txid == answer.request.txid);
    let request = request.ok_or(RuleError::NoSuchRequest {
        request: answer.request,
    })?;
    check_may_answer(&request, answer)?;
    let no_account = RuleError::NoAccount {
        patient_id: request.patient_id,
    };
    let mut account = state.account(&request.patient_id)?.ok_or(no_account)?;
    log::counted(account.event_count)?;

    let request = answered(step, request, answer);
    state.put_request(&requester_id, index, &request)?;
    if request.closed.0.is_some() {
        free_place(state, &request, answer)?;
    }
    let kind = match answer.outcome {
        Outcome::Served { .. } => EventKind::Served,
        Outcome::Refused { .. } => EventKind::Refused,
    };
    let event = Entry {
        kind,
        hospital_id: answer.custodian_id,
        disease_id: request.disease_id,
        records: &request.records,
        request: Some(answer.request),
    };
    log::append(state, step, &request.patient_id, &mut account, event)?;
    Ok(state.put_account(&request.patient_id, &account)?)
}

fn check_may_answer(request: &KeyRequest, answer: &AnswerRequest) -> Result<(), RuleError> {
    let hospital_id = answer.custodian_id;
    if !request.custodians.contains(&hospital_id) {
        return Err(RuleError::NotACustodian { hospital_id });
    }
    if request
        .answers
        .iter()
        .any(|earlier| earlier.custodian_id == hospital_id)
    {
        return Err(RuleError::AlreadyAnswered { hospital_id });
    }
    Ok(())
}

/// The request with the answer, and closed if that decides it.
fn answered(step: &Step, mut request: KeyRequest, answer: &AnswerRequest) -> KeyRequest {
    let mut answers: Vec<Answer> = core::mem::take(&mut request.answers).into_vec();
    answers.push(Answer {
        custodian_id: answer.custodian_id,
        outcome: answer.outcome,
        txid: step.txid,
    });
    // One answer from each custodian, and both lists have the same limit.
    request.answers = BoundedList::new(answers).unwrap_or_default();
    let (served, refused) = request.tally();
    let threshold = request.threshold as usize;
    let decided = if served >= threshold {
        Some(ClosedReason::Served)
    } else if refused > request.custodians.len().saturating_sub(threshold) {
        Some(ClosedReason::Refused)
    } else {
        None
    };
    request.closed = Maybe(request.closed.0.or(decided));
    request
}

/// Lets the requester ask again.
fn free_place<S: NodeStore>(
    state: &mut State<S>,
    request: &KeyRequest,
    answer: &AnswerRequest,
) -> Result<(), ExecutionError<S::Error>> {
    let Some(mut scope) = state.scope(&request.patient_id, &request.disease_id)? else {
        return Ok(());
    };
    let requester_id = &answer.request.service_requester_id;
    let entry = scope.entry(requester_id);
    let takes_place = |entry: &&ScopeEntry| entry.open_request.0 == Some(answer.request.index);
    let Some(entry) = entry.filter(takes_place).cloned() else {
        return Ok(());
    };
    scope.put_entry(ScopeEntry {
        open_request: Maybe(None),
        ..entry
    });
    Ok(state.put_scope(&request.patient_id, &request.disease_id, &scope)?)
}
