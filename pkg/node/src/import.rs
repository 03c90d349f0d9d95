//! Taking a block: header rules, execution, fork choice.

use keepwell_ledger::{
    block::{Block, BlockHash, HeaderError},
    execute::{BlockRefused, execute_block},
};
use keepwell_primitives::Timestamp;

use crate::{BlockPut, ChainStore, Change, Node, NodeError, Outcome, StoredBlock, fork};

/// Condemned hashes that are remembered: each cost its maker the work of the easiest block.
const CONDEMNED_MAX: usize = 4096;

/// What became of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It is the newest block of the best chain now.
    NewHead,
    /// It is good, but its chain is not the best.
    SideChain,
    /// It was there already.
    AlreadyKnown,
    /// Its parent is not here: the sender is to be asked for what lies between.
    ParentUnknown,
    /// It breaks a rule.
    Rejected(BlockRejected),
}

/// Why a block was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockRejected {
    /// It is known to break a rule.
    #[error("the block was rejected before")]
    Condemned,
    /// Its header breaks a rule.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Its transactions break a rule.
    #[error("{reason}")]
    Execution {
        /// The rule, in words.
        reason: alloc::string::String,
    },
}

impl BlockRejected {
    /// Is its sender to blame? Not for a block that is merely early.
    pub fn blames_sender(&self) -> bool {
        !matches!(self, Self::Header(HeaderError::TimestampAhead { .. }))
    }
}

impl<S: ChainStore> Node<S> {
    /// Takes a block whose signatures have been checked.
    ///
    /// # Errors
    /// [`NodeError`] if the store cannot be read; the block is then neither taken nor condemned.
    pub fn import_block(
        &mut self,
        block: &Block,
        now: Timestamp,
    ) -> Result<Outcome<Imported>, NodeError<S::Error>> {
        let hash = block.header().hash();
        if self.condemned.contains(&hash) {
            return Ok(Outcome::unchanged(Imported::Rejected(
                BlockRejected::Condemned,
            )));
        }
        if self.is_stored(&hash)? {
            self.note_shown(hash);
            return Ok(Outcome::unchanged(Imported::AlreadyKnown));
        }
        if !self.is_stored(&block.header().previous_hash)? {
            return Ok(Outcome::unchanged(Imported::ParentUnknown));
        }
        let mut chain = self.chain_at(&block.header().previous_hash)?;
        let mut state = self.state_at(chain.tip());
        if let Err(error) = chain.push(block.sealed(), now) {
            if error.condemns_hash() {
                self.condemn(hash);
            }
            return Ok(Outcome::unchanged(Imported::Rejected(error.into())));
        }
        let state = match execute_block(&mut state, block) {
            Ok(change) => change,
            Err(BlockRefused::State(error)) => return Err(error.into()),
            Err(refused) => {
                self.condemn(hash);
                let reason = alloc::string::ToString::to_string(&refused);
                let rejected = BlockRejected::Execution { reason };
                return Ok(Outcome::unchanged(Imported::Rejected(rejected)));
            }
        };
        let stored = StoredBlock::new(*block.sealed(), chain.history().clone(), chain.work());
        let bytes = block.to_bytes();
        let put = BlockPut {
            hash,
            bytes,
            stored,
            state,
        };
        let mut change = Change {
            block: Some(put),
            ..Change::default()
        };
        self.note_shown(hash);
        if !fork::is_better(fork::rank(&chain), fork::rank(&self.chain)) {
            self.keep_side_chain(chain);
            return Ok(Outcome {
                value: Imported::SideChain,
                change,
            });
        }
        self.switch_to(chain, block, &mut change)?;
        Ok(Outcome {
            value: Imported::NewHead,
            change,
        })
    }

    fn is_stored(&self, hash: &BlockHash) -> Result<bool, NodeError<S::Error>> {
        if *hash == self.chain.tip_hash() {
            return Ok(true);
        }
        Ok(self
            .store
            .stored_block(hash)
            .map_err(NodeError::Store)?
            .is_some())
    }

    /// Remembers what broke a rule, so that it is not judged again. Not where no work was done: that
    /// is quickly judged, and would push out what is not.
    fn condemn(&mut self, hash: BlockHash) {
        if !hash.meets(&self.genesis.header_rules().easiest_target) {
            return;
        }
        if self.condemned.len() >= CONDEMNED_MAX {
            // Any one may go: a forgotten hash is only judged again.
            self.condemned.pop_first();
        }
        self.condemned.insert(hash);
    }
}
