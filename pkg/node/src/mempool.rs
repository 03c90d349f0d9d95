//! Transactions that wait: for each sender in the order of their nonces, answers beside them.

use alloc::{collections::BTreeMap, vec::Vec};

use keepwell_keys::HospitalId;
use keepwell_ledger::{
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
    arrivals: u64,
}

/// One transaction that waits.
pub(crate) struct Waiting {
    pub(crate) transaction: VerifiedTransaction,
    /// Counts up: who came first is mined first.
    pub(crate) arrival: u64,
    /// For how many heads in a row the state has refused it.
    pub(crate) refused_heads: u32,
}

/// Where a transaction stands among the others.
enum Place {
    Nonce(Sender, u64),
    Answer(RequestReference, HospitalId),
}

impl Mempool {
    /// Takes a transaction. Of two with the same sender and nonce the first stays.
    pub(crate) fn insert(
        &mut self,
        transaction: VerifiedTransaction,
    ) -> Result<(), TransactionRejected> {
        let (txid, size) = (transaction.txid(), transaction.bytes().len());
        if self.waiting.contains_key(&txid) {
            return Err(TransactionRejected::AlreadyWaiting);
        }
        let is_full = self.waiting.len() >= MEMPOOL_TRANSACTIONS_MAX
            || self.bytes.saturating_add(size) > MEMPOOL_BYTES_MAX;
        if is_full {
            return Err(TransactionRejected::MempoolFull);
        }
        match place(transaction.transaction()) {
            Place::Nonce(sender, nonce) => {
                let queue = self.by_sender.entry(sender).or_default();
                if queue.contains_key(&nonce) {
                    return Err(TransactionRejected::NonceTaken { nonce });
                }
                if queue.len() >= limits::PENDING_PER_SENDER_MAX {
                    let max = limits::PENDING_PER_SENDER_MAX;
                    return Err(TransactionRejected::SenderQuota { max });
                }
                queue.insert(nonce, txid);
            }
            Place::Answer(request, custodian) => {
                if self.answers.contains_key(&(request, custodian)) {
                    return Err(TransactionRejected::AlreadyWaiting);
                }
                self.answers.insert((request, custodian), txid);
            }
        }
        self.bytes += size;
        self.arrivals += 1;
        let waiting = Waiting {
            transaction,
            arrival: self.arrivals,
            refused_heads: 0,
        };
        self.waiting.insert(txid, waiting);
        Ok(())
    }

    pub(crate) fn remove(&mut self, txid: &Txid) -> Option<VerifiedTransaction> {
        let removed = self.waiting.remove(txid)?.transaction;
        self.bytes = self.bytes.saturating_sub(removed.bytes().len());
        match place(removed.transaction()) {
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
        Some(removed)
    }

    pub(crate) fn get(&self, txid: &Txid) -> Option<&VerifiedTransaction> {
        self.waiting.get(txid).map(|waiting| &waiting.transaction)
    }

    pub(crate) fn get_mut(&mut self, txid: &Txid) -> Option<&mut Waiting> {
        self.waiting.get_mut(txid)
    }

    /// Every transaction, in the order they came.
    pub(crate) fn by_arrival(&self) -> Vec<&Waiting> {
        let mut all: Vec<_> = self.waiting.values().collect();
        all.sort_by_key(|waiting| waiting.arrival);
        all
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
