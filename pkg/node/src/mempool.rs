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

#[cfg(test)]
mod tests {
    use keepwell_keys::{GenesisHash, PatientId, SecretKey};
    use keepwell_ledger::transaction::{
        Coverage, DiseaseId, GrantAccess, Ordering, PurposeCode, RecordReference,
    };
    use keepwell_primitives::{BoundedList, Hash, Timestamp};

    use super::*;

    /// A grant that lists so many records, of a sender made of the number. Its signature is not
    /// good, but the mempool is not who checks that.
    fn grant(number: u16, records: u32, signed: &Transaction) -> Arc<VerifiedTransaction> {
        let mut transaction = signed.clone();
        let Transaction::Sent(envelope) = &mut transaction else {
            panic!("a grant has a sender");
        };
        let Payload::GrantAccess(grant) = &mut envelope.payload else {
            panic!("it is a grant");
        };
        let mut id = [0; 32];
        id[..2].copy_from_slice(&number.to_be_bytes());
        grant.patient_id = PatientId::from_bytes(id);
        let records = (0..records).map(|index| RecordReference {
            index,
            txid: Txid(Hash::ZERO),
        });
        grant.coverage = Coverage::Records(BoundedList::new(records.collect()).unwrap());
        let checked = VerifiedTransaction::verify_all([transaction].into(), |_| Ok::<_, ()>(()));
        Arc::new(checked.unwrap().remove(0))
    }

    fn signed() -> Transaction {
        let key = SecretKey::from_bytes([7; 32]).unwrap();
        let payload = Payload::GrantAccess(GrantAccess {
            patient_id: PatientId::from_bytes([0; 32]),
            service_requester_id: HospitalId::from_bytes([1; 32]),
            service_provider_id: HospitalId::from_bytes([2; 32]),
            disease_id: DiseaseId(Hash::ZERO),
            purpose: PurposeCode::treatment(),
            expires_at: Timestamp::MAX,
            coverage: Coverage::Scope,
            threshold: 1,
            custodians: BoundedList::default(),
            fragment_commitments: BoundedList::default(),
            verifying_key: key.public_key(),
            receiving_key: key.public_key(),
        });
        let order = Ordering {
            nonce: 0,
            valid_until_index: BlockIndex(9),
        };
        Transaction::sign(payload, order, GenesisHash(Hash::ZERO), &key)
    }

    /// Fills a mempool with grants that list so many records; returns how many it took.
    fn filled(records: u32) -> (Mempool, usize) {
        let (mut mempool, signed) = (Mempool::default(), signed());
        for number in 0..=u16::MAX {
            let next = grant(number, records, &signed);
            if let Err(rejected) = mempool.check(&next) {
                assert_eq!(rejected, TransactionRejected::MempoolFull);
                return (mempool, usize::from(number));
            }
            assert!(mempool.insert(next));
        }
        panic!("the mempool has no end");
    }

    #[test]
    fn mempool_holds_so_many_transactions() {
        let (mut mempool, count) = filled(1);
        assert_eq!(count, MEMPOOL_TRANSACTIONS_MAX);
        let (signed, last) = (signed(), u16::try_from(count).unwrap());
        let gone = grant(3, 1, &signed).txid();
        assert!(mempool.remove(&gone));
        assert_eq!(mempool.check(&grant(last, 1, &signed)), Ok(()));
    }

    #[test]
    fn mempool_holds_so_many_bytes() {
        let (mempool, count) = filled(128);
        assert!(count < MEMPOOL_TRANSACTIONS_MAX);
        let size = mempool.by_arrival()[0].bytes().len();
        assert_eq!(count, MEMPOOL_BYTES_MAX / size);
        assert_eq!(mempool.bytes, count * size);
    }

    #[test]
    fn what_returns_to_a_full_mempool_is_kept_and_goes_first() {
        let (mut mempool, count) = filled(128);
        let signed = signed();
        for number in [50_000, 50_001] {
            assert!(mempool.insert_first(grant(number, 128, &signed)));
        }
        let order = mempool.by_arrival();
        assert_eq!(order.len(), count + 2);
        assert_eq!(order[0].txid(), grant(50_001, 128, &signed).txid());
        assert_eq!(order[1].txid(), grant(50_000, 128, &signed).txid());
        assert_eq!(order[2].txid(), grant(0, 128, &signed).txid());
    }

    #[test]
    fn a_removed_transaction_leaves_nothing_behind() {
        let (mut mempool, signed) = (Mempool::default(), signed());
        let one = grant(1, 1, &signed);
        assert!(mempool.insert(one.clone()));
        assert!(!mempool.insert(one.clone()), "its place is taken");
        assert_eq!(mempool.remove_mined(&one), [one.txid()]);
        assert!(mempool.waiting.is_empty() && mempool.by_sender.is_empty());
        assert_eq!(mempool.bytes, 0);
        assert!(!mempool.remove(&one.txid()));
    }
}
