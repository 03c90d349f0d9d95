//! From the newest block that was verified to the relay's head, header by header.
//!
//! A relay whose chain has less work than the one known is behind, which is no lie. One whose chain
//! has more is asked for the headers; where they do not stand on our newest block, for one header
//! at ever doubled distances back, until one stands on a block that we know.

use keepwell_ledger::block::HeaderError;
use keepwell_primitives::{BlockIndex, Timestamp};
use keepwell_wire::api::{BlockAnswer, BlockName, BlocksAnswer, BlocksQuery, HeadAnswer};

use crate::{Answer, Query, VerificationError, chain::VerifiedChain, head::newest_final};

/// How a relay stands to what the client has verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its head was reached: nobody has shown a chain with more work.
    Current,
    /// Its chain has less work than what was verified earlier, or as much and is the later choice.
    /// It may be catching up; nothing is taken from it until it has.
    Behind {
        /// The newest block verified.
        ours: BlockName,
        /// What the relay claims.
        theirs: BlockName,
    },
}

/// Headers of one question; as many as a relay gives.
const HEADERS_MAX: u32 = BlocksQuery::LIMIT_MAX;

pub(crate) struct CatchUp {
    /// What was verified before.
    known: VerifiedChain,
    /// What is verified now: the known chain, up to where the relay's leaves it, and the relay's.
    chain: VerifiedChain,
    /// The newest block that both have.
    shared: BlockIndex,
    claimed: Option<HeadAnswer>,
    step: Step,
    has_searched: bool,
    has_asked_again: bool,
}

#[derive(Clone, Copy)]
enum Step {
    Head,
    Headers {
        claimed: HeadAnswer,
    },
    /// Looks for the fork: does the block at `from` stand on one that is known?
    Search {
        claimed: HeadAnswer,
        from: BlockIndex,
        distance: u64,
    },
    Done(Standing),
}

impl CatchUp {
    pub(crate) fn new(known: VerifiedChain) -> Self {
        Self {
            chain: known.clone(),
            shared: known.tip_name().index,
            known,
            claimed: None,
            step: Step::Head,
            has_searched: false,
            has_asked_again: false,
        }
    }

    pub(crate) fn next_query(&self) -> Option<Query> {
        let headers = |from, limit| {
            Query::Headers(BlocksQuery {
                from,
                limit,
                headers_only: true,
            })
        };
        match self.step {
            Step::Head => Some(Query::Head),
            Step::Headers { .. } => Some(headers(self.chain.tip_name().index.next(), HEADERS_MAX)),
            Step::Search { from, .. } => Some(headers(from, 1)),
            Step::Done(_) => None,
        }
    }

    pub(crate) fn resolve(self, answer: Answer, now: Timestamp) -> Result<Self, VerificationError> {
        match (self.step, answer) {
            (Step::Head, Answer::Head(claimed)) => self.take_head(claimed),
            (Step::Headers { claimed }, Answer::Headers(answer)) => {
                self.take_headers(&claimed, &answer, now)
            }
            (
                Step::Search {
                    claimed,
                    from,
                    distance,
                },
                Answer::Headers(answer),
            ) => self.take_searched(&claimed, from, distance, &answer, now),
            (_, answer) => Err(VerificationError::OtherQuestion {
                got: answer.name(),
                expected: self.next_query().map_or("nothing", |query| query.name()),
            }),
        }
    }

    pub(crate) fn standing(&self) -> Option<Standing> {
        match self.step {
            Step::Done(standing) => Some(standing),
            Step::Head | Step::Headers { .. } | Step::Search { .. } => None,
        }
    }

    /// What the relay said of itself.
    pub(crate) fn claimed(&self) -> Option<&HeadAnswer> {
        self.claimed.as_ref()
    }

    pub(crate) fn chain(&self) -> &VerifiedChain {
        &self.chain
    }

    /// The newest block that was verified before.
    pub(crate) fn known_tip(&self) -> BlockIndex {
        self.known.tip_name().index
    }

    /// The newest block that the known chain and the present one have in common.
    pub(crate) fn shared(&self) -> BlockIndex {
        self.shared
    }

    /// The better chain of the two, and the newest block that it shares with the known one. Where
    /// the relay fell silent half-way, what it sent until then was verified all the same.
    pub(crate) fn into_best(self) -> (VerifiedChain, BlockIndex) {
        let (chain, known) = (self.chain, self.known);
        if known.is_outweighed_by(chain.work(), chain.tip_name().hash) {
            return (chain, self.shared);
        }
        let shared = known.tip_name().index;
        (known, shared)
    }

    fn take_head(mut self, claimed: HeadAnswer) -> Result<Self, VerificationError> {
        let expected = self.known.network().hash();
        if claimed.genesis_hash != expected {
            return Err(VerificationError::WrongGenesis {
                got: claimed.genesis_hash,
                expected,
            });
        }
        self.claimed = Some(claimed);
        let (ours, theirs) = (self.known.tip_name(), claimed.head);
        if theirs.hash == ours.hash {
            self.check_claim(&claimed)?;
            self.step = Step::Done(Standing::Current);
        } else if !self.known.is_outweighed_by(claimed.work, theirs.hash) {
            self.step = Step::Done(Standing::Behind { ours, theirs });
        } else if theirs.index > ours.index {
            self.step = Step::Headers { claimed };
        } else {
            return self.search(&claimed, theirs.index, 1);
        }
        Ok(self)
    }

    fn take_headers(
        mut self,
        claimed: &HeadAnswer,
        answer: &BlocksAnswer,
        now: Timestamp,
    ) -> Result<Self, VerificationError> {
        check_count(answer, HEADERS_MAX)?;
        let tip = self.chain.tip_name();
        let Some(first) = answer.blocks.first() else {
            return self.ask_again_or(VerificationError::HeadNotReached {
                got: tip,
                expected: claimed.head,
            });
        };
        let header = &first.sealed.header;
        if header.index == tip.index.next() && header.previous_hash != tip.hash {
            if !self.has_searched && tip == self.known.tip_name() {
                return self.search(claimed, tip.index, 1);
            }
            return self.ask_again_or(VerificationError::Header {
                index: header.index,
                error: HeaderError::PreviousHash {
                    got: header.previous_hash,
                    expected: tip.hash,
                },
            });
        }
        for block in &answer.blocks {
            match self.push(claimed, block, now) {
                Ok(()) => {}
                Err(error @ VerificationError::HeadNotReached { .. }) => {
                    return self.ask_again_or(error);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(self.go_on(claimed))
    }

    fn take_searched(
        mut self,
        claimed: &HeadAnswer,
        from: BlockIndex,
        distance: u64,
        answer: &BlocksAnswer,
        now: Timestamp,
    ) -> Result<Self, VerificationError> {
        check_count(answer, 1)?;
        let Some(block) = answer.blocks.first() else {
            let got = self.chain.tip_name();
            return self.ask_again_or(VerificationError::HeadNotReached {
                got,
                expected: claimed.head,
            });
        };
        let header = &block.sealed.header;
        if header.index != from {
            let (got, expected) = (header.index, from);
            return Err(VerificationError::Header {
                index: from,
                error: HeaderError::Index { got, expected },
            });
        }
        check_block(block)?;
        let parent = from
            .previous()
            .filter(|parent| self.known.hash_at(*parent) == Some(header.previous_hash));
        let Some(parent) = parent else {
            let further = BlockIndex(from.0.saturating_sub(distance));
            return self.search(claimed, further, distance.saturating_mul(2));
        };
        self.chain = self.known.rewound_to(parent);
        self.shared = parent;
        match self.push(claimed, block, now) {
            Ok(()) => Ok(self.go_on(claimed)),
            Err(error @ VerificationError::HeadNotReached { .. }) => self.ask_again_or(error),
            Err(error) => Err(error),
        }
    }

    /// Asks for the block at `from`, or for the first after the checkpoint if that is later.
    fn search(
        mut self,
        claimed: &HeadAnswer,
        from: BlockIndex,
        distance: u64,
    ) -> Result<Self, VerificationError> {
        let checkpoint = self.known.checkpoint().name();
        let lowest = checkpoint.index.next();
        let was_lowest = matches!(self.step, Step::Search { from, .. } if from == lowest);
        let nothing_above = self.known.tip_name().index < lowest || claimed.head.index < lowest;
        if was_lowest || nothing_above {
            return Err(VerificationError::ForkBelowCheckpoint { checkpoint });
        }
        self.has_searched = true;
        self.step = Step::Search {
            claimed: *claimed,
            from: from.max(lowest),
            distance,
        };
        Ok(self)
    }

    fn push(
        &mut self,
        claimed: &HeadAnswer,
        block: &BlockAnswer,
        now: Timestamp,
    ) -> Result<(), VerificationError> {
        check_block(block)?;
        let index = self.chain.tip_name().index.next();
        let pushed = self.chain.push(&block.sealed, now);
        pushed.map_err(|error| VerificationError::Header { index, error })?;
        if self.known.hash_at(index) == Some(block.hash) {
            self.shared = index;
        }
        if index == claimed.head.index {
            self.check_claim(claimed)?;
        }
        Ok(())
    }

    fn go_on(mut self, claimed: &HeadAnswer) -> Self {
        let is_reached = self.chain.tip_name().index >= claimed.head.index;
        self.step = if is_reached {
            Step::Done(Standing::Current)
        } else {
            Step::Headers { claimed: *claimed }
        };
        self
    }

    /// Checks that the tip is what the relay claimed to have.
    fn check_claim(&self, claimed: &HeadAnswer) -> Result<(), VerificationError> {
        let tip = self.chain.tip_name();
        if tip != claimed.head {
            return Err(VerificationError::HeadNotReached {
                got: tip,
                expected: claimed.head,
            });
        }
        if self.chain.work() != claimed.work {
            return Err(VerificationError::HeadWork {
                got: claimed.work,
                expected: self.chain.work(),
            });
        }
        let index = newest_final(tip.index);
        // The blocks just below the tip are always kept.
        let hash = self.chain.hash_at(index).unwrap_or_default();
        let expected = BlockName { index, hash };
        if claimed.final_block != expected {
            return Err(VerificationError::FinalBlock {
                got: claimed.final_block,
                expected,
            });
        }
        Ok(())
    }

    /// Between two answers of an honest relay its chain may be reorganised: where they contradict
    /// each other, it is asked once more before that is called a lie.
    fn ask_again_or(self, error: VerificationError) -> Result<Self, VerificationError> {
        if self.has_asked_again {
            return Err(error);
        }
        Ok(Self {
            has_asked_again: true,
            ..Self::new(self.known)
        })
    }
}

fn check_count(answer: &BlocksAnswer, max: u32) -> Result<(), VerificationError> {
    let got = answer.blocks.len();
    if got > max as usize {
        return Err(VerificationError::TooManyHeaders { got, max });
    }
    Ok(())
}

/// Checks what stands beside the header.
fn check_block(block: &BlockAnswer) -> Result<(), VerificationError> {
    let index = block.sealed.header.index;
    let expected = block.sealed.header.hash();
    if block.hash != expected {
        return Err(VerificationError::BlockHash {
            index,
            got: block.hash,
            expected,
        });
    }
    if block.transactions.is_some() {
        return Err(VerificationError::TransactionsUnasked { index });
    }
    Ok(())
}
