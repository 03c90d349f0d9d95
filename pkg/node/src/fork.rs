//! Fork choice: the most work, then the lower hash.
//!
//! Finality comes before both in the protocol; until the network has certificates there is none to
//! compare, and "final" is how deep a block lies.

use alloc::vec::Vec;

use keepwell_ledger::{
    block::{Block, BlockHash, HeaderChain},
    transaction::VerifiedTransaction,
};

use crate::{ChainStore, Change, HeadChange, LinkedBlock, Node, NodeError};

/// The blocks that left the best chain and those that came.
type LeftAndCame = (Vec<LinkedBlock>, Vec<LinkedBlock>);

/// Is the challenger the chain to follow?
pub(crate) fn is_better(challenger: &HeaderChain, current: &HeaderChain) -> bool {
    let lower_hash = || challenger.tip_hash() < current.tip_hash();
    challenger.work() > current.work() || challenger.work() == current.work() && lower_hash()
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
        let (left, came) = self.path_to(block)?;
        let mined: Vec<_> = came
            .iter()
            .flat_map(|block| block.txids.iter().copied())
            .collect();
        self.return_transactions(&left, change)?;
        for txid in mined {
            if self.mempool.remove(&txid).is_some() {
                change.mempool_removed.push(txid);
            }
        }
        // What came back and was mined on the new chain too never waited.
        let removed = &change.mempool_removed;
        change
            .mempool_added
            .retain(|(txid, _)| !removed.contains(txid));
        change.head = Some(HeadChange {
            head: chain.tip_hash(),
            disconnected: left,
            connected: came,
        });
        self.chain = chain;
        self.pending = None;
        self.templates.clear();
        self.mine_once = false;
        Ok(())
    }

    /// From the head to the parent of both, newest first; and from there to `block`, oldest first.
    fn path_to(&self, block: &Block) -> Result<LeftAndCame, NodeError<S::Error>> {
        let mut left = Vec::new();
        let mut came = [linked(block, block.header().hash())].to_vec();
        let mut ours = *self.chain.tip();
        let mut ours_hash = self.chain.tip_hash();
        let mut theirs_hash = block.header().previous_hash;
        let mut theirs = self.stored(&theirs_hash)?.sealed.header;
        while ours_hash != theirs_hash {
            if ours.index >= theirs.index {
                left.push(linked(&self.block(&ours_hash)?, ours_hash));
                ours_hash = ours.previous_hash;
                ours = self.stored(&ours_hash)?.sealed.header;
            } else {
                came.push(linked(&self.block(&theirs_hash)?, theirs_hash));
                theirs_hash = theirs.previous_hash;
                theirs = self.stored(&theirs_hash)?.sealed.header;
            }
        }
        came.reverse();
        Ok((left, came))
    }

    fn return_transactions(
        &mut self,
        left: &[LinkedBlock],
        change: &mut Change,
    ) -> Result<(), NodeError<S::Error>> {
        for block in left {
            for transaction in self.block(&block.hash)?.transactions() {
                let (txid, bytes) = (transaction.txid(), transaction.bytes().to_vec());
                if self.mempool.insert(transaction.clone()).is_ok() {
                    change.mempool_added.push((txid, bytes));
                }
            }
        }
        Ok(())
    }
}

fn linked(block: &Block, hash: BlockHash) -> LinkedBlock {
    let txids = block
        .transactions()
        .iter()
        .map(VerifiedTransaction::txid)
        .collect();
    LinkedBlock {
        index: block.header().index,
        hash,
        txids,
    }
}
