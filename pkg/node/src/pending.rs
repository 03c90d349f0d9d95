//! The head's state with the mempool applied: what the next block would hold.
//!
//! It answers a sender at once whether the rules let a transaction in, and it is the block that is
//! mined. Rebuilt after every change of head and when its time is old; between two, transactions
//! are added one by one. When the block is full the state goes on past it, so that the rules are
//! asked of every transaction before it may wait.

use alloc::{collections::BTreeSet, sync::Arc, vec::Vec};

use keepwell_ledger::{
    execute::{BlockContext, ExecutionError, RuleError, apply},
    state::{State, StateError, StateRoots},
    transaction::{Txid, VerifiedTransaction},
};
use keepwell_primitives::{Milliseconds, Timestamp, limits};
use keepwell_trie::NodeStore;

use crate::{ChainStore, Change, Node, NodeError, mempool::Mempool, mining::TEMPLATE_AGE_MAX};

/// A transaction that the state has refused for so many heads is dropped: what it waited for is
/// not coming.
const REFUSED_HEADS_MAX: u32 = 16;

/// Room in a block for the header, the seal and the framing.
const BLOCK_FRAMING_BYTES: usize = 1024;

pub(crate) struct Pending<N> {
    /// After everything applied, beyond the block too.
    state: State<N>,
    pub(crate) context: BlockContext,
    /// What the next block holds, in the order it was applied.
    pub(crate) block: Vec<Arc<VerifiedTransaction>>,
    block_bytes: usize,
    /// The roots after the block, once it is full and the state has gone past it.
    full_at: Option<StateRoots>,
    /// What was applied, beyond the block too.
    applied: BTreeSet<Txid>,
    /// What waits and the rules refuse for now, nonce gaps apart.
    refused: Vec<(Arc<VerifiedTransaction>, RuleError)>,
}

impl<N: NodeStore> Pending<N> {
    fn new(state: State<N>, context: BlockContext) -> Self {
        Self {
            state,
            context,
            block: Vec::new(),
            block_bytes: 0,
            full_at: None,
            applied: BTreeSet::new(),
            refused: Vec::new(),
        }
    }

    /// The roots after the block.
    pub(crate) fn roots(&mut self) -> StateRoots {
        match self.full_at {
            Some(roots) => roots,
            None => self.state.roots(),
        }
    }

    /// Moves the time on, as long as nothing was judged by it.
    pub(crate) fn set_time(&mut self, time: Timestamp) {
        if self.applied.is_empty() {
            self.context.time = time;
        }
    }

    /// Applies one more, if the rules let it in.
    pub(crate) fn push(
        &mut self,
        transaction: &Arc<VerifiedTransaction>,
    ) -> Result<(), ExecutionError<N::Error>> {
        let bytes = self.block_bytes + transaction.bytes().len();
        let fits = self.full_at.is_none()
            && bytes <= limits::BLOCK_BYTES_MAX - BLOCK_FRAMING_BYTES
            && self.block.len() < limits::BLOCK_TRANSACTIONS_MAX;
        let full_at = (!fits).then(|| self.roots());
        apply(&mut self.state, self.context, transaction)?;
        self.applied.insert(transaction.txid());
        self.full_at = full_at;
        if fits {
            self.block.push(transaction.clone());
            self.block_bytes = bytes;
        }
        Ok(())
    }

    /// After `first` was applied: those of its sender that waited for it, and whatever else was
    /// refused without it.
    pub(crate) fn push_released(
        &mut self,
        first: &VerifiedTransaction,
        mempool: &Mempool,
    ) -> Result<(), StateError<N::Error>> {
        self.push_queue(mempool.follower(first), mempool)?;
        self.retry_refused(mempool)
    }

    /// Is it among those that the rules refuse for now?
    pub(crate) fn refuses(&self, txid: &Txid) -> bool {
        self.refused
            .iter()
            .any(|(transaction, _)| transaction.txid() == *txid)
    }

    /// Forgets what no longer waits.
    pub(crate) fn forget_refused(&mut self, txid: &Txid) {
        self.refused
            .retain(|(transaction, _)| transaction.txid() != *txid);
    }

    /// Applies one that waits, then those of its sender that follow it.
    fn push_queue(
        &mut self,
        first: Option<Arc<VerifiedTransaction>>,
        mempool: &Mempool,
    ) -> Result<(), StateError<N::Error>> {
        let mut next = first;
        while let Some(transaction) = next.take() {
            if self.applied.contains(&transaction.txid()) {
                return Ok(());
            }
            match self.push(&transaction) {
                Ok(()) => next = mempool.follower(&transaction),
                // The one before it brings it along.
                Err(ExecutionError::Rule(rule)) if is_nonce_gap(&rule) => {}
                Err(ExecutionError::Rule(rule)) => self.refused.push((transaction, rule)),
                Err(ExecutionError::State(error)) => return Err(error),
            }
        }
        Ok(())
    }

    /// Tries those that were refused again and again until nothing more is let in: one may wait
    /// for another.
    fn retry_refused(&mut self, mempool: &Mempool) -> Result<(), StateError<N::Error>> {
        loop {
            let before = self.applied.len();
            for (transaction, _) in core::mem::take(&mut self.refused) {
                self.push_queue(Some(transaction), mempool)?;
            }
            if self.refused.is_empty() || self.applied.len() == before {
                return Ok(());
            }
        }
    }
}

impl<S: ChainStore> Node<S> {
    /// Takes out the pending state, rebuilt if the head has changed or its time is old, or is
    /// ahead of a clock that was set back. The caller puts it back unless the state cannot be read:
    /// it may then be half changed. What is dropped from the mempool goes into `change`.
    pub(crate) fn take_pending(
        &mut self,
        now: Timestamp,
        change: &mut Change,
    ) -> Result<Pending<S::Nodes>, NodeError<S::Error>> {
        let time = self.next_time(now);
        let is_fresh = |pending: &Pending<_>| {
            let made = pending.context.time;
            time.since(made) <= TEMPLATE_AGE_MAX && made.since(time) <= TEMPLATE_AGE_MAX
        };
        match self.pending.take().filter(is_fresh) {
            Some(pending) => Ok(pending),
            None => self.rebuild_pending(time, change),
        }
    }

    /// The time of a block made now: time only goes forward.
    pub(crate) fn next_time(&self, now: Timestamp) -> Timestamp {
        now.max(self.chain.tip().timestamp + Milliseconds(1))
    }

    /// Applies what waits, in the order it came.
    fn rebuild_pending(
        &mut self,
        time: Timestamp,
        change: &mut Change,
    ) -> Result<Pending<S::Nodes>, NodeError<S::Error>> {
        let index = self.chain.tip().index.next();
        let mut pending = Pending::new(self.head_state(), BlockContext { index, time });
        for transaction in self.mempool.by_arrival() {
            pending.push_queue(Some(transaction.clone()), &self.mempool)?;
        }
        pending.retry_refused(&self.mempool)?;
        self.drop_hopeless(&mut pending, change);
        Ok(pending)
    }

    /// Drops what can never be mined any more, and what was refused for too long.
    fn drop_hopeless(&mut self, pending: &mut Pending<S::Nodes>, change: &mut Change) {
        let head = self.chain.tip_hash();
        pending.refused.retain(|(transaction, rule)| {
            let txid = transaction.txid();
            let is_too_old = self.mempool.refused_at(&txid, head) > REFUSED_HEADS_MAX;
            let is_dropped = is_too_old || never_again(rule);
            if is_dropped && self.mempool.remove(&txid) {
                change.mempool_removed.push(txid);
            }
            !is_dropped
        });
    }
}

/// Earlier transactions of the sender are still to come.
fn is_nonce_gap(rule: &RuleError) -> bool {
    matches!(rule, RuleError::Nonce { got, expected } if got > expected)
}

/// Rules that, once broken, stay broken on this chain.
fn never_again(rule: &RuleError) -> bool {
    match rule {
        RuleError::Nonce { got, expected } => got < expected,
        RuleError::NoLongerValid { .. }
        | RuleError::AlreadyAnswered { .. }
        | RuleError::CardExpired { .. }
        | RuleError::GrantExpired { .. } => true,
        _ => false,
    }
}
