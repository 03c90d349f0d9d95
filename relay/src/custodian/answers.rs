//! Answering key requests: re-encrypt or refuse, store the answer, announce it, deliver it.

use futures::{TryStreamExt, stream};
use keepwell_custody::{
    Answer as Answered, AnsweredRecord, Capsule, CheckedFragment, SealedFragment, reencrypt,
};
use keepwell_ledger::{
    state::{Grant, KeyRequest, State},
    transaction::{AnswerRequest, Outcome, RefusalReason, RequestReference, Transaction},
};
use keepwell_node::Submitted;
use keepwell_primitives::{BoundedBytes, BoundedList, Milliseconds};
use keepwell_wire::peer::{Answer, AnswerForRequester, Question};
use rand_core::OsRng;

use super::{
    handle::{Custodian, CustodianError},
    table::{self, StoredAnswer, WaitingRequest},
};
use crate::{
    chain::ChainError,
    clock,
    host::Host,
    peers::Topic,
    store::{Batch, NodeTable, Order, Table},
};

/// How long a request waits for a fragment that is still on its way before it is refused.
const FRAGMENT_WAIT: Milliseconds = Milliseconds(5 * 60 * 1000);

/// How long a delivery is tried, and an answer that the chain does not take is sent again: after
/// that the requester asks anew.
const DELIVERY_WAIT: Milliseconds = KeyRequest::OPEN_FOR;

/// Answers announced and delivered at the same time: one hospital that is slow to take its own
/// must not hold up the others'.
const ANSWERS_AT_ONCE: usize = 16;

/// How far an answer's transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Announced {
    /// The chain does not take it now.
    No,
    /// It waits, or stands in a block that may yet be replaced.
    Yes,
    /// It stands in a final block.
    Final,
}

/// Whether an answer's items may be handed over now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MayDeliver {
    /// The grant stands.
    Yes,
    /// The request is not on the chain at present.
    NotNow,
    /// The grant was revoked, replaced or has run out since, or it has taken too long.
    NoMore,
}

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

    /// Announces every stored answer until it is final, and delivers it until it is taken.
    pub(super) async fn announce_and_deliver(&self, host: &Host) -> Result<(), CustodianError> {
        let answers = self.blocking(Self::stored_answers).await?;
        let each = stream::iter(answers.into_iter().map(Ok));
        each.try_for_each_concurrent(ANSWERS_AT_ONCE, |answer| self.bring(host, answer))
            .await
    }

    /// Brings one answer as far as it goes now. Only this changes a stored answer, one wake at a
    /// time, so that what is written back has not changed meanwhile.
    async fn bring(&self, host: &Host, before: StoredAnswer) -> Result<(), CustodianError> {
        let mut answer = before.clone();
        let announced = self.announced(host, &answer).await?;
        if announced != Announced::No {
            self.deliver(host, &mut answer).await?;
        }
        let is_late = clock::now().since(answer.decided_at) > DELIVERY_WAIT;
        let is_done = match announced {
            // What the chain has refused for so long answers a request that is gone.
            Announced::No => is_late,
            Announced::Yes => false,
            Announced::Final => answer.items.is_empty(),
        };
        if !is_done && answer == before {
            return Ok(());
        }
        if announced == Announced::No {
            tracing::warn!(request = %answer.request_txid, "an answer that the chain did not take was given up");
        }
        let key = table::by_request(table::ANSWERED, &answer.request_txid);
        let mut batch = Batch::new();
        if is_done {
            batch.remove(Table::Requests, key);
        } else {
            batch.put(Table::Requests, key, table::encode(&answer));
        }
        self.blocking(move |custodian| Ok(custodian.store().commit(batch)?))
            .await
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
    fn live_grant(
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

    fn stored_answers(&self) -> Result<Vec<StoredAnswer>, CustodianError> {
        let entries =
            self.store()
                .scan_prefix(Table::Requests, &[table::ANSWERED], Order::Ascending);
        entries.map(|entry| Ok(table::decode(&entry?.1)?)).collect()
    }

    /// Puts the receipt before the chain, and says how far it is: nothing is delivered without one.
    async fn announced(
        &self,
        host: &Host,
        answer: &StoredAnswer,
    ) -> Result<Announced, CustodianError> {
        let (txid, bytes) = (answer.txid, answer.transaction.to_vec());
        let step = move |custodian: &Self| {
            let chain = &custodian.shared.chain;
            if let Some(found) = chain.find(&txid)? {
                let final_index = chain.head().final_index;
                let is_final = found.block.is_some_and(|(index, _)| index <= final_index);
                return Ok(Err(if is_final {
                    Announced::Final
                } else {
                    Announced::Yes
                }));
            }
            Ok(Ok((chain.submit(&bytes)?, bytes)))
        };
        let (submitted, bytes) = match self.blocking(step).await? {
            Ok(submitted) => submitted,
            Err(announced) => return Ok(announced),
        };
        Ok(match submitted {
            Ok((_, Submitted::Accepted)) => {
                if let Err(error) = host.peers.publish(Topic::Transactions, bytes).await {
                    tracing::warn!(%txid, %error, "an answer was not published; it will be mined here");
                }
                Announced::Yes
            }
            Ok((_, Submitted::AlreadyKnown)) => Announced::Yes,
            Ok((_, Submitted::Rejected(reason))) => {
                tracing::debug!(%txid, %reason, "an answer of this custodian was not taken");
                Announced::No
            }
            Err(error) => {
                tracing::error!(%txid, %error, "an answer of this custodian is malformed");
                Announced::No
            }
        })
    }

    /// Delivers what is still undelivered, and leaves in the answer what was not taken.
    async fn deliver(&self, host: &Host, answer: &mut StoredAnswer) -> Result<(), CustodianError> {
        if answer.items.is_empty() {
            return Ok(());
        }
        let asked = answer.clone();
        match self
            .blocking(move |custodian| custodian.may_deliver(&asked))
            .await?
        {
            MayDeliver::Yes => {}
            MayDeliver::NotNow => return Ok(()),
            MayDeliver::NoMore => {
                tracing::info!(request = %answer.request_txid, "an answer is not delivered any more");
                answer.items = BoundedList::default();
                return Ok(());
            }
        }
        let Some(peer) = host.directory.peer(&answer.service_requester_id) else {
            return Ok(());
        };
        let request = reference(answer);
        let mut left = core::mem::take(&mut answer.items).into_vec();
        // In order, and no further than the first that is not taken: the next would not be, either.
        while let Some(bytes) = left.first().cloned() {
            let question = Question::Deliver(AnswerForRequester { request, bytes });
            let answered = host.peers.request(peer, question.to_bytes()).await;
            let is_taken =
                answered.is_ok_and(|bytes| matches!(Answer::from_bytes(&bytes), Ok(Answer::Taken)));
            if !is_taken {
                break;
            }
            left.remove(0);
        }
        answer.items = BoundedList::new(left).unwrap_or_default();
        Ok(())
    }

    /// A revocation seen after the decision counts, too: what has not been handed over then stays
    /// here.
    fn may_deliver(&self, answer: &StoredAnswer) -> Result<MayDeliver, CustodianError> {
        if clock::now().since(answer.decided_at) > DELIVERY_WAIT {
            return Ok(MayDeliver::NoMore);
        }
        let state = self.shared.chain.head_state()?;
        let request = state
            .request(&answer.service_requester_id, answer.request_index)
            .map_err(ChainError::from)?
            .filter(|request| request.txid == answer.request_txid);
        let Some(request) = request else {
            return Ok(MayDeliver::NotNow);
        };
        let grant = self.live_grant(&state, &reference(answer), &request)?;
        Ok(match grant {
            Some(_) => MayDeliver::Yes,
            None => MayDeliver::NoMore,
        })
    }
}

fn reference(answer: &StoredAnswer) -> RequestReference {
    RequestReference {
        service_requester_id: answer.service_requester_id,
        index: answer.request_index,
        txid: answer.request_txid,
    }
}

/// The request that a transaction made: among the requester's, from the newest back.
fn find_request(
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
