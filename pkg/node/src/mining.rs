//! Making blocks: when there is something to mine, and putting together what was found.
//!
//! The chain rests while nothing waits and every block with transactions is buried.

use alloc::{sync::Arc, vec::Vec};

use keepwell_ledger::{
    block::{BLOCK_VERSION, BURIED_DEPTH, Block, Header, MinableHeader, SealedHeader, merkle_root},
    transaction::VerifiedTransaction,
};
use keepwell_primitives::{Milliseconds, Timestamp};

use crate::{ChainStore, Change, Imported, Node, NodeError, Outcome, pending::Pending};

/// After so long a job's block is given a newer time.
pub const TEMPLATE_AGE_MAX: Milliseconds = Milliseconds(10_000);

/// A block that grows is given to the miner anew at once while it is small; else when it has grown
/// by this share, or after [`TEMPLATE_REST`]: hashing all of it for each of a burst of transactions
/// would cost their number squared.
const TEMPLATE_GROWTH_SHARE: usize = 16;

/// See [`TEMPLATE_GROWTH_SHARE`].
const TEMPLATE_REST: Milliseconds = Milliseconds(250);

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
    transactions: Arc<[Arc<VerifiedTransaction>]>,
    /// When it was given out first.
    made: Timestamp,
}

impl Template {
    fn is_good_for<N>(&self, pending: &Pending<N>, now: Timestamp) -> bool {
        let grown = pending.block.len().saturating_sub(self.transactions.len());
        let is_recent = now.since(self.made) < TEMPLATE_REST;
        self.header.timestamp == pending.context.time
            && (grown == 0 || is_recent && grown < self.transactions.len() / TEMPLATE_GROWTH_SHARE)
    }
}

impl<S: ChainStore> Node<S> {
    /// What to mine now; `None` while the chain rests, and at a node whose key is not in the council.
    ///
    /// # Errors
    /// [`NodeError`] if the store cannot be read.
    pub fn mining_job(
        &mut self,
        now: Timestamp,
    ) -> Result<Outcome<Option<MiningJob>>, NodeError<S::Error>> {
        let mut change = Change::default();
        let mut pending = self.take_pending(now, &mut change)?;
        let is_wanted =
            !pending.block.is_empty() || self.has_unburied_transactions() || self.mine_once;
        let job = (is_wanted && self.is_member()).then(|| {
            let header = self.header_of(&mut pending, now);
            self.jobs += 1;
            // Each job has nonces of its own: a miner that is given the same block again does not
            // try the same ones again.
            let extra_nonce = self.jobs << 32;
            let header = MinableHeader::new(Header {
                extra_nonce,
                ..header
            });
            MiningJob { header }
        });
        self.pending = Some(pending);
        Ok(Outcome { value: job, change })
    }

    /// The header of the pending block; its template is kept until the miner is done with it.
    fn header_of(&mut self, pending: &mut Pending<S::Nodes>, now: Timestamp) -> Header {
        let newest = self.templates.back();
        if let Some(template) = newest.filter(|template| template.is_good_for(pending, now)) {
            return template.header;
        }
        let roots = pending.roots();
        let bytes: Vec<&[u8]> = pending
            .block
            .iter()
            .map(|transaction| transaction.bytes())
            .collect();
        let header = Header {
            version: BLOCK_VERSION,
            index: pending.context.index,
            timestamp: pending.context.time,
            previous_hash: self.chain.tip_hash(),
            merkle_root_hash: merkle_root(&bytes),
            patient_state_trie_hash: roots.patients,
            hospital_state_trie_hash: roots.hospitals,
            council_hash: self.chain.council().hash(),
            history_root: self.chain.history().root(),
            miner: self.hospital_id,
            target: self.chain.next_target(),
            extra_nonce: 0,
            nonce: 0,
        };
        if self.templates.len() >= TEMPLATES_MAX {
            self.templates.pop_front();
        }
        self.templates.push_back(Template {
            header,
            transactions: pending.block.as_slice().into(),
            made: now,
        });
        header
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
        let transactions = template
            .transactions
            .iter()
            .map(|transaction| VerifiedTransaction::clone(transaction))
            .collect();
        let Ok(block) = Block::assemble(sealed, transactions) else {
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

    /// Would the council take this node's blocks? Else all its work would be in vain.
    fn is_member(&self) -> bool {
        self.chain.council().node_key(&self.hospital_id) == Some(&self.node_public_key)
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
