//! Fork choice: the most work, then the lower hash.
//!
//! Finality comes before both in the protocol; until the network has certificates there is none to
//! compare, and "final" is how deep a block lies.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec::Vec,
};

use keepwell_ledger::{
    block::{Block, BlockHash, HeaderChain, Work},
    transaction::{Txid, VerifiedTransaction},
};

use crate::{ChainStore, Change, HeadChange, LinkedBlock, Node, NodeError};

/// The blocks that leave the best chain, newest first, and those that come, oldest first.
type LeftAndCame = (Vec<Block>, Vec<Block>);

/// Is the challenger the chain to follow?
pub(crate) fn is_better(challenger: (Work, BlockHash), current: (Work, BlockHash)) -> bool {
    let ((work, hash), (current_work, current_hash)) = (challenger, current);
    work > current_work || work == current_work && hash < current_hash
}

/// A chain's rank among others.
pub(crate) fn rank(chain: &HeaderChain) -> (Work, BlockHash) {
    (chain.work(), chain.tip_hash())
}

impl<S: ChainStore> Node<S> {
    /// Makes `chain`, whose tip is `block`, the best chain: finds what left and what came, and puts
    /// transactions that left back into the mempool.
    pub(crate) fn switch_to(
        &mut self,
        chain: HeaderChain,
        block: &Block,
        change: &mut Change,
    ) -> Result<(), NodeError<S::Error>> {
        // All that can fail, before anything is changed.
        let (left, before) = self.path_to(block)?;
        let came = || before.iter().chain([block]);
        self.move_transactions(&left, came, change);
        change.head = Some(HeadChange {
            head: chain.tip_hash(),
            disconnected: left.iter().map(linked).collect(),
            connected: came().map(linked).collect(),
        });
        let old = core::mem::replace(&mut self.chain, chain);
        if !left.is_empty() {
            self.keep_side_chain(old);
        }
        self.pending = None;
        self.templates.clear();
        self.mine_once = false;
        Ok(())
    }

    /// The blocks from the head to the parent of both, newest first; and those from there to
    /// `block`, oldest first, itself left out.
    fn path_to(&self, block: &Block) -> Result<LeftAndCame, NodeError<S::Error>> {
        let (mut left, mut came) = (Vec::new(), Vec::new());
        let (mut ours, mut ours_hash) = (*self.chain.tip(), self.chain.tip_hash());
        let mut theirs_hash = block.header().previous_hash;
        if ours_hash == theirs_hash {
            return Ok((left, came));
        }
        let mut theirs = self.stored(&theirs_hash)?.sealed.header;
        while ours_hash != theirs_hash {
            if ours.index >= theirs.index {
                left.push(self.block(&ours_hash)?);
                ours_hash = ours.previous_hash;
                ours = self.stored(&ours_hash)?.sealed.header;
            } else {
                came.push(self.block(&theirs_hash)?);
                theirs_hash = theirs.previous_hash;
                theirs = self.stored(&theirs_hash)?.sealed.header;
            }
        }
        came.reverse();
        Ok((left, came))
    }

    /// Brings the mempool to the new chain. What left waits again, before all others and in its old
    /// order, unless it came too; what came, and what it leaves no place for, waits no longer.
    fn move_transactions<'a, B: Iterator<Item = &'a Block>>(
        &mut self,
        left: &[Block],
        came: impl Fn() -> B,
        change: &mut Change,
    ) {
        let came = || came().flat_map(Block::transactions);
        let mined: BTreeSet<Txid> = came().map(VerifiedTransaction::txid).collect();
        let mut returned = BTreeMap::new();
        for transaction in left
            .iter()
            .flat_map(|block| block.transactions().iter().rev())
        {
            let txid = transaction.txid();
            if !mined.contains(&txid) && self.mempool.insert_first(Arc::new(transaction.clone())) {
                returned.insert(txid, transaction.bytes().to_vec());
            }
        }
        for txid in came().flat_map(|transaction| self.mempool.remove_mined(transaction)) {
            // What came back only to go again never waited.
            if returned.remove(&txid).is_none() {
                change.mempool_removed.push(txid);
            }
        }
        change.mempool_added.extend(returned);
    }
}

fn linked(block: &Block) -> LinkedBlock {
    let txids = block
        .transactions()
        .iter()
        .map(VerifiedTransaction::txid)
        .collect();
    LinkedBlock {
        index: block.header().index,
        hash: block.header().hash(),
        txids,
    }
}
