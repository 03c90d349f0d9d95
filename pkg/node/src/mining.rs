//! Making blocks: when there is something to mine, and putting together what was found.
//!
//! The chain rests while nothing waits and every block with transactions is buried.

use alloc::vec::Vec;

use keepwell_ledger::{
    block::{BLOCK_VERSION, BURIED_DEPTH, Block, Header, MinableHeader, SealedHeader, merkle_root},
    transaction::VerifiedTransaction,
};
use keepwell_primitives::{Milliseconds, Timestamp};

use crate::{ChainStore, Change, Imported, Node, NodeError, Outcome};

/// After so long a job's block is given a newer time.
pub const TEMPLATE_AGE_MAX: Milliseconds = Milliseconds(10_000);

/// Jobs whose result is still taken: a miner may find a block of one that was just replaced.
const TEMPLATES_MAX: usize = 4;

/// What the miner works on.
#[derive(Clone)]
pub struct MiningJob {
    /// The header to find a nonce for.
    pub header: MinableHeader,
}

/// A block without proof of work.
pub(crate) struct Template {
    header: Header,
    transactions: Vec<VerifiedTransaction>,
}

impl<S: ChainStore> Node<S> {
    /// What to mine now; `None` while the chain rests.
    ///
    /// # Errors
    /// [`NodeError`] if the store cannot be read.
    pub fn mining_job(
        &mut self,
        now: Timestamp,
    ) -> Result<Outcome<Option<MiningJob>>, NodeError<S::Error>> {
        let mut change = Change::default();
        let made = self.pending.as_ref().map(|pending| pending.context.time);
        if made.is_some_and(|made| now.since(made) > TEMPLATE_AGE_MAX) {
            self.pending = None;
        }
        let is_unburied = self.has_unburied_transactions() || self.mine_once;
        let (history_root, council_hash) =
            (self.chain.history().root(), self.chain.council().hash());
        let (target, previous_hash) = (self.chain.next_target(), self.chain.tip_hash());
        let miner = self.hospital_id;
        let pending = self.pending(now, &mut change)?;
        if pending.transactions.is_empty() && !is_unburied {
            return Ok(Outcome {
                value: None,
                change,
            });
        }
        let roots = pending.state.roots();
        let bytes: Vec<&[u8]> = pending
            .transactions
            .iter()
            .map(VerifiedTransaction::bytes)
            .collect();
        let header = Header {
            version: BLOCK_VERSION,
            index: pending.context.index,
            timestamp: pending.context.time,
            previous_hash,
            merkle_root_hash: merkle_root(&bytes),
            patient_state_trie_hash: roots.patients,
            hospital_state_trie_hash: roots.hospitals,
            council_hash,
            history_root,
            miner,
            target,
            extra_nonce: 0,
            nonce: 0,
        };
        let transactions = pending.transactions.clone();
        let is_same = self
            .templates
            .back()
            .is_some_and(|template| template.header == header);
        if !is_same {
            if self.templates.len() >= TEMPLATES_MAX {
                self.templates.pop_front();
            }
            self.templates.push_back(Template {
                header,
                transactions,
            });
        }
        let job = MiningJob {
            header: MinableHeader::new(header),
        };
        Ok(Outcome {
            value: Some(job),
            change,
        })
    }

    /// Takes a header that a miner found a nonce for: seals it and imports the block. The block is
    /// returned for the other nodes unless the job is long replaced.
    ///
    /// # Errors
    /// [`NodeError`] if the store cannot be read.
    pub fn mined(
        &mut self,
        header: Header,
        now: Timestamp,
    ) -> Result<Outcome<Option<Block>>, NodeError<S::Error>> {
        let job = Header {
            nonce: 0,
            extra_nonce: 0,
            ..header
        };
        let Some(template) = self
            .templates
            .iter()
            .find(|template| template.header == job)
        else {
            return Ok(Outcome::unchanged(None));
        };
        let sealed = SealedHeader::seal(header, &self.genesis.hash(), &self.node_key);
        let Ok(block) = Block::assemble(sealed, template.transactions.clone()) else {
            return Ok(Outcome::unchanged(None));
        };
        let Outcome { value, change } = self.import_block(&block, now)?;
        let is_ours = matches!(value, Imported::NewHead | Imported::SideChain);
        Ok(Outcome {
            value: is_ours.then_some(block),
            change,
        })
    }

    /// The operator wants a block now, even an empty one.
    pub fn mine_now(&mut self) {
        self.mine_once = true;
    }

    /// Is a block with transactions not yet under [`BURIED_DEPTH`] others?
    fn has_unburied_transactions(&self) -> bool {
        let newest_first = [self.chain.tip()]
            .into_iter()
            .chain(self.chain.earlier().iter().rev());
        let mut unburied = newest_first.take(usize::try_from(BURIED_DEPTH).unwrap_or(usize::MAX));
        unburied.any(|header| !header.is_empty())
    }
}
