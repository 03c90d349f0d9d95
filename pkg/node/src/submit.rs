//! Taking a transaction into the mempool.

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    execute::{ExecutionError, RuleError, Sender},
    transaction::{DiseaseId, Transaction, Txid, VerifiedTransaction},
};
use keepwell_primitives::{Timestamp, limits};

use crate::{ChainStore, Change, Node, NodeError, Outcome, pending::is_nonce_gap};

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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
        if let Err(rejected) = self.check_sender(&transaction)? {
            return Ok(Outcome::unchanged(Submitted::Rejected(rejected)));
        }
        let bytes = transaction.bytes().to_vec();
        let pending = self.pending(now, &mut change)?;
        match pending.push(&transaction) {
            Ok(_) => {}
            Err(ExecutionError::Rule(rule)) if is_nonce_gap(&rule) => {}
            Err(ExecutionError::Rule(rule)) => {
                return Ok(Outcome {
                    value: Submitted::Rejected(rule.into()),
                    change,
                });
            }
            Err(ExecutionError::State(error)) => return Err(error.into()),
        }
        match self.mempool.insert(transaction) {
            Ok(()) => change.mempool_added.push((txid, bytes)),
            Err(rejected) => {
                // It is applied to the pending state but may not wait: build that anew.
                self.pending = None;
                return Ok(Outcome {
                    value: Submitted::Rejected(rejected),
                    change,
                });
            }
        }
        // Others may have waited for this one.
        self.pending = None;
        Ok(Outcome {
            value: Submitted::Accepted,
            change,
        })
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
            .map(|waiting| &waiting.transaction)
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

    /// Only senders that the state knows may have something waiting, with their current key, and
    /// only so far ahead: nobody else can fill the mempool.
    fn check_sender(
        &self,
        transaction: &VerifiedTransaction,
    ) -> Result<Result<(), TransactionRejected>, NodeError<S::Error>> {
        let Transaction::Sent(envelope) = transaction.transaction() else {
            return Ok(Ok(()));
        };
        let sender = Sender::of(&envelope.payload);
        let standing = match sender.standing(&self.head_state()) {
            Ok(standing) => standing,
            Err(ExecutionError::State(error)) => return Err(error.into()),
            Err(ExecutionError::Rule(rule)) => return Ok(Err(rule.into())),
        };
        let (got, Some((expected, next))) = (envelope.order.nonce, standing) else {
            // Applying it says which rule that breaks.
            return Ok(Ok(()));
        };
        if envelope.sender_public_key != expected {
            let got = envelope.sender_public_key;
            return Ok(Err(RuleError::SenderKey { got, expected }.into()));
        }
        let is_too_far = got.saturating_sub(next) >= limits::PENDING_PER_SENDER_MAX as u64;
        if is_too_far {
            return Ok(Err(TransactionRejected::NonceTooFarAhead { got, next }));
        }
        Ok(Ok(()))
    }
}
