//! The head's state with the mempool applied: what the next block would hold.
//!
//! It answers a sender at once whether the rules let a transaction in, and it is the block that is
//! mined. Rebuilt after every change of head; between two, transactions are added one by one.

use alloc::vec::Vec;

use keepwell_ledger::{
    execute::{BlockContext, ExecutionError, RuleError, apply},
    state::State,
    transaction::{Txid, VerifiedTransaction},
};
use keepwell_primitives::{Milliseconds, Timestamp, limits};
use keepwell_trie::NodeStore;

use crate::{ChainStore, Change, Node, NodeError};

/// A transaction that the state has refused for so many heads in a row is dropped: what it waited
/// for is not coming.
const REFUSED_HEADS_MAX: u32 = 16;

/// Room in a block for the header, the seal and the framing.
const BLOCK_FRAMING_BYTES: usize = 1024;

pub(crate) struct Pending<N> {
    pub(crate) state: State<N>,
    pub(crate) context: BlockContext,
    /// In the order they were applied.
    pub(crate) transactions: Vec<VerifiedTransaction>,
    bytes: usize,
}

impl<N: NodeStore> Pending<N> {
    /// Applies one more, if there is room and the rules let it in.
    pub(crate) fn push(
        &mut self,
        transaction: &VerifiedTransaction,
    ) -> Result<bool, ExecutionError<N::Error>> {
        let bytes = self.bytes + transaction.bytes().len();
        let is_full = bytes > limits::BLOCK_BYTES_MAX - BLOCK_FRAMING_BYTES
            || self.transactions.len() >= limits::BLOCK_TRANSACTIONS_MAX;
        if is_full {
            return Ok(false);
        }
        apply(&mut self.state, self.context, transaction)?;
        self.transactions.push(transaction.clone());
        self.bytes = bytes;
        Ok(true)
    }
}

impl<S: ChainStore> Node<S> {
    /// The pending state, rebuilt if the head has changed.
    pub(crate) fn pending(
        &mut self,
        now: Timestamp,
        change: &mut Change,
    ) -> Result<&mut Pending<S::Nodes>, NodeError<S::Error>> {
        let pending = match self.pending.take() {
            Some(pending) => pending,
            None => self.rebuild_pending(now, change)?,
        };
        Ok(self.pending.insert(pending))
    }

    /// Applies what waits, in the order it came, again and again until nothing more fits: one
    /// transaction may wait for another.
    fn rebuild_pending(
        &mut self,
        now: Timestamp,
        change: &mut Change,
    ) -> Result<Pending<S::Nodes>, NodeError<S::Error>> {
        let tip = self.chain.tip();
        let context = BlockContext {
            index: tip.index.next(),
            time: now.max(tip.timestamp + Milliseconds(1)),
        };
        let (state, transactions) = (self.head_state(), Vec::new());
        let mut pending = Pending {
            state,
            context,
            transactions,
            bytes: 0,
        };
        let mut waiting: Vec<VerifiedTransaction> = self
            .mempool
            .by_arrival()
            .iter()
            .map(|waiting| waiting.transaction.clone())
            .collect();
        loop {
            let before = waiting.len();
            let mut refused = Vec::new();
            for transaction in waiting {
                match pending.push(&transaction) {
                    Ok(true) => {}
                    Ok(false) => refused.push((transaction, None)),
                    Err(ExecutionError::Rule(rule)) => refused.push((transaction, Some(rule))),
                    Err(ExecutionError::State(error)) => return Err(error.into()),
                }
            }
            if refused.is_empty() || refused.len() == before {
                self.age(&refused, change);
                return Ok(pending);
            }
            waiting = refused
                .into_iter()
                .map(|(transaction, _)| transaction)
                .collect();
        }
    }

    /// Drops what can never be mined any more, and what was refused for too long.
    fn age(&mut self, refused: &[(VerifiedTransaction, Option<RuleError>)], change: &mut Change) {
        for (transaction, rule) in refused {
            let Some(rule) = rule else { continue };
            let txid: Txid = transaction.txid();
            let Some(waiting) = self.mempool.get_mut(&txid) else {
                continue;
            };
            waiting.refused_heads += 1;
            let is_too_old = waiting.refused_heads > REFUSED_HEADS_MAX && !is_nonce_gap(rule);
            if is_too_old || never_again(rule) {
                self.mempool.remove(&txid);
                change.mempool_removed.push(txid);
            }
        }
    }
}

/// Earlier transactions of the sender are still to come.
pub(crate) fn is_nonce_gap(rule: &RuleError) -> bool {
    matches!(rule, RuleError::Nonce { got, expected } if got > expected)
}

/// Rules that, once broken, stay broken on this chain.
fn never_again(rule: &RuleError) -> bool {
    match rule {
        RuleError::Nonce { got, expected } => got < expected,
        RuleError::NoLongerValid { .. } | RuleError::AlreadyAnswered { .. } => true,
        _ => false,
    }
}
