//! Answering key requests: re-encrypt or refuse, and store the answer.

use keepwell_custody::{
    Answer as Answered, AnsweredRecord, Capsule, CheckedFragment, SealedFragment, reencrypt,
};
use keepwell_ledger::{
    state::{Grant, KeyRequest, State},
    transaction::{AnswerRequest, Outcome, RefusalReason, RequestReference, Transaction},
};
use keepwell_primitives::{BoundedBytes, BoundedList, Milliseconds};
use rand_core::OsRng;

use super::{
    handle::{Custodian, CustodianError},
    table::{self, StoredAnswer, WaitingRequest},
};
use crate::{
    chain::ChainError,
    clock,
    store::{Batch, NodeTable, Table},
};

/// How long a request waits for a fragment that is still on its way before it is refused.
const FRAGMENT_WAIT: Milliseconds = Milliseconds(5 * 60 * 1000);

/// What is done with a waiting request now.
enum Decision {
    /// Nothing yet: the fragment may still come.
    Wait,
    /// It is not for this custodian, or answered already.
    Drop,
    /// Refuse it.
    Refuse(RequestReference, RefusalReason),
    /// Serve it.
    Serve(RequestReference, Answered),
}

impl Custodian {
    /// Decides every waiting request and stores the answers.
    pub(super) fn answer_waiting(&self) -> Result<(), CustodianError> {
        for waiting in self.waiting_requests()? {
            let _deciding = self.decide();
            let key = table::by_request(table::WAITING, &waiting.txid);
            let mut batch = Batch::new();
            match self.decision(&waiting)? {
                Decision::Wait => continue,
                Decision::Drop => {}
                Decision::Refuse(request, reason) => {
                    tracing::info!(request = %request.txid, ?reason, "refused a key request");
                    self.store_answer(request, Outcome::Refused { reason }, None, &mut batch);
                }
                Decision::Serve(request, answered) => {
                    tracing::info!(request = %request.txid, "served a key request");
                    let outcome = Outcome::Served {
                        commitment: answered.commitment(),
                    };
                    self.store_answer(request, outcome, Some(&answered), &mut batch);
                }
            }
            batch.remove(Table::Requests, key);
            self.store().commit(batch)?;
        }
        Ok(())
    }

    fn decision(&self, waiting: &WaitingRequest) -> Result<Decision, CustodianError> {
        let state = self.shared.chain.final_state()?;
        let Some((reference, request)) = find_request(&state, waiting)? else {
            return Ok(Decision::Drop);
        };
        let own_id = self.shared.chain.hospital_id();
        let Some(position) = request.custodians.iter().position(|id| *id == own_id) else {
            return Ok(Decision::Drop);
        };
        let answered = request
            .answers
            .iter()
            .any(|answer| answer.custodian_id == own_id);
        let stored = table::by_request(table::ANSWERED, &waiting.txid);
        if answered || self.store().get(Table::Requests, &stored)?.is_some() {
            return Ok(Decision::Drop);
        }
        let Some(grant) = self.live_grant(&state, &reference, &request)? else {
            return Ok(Decision::Refuse(reference, RefusalReason::NotLive));
        };
        let fragment = match self.fragment(&request, &reference, &grant, position)? {
            Some(Ok(fragment)) => fragment,
            Some(Err(())) => return Ok(Decision::Refuse(reference, RefusalReason::Invalid)),
            None if clock::now().since(waiting.time) < FRAGMENT_WAIT => return Ok(Decision::Wait),
            None => return Ok(Decision::Refuse(reference, RefusalReason::NoFragment)),
        };
        Ok(match self.reencrypted(&state, &request, &fragment)? {
            Some(answered) => Decision::Serve(reference, answered),
            None => Decision::Refuse(reference, RefusalReason::Invalid),
        })
    }

    /// The grant that the request relies on, if it stands in the final state, has not expired by
    /// this host's own clock, and no revocation of it has been seen.
    pub(super) fn live_grant(
        &self,
        state: &State<NodeTable>,
        reference: &RequestReference,
        request: &KeyRequest,
    ) -> Result<Option<Grant>, CustodianError> {
        let requester = &reference.service_requester_id;
        let scope = state.scope(&request.patient_id, &request.disease_id);
        let scope = scope.map_err(ChainError::from)?;
        let grant = scope
            .as_ref()
            .and_then(|scope| scope.live_grant(requester, clock::now()));
        let Some(grant) = grant.filter(|grant| grant.txid == request.grant_txid) else {
            return Ok(None);
        };
        let (patient, disease) = (request.patient_id, request.disease_id);
        let is_revoked = self
            .shared
            .chain
            .read(|node| node.revocation_waits(&patient, &disease, requester));
        if is_revoked || !self.stands_at_head(request, reference)? {
            return Ok(None);
        }
        Ok(Some(grant.clone()))
    }

    /// A revocation or replacement that is mined but not final counts at once, too.
    fn stands_at_head(
        &self,
        request: &KeyRequest,
        reference: &RequestReference,
    ) -> Result<bool, CustodianError> {
        let head = self.shared.chain.head_state()?;
        let scope = head.scope(&request.patient_id, &request.disease_id);
        let scope = scope.map_err(ChainError::from)?;
        let requester = &reference.service_requester_id;
        let grant = scope
            .as_ref()
            .and_then(|scope| scope.live_grant(requester, clock::now()));
        Ok(grant.is_some_and(|grant| grant.txid == request.grant_txid))
    }

    /// The fragment kept for this grant, checked once more; `Err` if it is not good any more.
    fn fragment(
        &self,
        request: &KeyRequest,
        reference: &RequestReference,
        grant: &Grant,
        position: usize,
    ) -> Result<Option<Result<CheckedFragment, ()>>, CustodianError> {
        let key = table::fragment_key(
            &request.patient_id,
            &request.disease_id,
            &reference.service_requester_id,
            &grant.txid,
        );
        let Some(bytes) = self.store().get(Table::Fragments, &key)? else {
            return Ok(None);
        };
        let Some(access) = self.mined_grant(&grant.txid)? else {
            return Ok(None);
        };
        let Some(terms) = self.terms(&access)? else {
            return Ok(None);
        };
        let opened = SealedFragment::from_bytes(&bytes)
            .ok()
            .and_then(|sealed| sealed.open(&self.shared.custody_key).ok())
            .and_then(|opened| opened.check(&terms, position).ok());
        Ok(Some(opened.ok_or(())))
    }

    /// Every record of the request, re-encrypted; none if a capsule cannot be.
    fn reencrypted(
        &self,
        state: &State<NodeTable>,
        request: &KeyRequest,
        fragment: &CheckedFragment,
    ) -> Result<Option<Answered>, CustodianError> {
        let mut records = Vec::with_capacity(request.records.len());
        for reference in request.records.iter() {
            let record = state.record(&request.patient_id, reference.index);
            let Some(record) = record.map_err(ChainError::from)? else {
                return Ok(None);
            };
            let Ok(capsule) = Capsule::from_bytes(&record.capsule) else {
                return Ok(None);
            };
            let Ok(made) = reencrypt(&mut OsRng, &capsule, fragment) else {
                return Ok(None);
            };
            records.push(AnsweredRecord {
                record: reference.txid.0,
                fragment: made,
            });
        }
        let own_id = self.shared.chain.hospital_id();
        Ok(Answered::new(request.txid.0, own_id, records).ok())
    }

    fn store_answer(
        &self,
        request: RequestReference,
        outcome: Outcome,
        answered: Option<&Answered>,
        batch: &mut Batch,
    ) {
        let custodian_id = self.shared.chain.hospital_id();
        let answer = AnswerRequest {
            custodian_id,
            request,
            outcome,
        };
        let genesis_hash = self.shared.chain.genesis_hash();
        let transaction = Transaction::sign_answer(answer, genesis_hash, &self.shared.node_key);
        let items = answered.map(Answered::to_items).unwrap_or_default();
        let items: Vec<_> = items
            .iter()
            .filter_map(|item| BoundedBytes::new(item.to_canonical_bytes()).ok())
            .collect();
        let stored = StoredAnswer {
            service_requester_id: request.service_requester_id,
            request_index: request.index,
            request_txid: request.txid,
            txid: transaction.txid(),
            // An answer's transaction is a few hundred bytes; its items are at most four.
            transaction: BoundedBytes::new(transaction.to_bytes()).unwrap_or_default(),
            decided_at: clock::now(),
            items: BoundedList::new(items).unwrap_or_default(),
        };
        let key = table::by_request(table::ANSWERED, &request.txid);
        batch.put(Table::Requests, key, table::encode(&stored));
    }
}

/// The request that a transaction made: among the requester's, from the newest back.
pub(super) fn find_request(
    state: &State<NodeTable>,
    waiting: &WaitingRequest,
) -> Result<Option<(RequestReference, KeyRequest)>, CustodianError> {
    let service_requester_id = waiting.service_requester_id;
    let hospital = state
        .hospital(&service_requester_id)
        .map_err(ChainError::from)?;
    let Some(hospital) = hospital else {
        return Ok(None);
    };
    for index in (0..hospital.request_count).rev() {
        let request = state
            .request(&service_requester_id, index)
            .map_err(ChainError::from)?;
        let Some(request) = request else { continue };
        if request.txid == waiting.txid {
            let txid = waiting.txid;
            return Ok(Some((
                RequestReference {
                    service_requester_id,
                    index,
                    txid,
                },
                request,
            )));
        }
        if request.time < waiting.time {
            break;
        }
    }
    Ok(None)
}
