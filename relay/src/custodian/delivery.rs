//! Bringing stored answers to their ends: the receipt to the chain, then the items to the mailbox of
//! the hospital that asked.

use futures::{TryStreamExt, stream};
use keepwell_ledger::{state::KeyRequest, transaction::RequestReference};
use keepwell_node::Submitted;
use keepwell_primitives::{BoundedList, Milliseconds};
use keepwell_wire::peer::{Answer, AnswerForRequester, Question};

use super::{
    handle::{Custodian, CustodianError},
    table::{self, StoredAnswer},
};
use crate::{
    chain::ChainError,
    clock,
    host::Host,
    peers::Topic,
    store::{Batch, Order, Table},
};

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

impl Custodian {
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
