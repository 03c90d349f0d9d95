//! Transactions that wait: for each sender in the order of their nonces, answers beside them.

use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};

use keepwell_keys::HospitalId;
use keepwell_ledger::{
    block::BlockHash,
    execute::Sender,
    transaction::{
        Payload, RequestReference, RevokeAccess, Transaction, Txid, VerifiedTransaction,
    },
};
use keepwell_primitives::{BlockIndex, limits};

use crate::submit::TransactionRejected;

/// Transactions that may wait at one node, of all senders together.
pub const MEMPOOL_TRANSACTIONS_MAX: usize = 16 * 1024;

/// Bytes that may wait at one node: eight full blocks.
pub const MEMPOOL_BYTES_MAX: usize = 8 * limits::BLOCK_BYTES_MAX;

/// What waits at this node.
#[derive(Default)]
pub(crate) struct Mempool {
    waiting: BTreeMap<Txid, Waiting>,
    by_sender: BTreeMap<Sender, BTreeMap<u64, Txid>>,
    answers: BTreeMap<(RequestReference, HospitalId), Txid>,
    bytes: usize,
    newest_arrival: i64,
    oldest_arrival: i64,
}

/// One transaction that waits.
pub(crate) struct Waiting {
    pub(crate) transaction: Arc<VerifiedTransaction>,
    /// Counts up: who came first is mined first. Below zero for what was mined before.
    arrival: i64,
    /// For how many heads the state has refused it, and the last of them.
    refused_heads: u32,
    refused_at: Option<BlockHash>,
}

/// Where a transaction stands among the others.
enum Place {
    Nonce(Sender, u64),
    Answer(RequestReference, HospitalId),
}

impl Mempool {
    /// May this one wait, for all that the mempool alone can say? Of two with the same sender and
    /// nonce the first stays.
    pub(crate) fn check(
        &self,
        transaction: &VerifiedTransaction,
    ) -> Result<(), TransactionRejected> {
        if self.waiting.contains_key(&transaction.txid()) {
            return Err(TransactionRejected::AlreadyWaiting);
        }
        match place(transaction.transaction()) {
            Place::Nonce(sender, nonce) => {
                let queue = self.by_sender.get(&sender);
                if queue.is_some_and(|queue| queue.contains_key(&nonce)) {
                    return Err(TransactionRejected::NonceTaken { nonce });
                }
                let max = limits::PENDING_PER_SENDER_MAX;
                if queue.is_some_and(|queue| queue.len() >= max) {
                    return Err(TransactionRejected::SenderQuota { max });
                }
            }
            Place::Answer(request, custodian) => {
                if self.answers.contains_key(&(request, custodian)) {
                    return Err(TransactionRejected::AlreadyWaiting);
                }
            }
        }
        let is_full = self.waiting.len() >= MEMPOOL_TRANSACTIONS_MAX
            || self.bytes.saturating_add(transaction.bytes().len()) > MEMPOOL_BYTES_MAX;
        if is_full {
            return Err(TransactionRejected::MempoolFull);
        }
        Ok(())
    }

    /// Takes a transaction after all others. The caller has checked it, or took it before a
    /// restart; false if its place is taken.
    pub(crate) fn insert(&mut self, transaction: Arc<VerifiedTransaction>) -> bool {
        self.newest_arrival += 1;
        self.insert_at(self.newest_arrival, transaction)
    }

    /// Takes a transaction before all others: it was mined on a chain that was left. No limit
    /// holds it back, for it was accepted once and nobody may remember it but this node.
    pub(crate) fn insert_first(&mut self, transaction: Arc<VerifiedTransaction>) -> bool {
        self.oldest_arrival -= 1;
        self.insert_at(self.oldest_arrival, transaction)
    }

    fn insert_at(&mut self, arrival: i64, transaction: Arc<VerifiedTransaction>) -> bool {
        let txid = transaction.txid();
        if self.at(&place(transaction.transaction())).is_some() {
            return false;
        }
        match place(transaction.transaction()) {
            Place::Nonce(sender, nonce) => {
                self.by_sender
                    .entry(sender)
                    .or_default()
                    .insert(nonce, txid);
            }
            Place::Answer(request, custodian) => {
                self.answers.insert((request, custodian), txid);
            }
        }
        self.bytes += transaction.bytes().len();
        let waiting = Waiting {
            transaction,
            arrival,
            refused_heads: 0,
            refused_at: None,
        };
        self.waiting.insert(txid, waiting);
        true
    }

    pub(crate) fn remove(&mut self, txid: &Txid) -> bool {
        let Some(Waiting { transaction, .. }) = self.waiting.remove(txid) else {
            return false;
        };
        self.bytes = self.bytes.saturating_sub(transaction.bytes().len());
        match place(transaction.transaction()) {
            Place::Nonce(sender, nonce) => {
                if let Some(queue) = self.by_sender.get_mut(&sender) {
                    queue.remove(&nonce);
                    if queue.is_empty() {
                        self.by_sender.remove(&sender);
                    }
                }
            }
            Place::Answer(request, custodian) => {
                self.answers.remove(&(request, custodian));
            }
        }
        true
    }

    /// Removes a transaction that was mined and whatever it leaves no place for: the same nonce or
    /// one before it, or another answer of the custodian. Returns what waited.
    pub(crate) fn remove_mined(&mut self, mined: &VerifiedTransaction) -> Vec<Txid> {
        let gone: Vec<Txid> = match place(mined.transaction()) {
            Place::Nonce(sender, nonce) => self
                .by_sender
                .get(&sender)
                .into_iter()
                .flat_map(|queue| queue.range(..=nonce).map(|(_, txid)| *txid))
                .collect(),
            answer @ Place::Answer(..) => self.at(&answer).into_iter().collect(),
        };
        gone.iter().for_each(|txid| {
            self.remove(txid);
        });
        gone
    }

    pub(crate) fn get(&self, txid: &Txid) -> Option<&VerifiedTransaction> {
        self.waiting.get(txid).map(|waiting| &*waiting.transaction)
    }

    /// What waits in the place that this transaction would take.
    pub(crate) fn rival(&self, transaction: &VerifiedTransaction) -> Option<Txid> {
        self.at(&place(transaction.transaction()))
    }

    /// The sender's next transaction after this one, if it waits.
    pub(crate) fn follower(
        &self,
        transaction: &VerifiedTransaction,
    ) -> Option<Arc<VerifiedTransaction>> {
        let Place::Nonce(sender, nonce) = place(transaction.transaction()) else {
            return None;
        };
        let txid = self.at(&Place::Nonce(sender, nonce.checked_add(1)?))?;
        self.waiting
            .get(&txid)
            .map(|waiting| waiting.transaction.clone())
    }

    /// Notes that the state refuses a transaction at this head, and says at how many heads so far.
    pub(crate) fn refused_at(&mut self, txid: &Txid, head: BlockHash) -> u32 {
        let Some(waiting) = self.waiting.get_mut(txid) else {
            return 0;
        };
        if waiting.refused_at.replace(head) != Some(head) {
            waiting.refused_heads += 1;
        }
        waiting.refused_heads
    }

    /// Every transaction, in the order they came.
    pub(crate) fn by_arrival(&self) -> Vec<&Arc<VerifiedTransaction>> {
        let mut all: Vec<_> = self.waiting.values().collect();
        all.sort_by_key(|waiting| waiting.arrival);
        all.into_iter()
            .map(|waiting| &waiting.transaction)
            .collect()
    }

    /// Does a revocation of this access wait, with whatever nonce, that may still be mined?
    pub(crate) fn revokes(
        &self,
        next_index: BlockIndex,
        is_meant: impl Fn(&RevokeAccess) -> bool,
    ) -> bool {
        self.waiting
            .values()
            .any(|waiting| match waiting.transaction.transaction() {
                Transaction::Sent(envelope) => match &envelope.payload {
                    Payload::RevokeAccess(revoke) => {
                        envelope.order.valid_until_index >= next_index && is_meant(revoke)
                    }
                    _ => false,
                },
                Transaction::Answer(_) => false,
            })
    }

    fn at(&self, place: &Place) -> Option<Txid> {
        match place {
            Place::Nonce(sender, nonce) => self.by_sender.get(sender)?.get(nonce).copied(),
            Place::Answer(request, custodian) => self.answers.get(&(*request, *custodian)).copied(),
        }
    }
}

fn place(transaction: &Transaction) -> Place {
    match transaction {
        Transaction::Sent(envelope) => {
            Place::Nonce(Sender::of(&envelope.payload), envelope.order.nonce)
        }
        Transaction::Answer(envelope) => {
            Place::Answer(envelope.payload.request, envelope.payload.custodian_id)
        }
    }
}
