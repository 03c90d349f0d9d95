//! Catching up with other nodes, and letting them catch up.

use alloc::vec::Vec;

use keepwell_ledger::block::{BlockHash, Work};
use keepwell_primitives::{BlockIndex, BoundedBytes, BoundedList, Hash, limits};
use keepwell_wire::peer::{BLOCKS_MAX, BlockBytes, LOCATOR_MAX, Status};

use crate::{ChainStore, Node, NodeError, fork};

/// Blocks at the newer end of a locator without gaps: most forks are as short.
const DENSE: usize = 8;

/// Blocks shown last that a locator names, for as many syncs at once. With the doubling steps that
/// leaves room for 2⁴⁷ blocks.
const SHOWN_MAX: usize = 8;

impl<S: ChainStore> Node<S> {
    /// How far this node is, for other nodes.
    pub fn status(&self) -> Status {
        let head = self.head();
        Status {
            genesis_hash: self.genesis_hash(),
            index: head.index,
            hash: head.hash,
            work: Hash(head.work.to_bytes()),
        }
    }

    /// Has the other node a better chain to show than this one, by the rule that chooses between
    /// forks?
    pub fn is_behind(&self, theirs: &Status) -> bool {
        let work = Work::from_bytes(*theirs.work.as_bytes());
        theirs.genesis_hash == self.genesis_hash()
            && fork::is_better((work, theirs.hash), fork::rank(&self.chain))
    }

    /// Blocks of the best chain from the newest back, ever further apart, the genesis block last:
    /// the other node finds the newest that it has too. Before them those that were shown last,
    /// whatever chain they are on: a sync of a fork too deep for one answer goes on from there.
    ///
    /// # Errors
    /// [`NodeError`] if the store cannot be read.
    pub fn locator(&self) -> Result<BoundedList<BlockHash, LOCATOR_MAX>, NodeError<S::Error>> {
        let mut hashes: Vec<BlockHash> = self.shown.iter().rev().copied().collect();
        let shown = hashes.len();
        let mut index = self.chain.tip().index.0;
        let mut step = 1;
        while hashes.len() < LOCATOR_MAX - 1 && index > 0 {
            hashes.push(self.best_hash(BlockIndex(index))?);
            if hashes.len() - shown >= DENSE {
                step *= 2;
            }
            index = index.saturating_sub(step);
        }
        hashes.push(self.best_hash(BlockIndex::GENESIS)?);
        Ok(BoundedList::new(hashes).unwrap_or_default())
    }

    /// The blocks of the best chain after the newest of the locator's that is on it, oldest first,
    /// as many as an answer holds. Empty if none of them is.
    ///
    /// # Errors
    /// [`NodeError`] if the store cannot be read.
    pub fn blocks_after(
        &self,
        locator: &[BlockHash],
    ) -> Result<BoundedList<BlockBytes, BLOCKS_MAX>, NodeError<S::Error>> {
        let mut blocks = Vec::new();
        let Some(mut index) = self.newest_shared(locator)? else {
            return Ok(BoundedList::default());
        };
        let mut bytes_total = 0;
        while blocks.len() < BLOCKS_MAX && index < self.chain.tip().index {
            index = index.next();
            let hash = self.best_hash(index)?;
            let bytes = self.store.block_bytes(&hash).map_err(NodeError::Store)?;
            let bytes = bytes.ok_or(NodeError::BlockMissing { hash })?;
            bytes_total += bytes.len();
            if !blocks.is_empty() && bytes_total > limits::BLOCK_BYTES_MAX {
                break;
            }
            let Ok(bytes) = BoundedBytes::new(bytes) else {
                break;
            };
            blocks.push(bytes);
        }
        Ok(BoundedList::new(blocks).unwrap_or_default())
    }

    fn newest_shared(
        &self,
        locator: &[BlockHash],
    ) -> Result<Option<BlockIndex>, NodeError<S::Error>> {
        let mut newest = None;
        for hash in locator {
            let Some(stored) = self.store.stored_block(hash).map_err(NodeError::Store)? else {
                continue;
            };
            let index = stored.sealed.header.index;
            if self.store.best_chain(index).map_err(NodeError::Store)? == Some(*hash) {
                newest = newest.max(Some(index));
            }
        }
        Ok(newest)
    }

    /// Notes where a sync stands: at a block that another node has shown.
    pub(crate) fn note_shown(&mut self, hash: BlockHash) {
        self.shown.retain(|other| *other != hash);
        if self.shown.len() >= SHOWN_MAX {
            self.shown.pop_front();
        }
        self.shown.push_back(hash);
    }

    fn best_hash(&self, index: BlockIndex) -> Result<BlockHash, NodeError<S::Error>> {
        let hash = self.store.best_chain(index).map_err(NodeError::Store)?;
        hash.ok_or(NodeError::IndexMissing { index })
    }
}
