//! The chain as far as the client has verified it: a checkpoint, and the headers after it.
//!
//! The headers after the checkpoint can be left again for a chain with more work; the checkpoint
//! cannot.

mod checkpoint;

use alloc::{collections::VecDeque, sync::Arc};

pub(crate) use checkpoint::Checkpoint;
use keepwell_ledger::{
    block::{BlockHash, Header, HeaderChain, HeaderError, SealedHeader, Work},
    genesis::Genesis,
};
use keepwell_primitives::{BlockIndex, Timestamp};
use keepwell_wire::api::BlockName;

use crate::VerifiedHead;

/// Headers kept after the checkpoint: how deep a fork may reach that is still followed. At an
/// interval of 2 s it is over eight minutes of full blocks, and far more than what is buried.
pub const SUFFIX_MAX: usize = 256;

/// A chain of headers, each verified when it was pushed.
#[derive(Clone, Debug)]
pub(crate) struct VerifiedChain {
    genesis: Arc<Genesis>,
    checkpoint: Checkpoint,
    suffix: VecDeque<Header>,
    tip: HeaderChain,
}

impl VerifiedChain {
    pub(crate) fn genesis(genesis: Arc<Genesis>) -> Self {
        Self {
            checkpoint: Checkpoint::genesis(&genesis),
            suffix: VecDeque::new(),
            tip: HeaderChain::genesis(&genesis),
            genesis,
        }
    }

    /// The chain of these parts, whose headers were verified before: only that they hang together
    /// is checked.
    pub(crate) fn resume(
        genesis: Arc<Genesis>,
        checkpoint: Checkpoint,
        suffix: VecDeque<Header>,
    ) -> Result<Self, HeaderError> {
        let mut end = checkpoint.clone();
        for header in &suffix {
            end.check_child(header)?;
            end.advance(*header);
        }
        let tip = end.into_chain(&genesis)?;
        Ok(Self {
            genesis,
            checkpoint,
            suffix,
            tip,
        })
    }

    /// Verifies a header and makes it the tip.
    pub(crate) fn push(
        &mut self,
        sealed: &SealedHeader,
        now: Timestamp,
    ) -> Result<(), HeaderError> {
        self.tip.push(sealed, now)?;
        self.suffix.push_back(sealed.header);
        if self.suffix.len() > SUFFIX_MAX
            && let Some(oldest) = self.suffix.pop_front()
        {
            self.checkpoint.advance(oldest);
        }
        Ok(())
    }

    /// The same chain up to a block at or after the checkpoint.
    pub(crate) fn rewound_to(&self, index: BlockIndex) -> Self {
        let after_checkpoint = index.0.saturating_sub(self.checkpoint.header().index.0);
        let after_checkpoint = usize::try_from(after_checkpoint).unwrap_or(usize::MAX);
        let suffix = self.suffix.iter().take(after_checkpoint).copied().collect();
        Self::resume(self.genesis.clone(), self.checkpoint.clone(), suffix)
            .expect("these headers hung together when they were pushed")
    }

    pub(crate) fn network(&self) -> &Arc<Genesis> {
        &self.genesis
    }

    pub(crate) fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The headers that are kept, oldest first.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &Header> {
        self.checkpoint.headers().chain(&self.suffix)
    }

    pub(crate) fn tip(&self) -> VerifiedHead {
        VerifiedHead::new(*self.tip.tip())
    }

    pub(crate) fn tip_name(&self) -> BlockName {
        BlockName {
            index: self.tip.tip().index,
            hash: self.tip.tip_hash(),
        }
    }

    pub(crate) fn work(&self) -> Work {
        self.tip.work()
    }

    /// Is a chain of this work and this newest block to be preferred? More work, then the lower
    /// hash (`docs/protocol.md`, section 6).
    pub(crate) fn is_outweighed_by(&self, work: Work, tip_hash: BlockHash) -> bool {
        work > self.work() || (work == self.work() && tip_hash < self.tip.tip_hash())
    }

    /// The hash of the block at this index, if it is kept.
    pub(crate) fn hash_at(&self, index: BlockIndex) -> Option<BlockHash> {
        if index == self.tip.tip().index {
            return Some(self.tip.tip_hash());
        }
        let oldest = self.headers().next()?.index;
        if index < oldest {
            return None;
        }
        let after = usize::try_from(index.next().0 - oldest.0).ok()?;
        self.headers().nth(after).map(|child| child.previous_hash)
    }

    /// Is this block certainly part of the chain? No for one that is older than what is kept.
    pub(crate) fn contains(&self, name: BlockName) -> bool {
        self.hash_at(name.index) == Some(name.hash)
    }
}
