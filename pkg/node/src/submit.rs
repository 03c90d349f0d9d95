//! Taking a transaction into the mempool.

use alloc::sync::Arc;

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    execute::{ExecutionError, RuleError},
    transaction::{DiseaseId, Txid, VerifiedTransaction},
};
use keepwell_primitives::{Timestamp, limits};

use crate::{ChainStore, Change, Node, NodeError, Outcome, pending::Pending};

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It waits now.
    Accepted,
    /// It waited already, or is mined.
    AlreadyKnown,
    /// It was not taken.
    Rejected(TransactionRejected),
}

/// Why a transaction was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are what the message says of them")]
pub enum TransactionRejected {
    /// The rules forbid it in this state.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The same one.
    #[error("the transaction waits already")]
    AlreadyWaiting,
    /// Another one of the sender has this nonce and came first.
    #[error("another transaction of the sender with nonce {nonce} waits already")]
    NonceTaken { nonce: u64 },
    /// The nonce is further ahead than the sender may have waiting.
    #[error("nonce {got} is too far ahead of the sender's next one, {next}")]
    NonceTooFarAhead { got: u64, next: u64 },
    /// One sender cannot fill the mempool.
    #[error("{max} transactions of the sender wait already")]
    SenderQuota { max: usize },
    /// The node is flooded.
    #[error("too many transactions wait at this node: try again later")]
    MempoolFull,
}

impl<S: ChainStore> Node<S> {
    /// Takes a transaction whose signatures have been checked. It is applied to the state with all
    /// that waits before it, so the sender hears at once which rule forbids it. One whose nonce is
    /// ahead waits for those before it.
    ///
    /// # Errors
    /// [`NodeError`] if the store cannot be read.
    pub fn submit(
        &mut self,
        transaction: VerifiedTransaction,
        now: Timestamp,
    ) -> Result<Outcome<Submitted>, NodeError<S::Error>> {
        let txid = transaction.txid();
        if self.mempool.get(&txid).is_some() || self.is_mined(&txid)? {
            return Ok(Outcome::unchanged(Submitted::AlreadyKnown));
        }
        let mut change = Change::default();
        let mut pending = self.take_pending(now, &mut change)?;
        pending.set_time(self.next_time(now));
        let transaction = Arc::new(transaction);
        let taken = self.admit(&mut pending, &transaction, &mut change)?;
        self.pending = Some(pending);
        let value = match taken {
            Ok(()) => {
                let bytes = transaction.bytes().to_vec();
                change.mempool_added.push((txid, bytes));
                Submitted::Accepted
            }
            Err(rejected) => Submitted::Rejected(rejected),
        };
        Ok(Outcome { value, change })
    }

    /// A transaction that waits.
    pub fn waiting(&self, txid: &Txid) -> Option<&VerifiedTransaction> {
        self.mempool.get(txid)
    }

    /// Everything that waits, in the order it came.
    pub fn all_waiting(&self) -> impl Iterator<Item = &VerifiedTransaction> {
        self.mempool
            .by_arrival()
            .into_iter()
            .map(|transaction| &**transaction)
    }

    /// Does a revocation of this hospital's access wait here? It is honoured from the moment it is
    /// seen, whatever its nonce.
    pub fn revocation_waits(
        &self,
        patient: &PatientId,
        disease: &DiseaseId,
        hospital: &HospitalId,
    ) -> bool {
        self.mempool
            .revokes(self.chain.tip().index.next(), |revoke| {
                revoke.patient_id == *patient
                    && revoke.disease_id == *disease
                    && revoke.service_requester_id == *hospital
            })
    }

    fn is_mined(&self, txid: &Txid) -> Result<bool, NodeError<S::Error>> {
        Ok(self
            .store
            .transaction_block(txid)
            .map_err(NodeError::Store)?
            .is_some())
    }

    /// Puts a transaction into the mempool and the pending state, or into neither. Only senders
    /// that the state knows may have something waiting, with their current key, and only so far
    /// ahead: nobody else can fill the mempool.
    fn admit(
        &mut self,
        pending: &mut Pending<S::Nodes>,
        transaction: &Arc<VerifiedTransaction>,
        change: &mut Change,
    ) -> Result<Result<(), TransactionRejected>, NodeError<S::Error>> {
        let refused_rival = match self.mempool.check(transaction) {
            Ok(()) => None,
            // One that the rules refuse by now would else hold its sender up for ever.
            Err(TransactionRejected::NonceTaken { nonce }) => {
                match self.mempool.rival(transaction) {
                    Some(rival) if pending.refuses(&rival) => Some(rival),
                    _ => return Ok(Err(TransactionRejected::NonceTaken { nonce })),
                }
            }
            Err(rejected) => return Ok(Err(rejected)),
        };
        match pending.push(transaction) {
            Ok(()) => {}
            Err(ExecutionError::Rule(rule)) => {
                return Ok(match may_wait(&rule) {
                    Ok(()) if refused_rival.is_none() => {
                        self.mempool.insert(transaction.clone());
                        Ok(())
                    }
                    Ok(()) => Err(rule.into()),
                    Err(rejected) => Err(rejected),
                });
            }
            Err(ExecutionError::State(error)) => return Err(error.into()),
        }
        if let Some(rival) = refused_rival {
            pending.forget_refused(&rival);
            self.mempool.remove(&rival);
            change.mempool_removed.push(rival);
        }
        self.mempool.insert(transaction.clone());
        pending.push_released(transaction, &self.mempool)?;
        Ok(Ok(()))
    }
}

/// A transaction may wait for those before it, if they are not too many. The sender's key was
/// compared before its nonce.
fn may_wait(rule: &RuleError) -> Result<(), TransactionRejected> {
    match *rule {
        RuleError::Nonce { got, expected } if got > expected => {
            if got - expected >= limits::PENDING_PER_SENDER_MAX as u64 {
                let next = expected;
                return Err(TransactionRejected::NonceTooFarAhead { got, next });
            }
            Ok(())
        }
        _ => Err(rule.clone().into()),
    }
}
