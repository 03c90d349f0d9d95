//! What a header must say, given the headers before it.
//!
//! [`HeaderChain`] is the tip of a chain of headers with just enough behind it to judge the next
//! one: the retarget window, the history peaks, the council. Nodes and light clients check headers
//! through the same code.

use alloc::collections::VecDeque;

use crypto_bigint::{CheckedMul, Limb, NonZero, U256};
use keepwell_keys::GenesisHash;
use keepwell_primitives::{BlockIndex, Milliseconds, Timestamp};

use super::{BLOCK_VERSION, BlockHash, Header, HeaderError, History, SealedHeader, Target, Work};
use crate::{council::Council, genesis::Genesis};

/// Blocks that the linearly weighted moving average looks back on.
pub const RETARGET_WINDOW: usize = 60;

/// How far a header's time may be ahead of the receiver's clock: room for clocks that differ.
pub const TIMESTAMP_AHEAD_MAX: Milliseconds = Milliseconds(15_000);

/// A solve time counts at most this many intervals, so that one late block cannot make the chain
/// easy.
const SOLVE_INTERVALS_MAX: u64 = 6;

/// The network's constants that the header rules need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderRules {
    /// For the seal's signature.
    pub genesis_hash: GenesisHash,
    /// The time from block to block that the retarget aims at.
    pub interval: Milliseconds,
    /// No target is easier.
    pub easiest_target: Target,
    /// The target assumed for the blocks before the genesis block.
    pub initial_target: Target,
}

/// A verified chain of headers, seen from its tip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderChain {
    rules: HeaderRules,
    tip: Header,
    /// The headers before the tip that the window reaches, oldest first.
    earlier: VecDeque<Header>,
    tip_hash: BlockHash,
    /// Over all blocks, the tip included.
    history: History,
    work: Work,
    council: Council,
}

impl HeaderChain {
    /// The chain of the genesis block alone.
    pub fn genesis(genesis: &Genesis) -> Self {
        let header = *genesis.header();
        let mut history = History::new();
        history.push(&header.hash());
        Self {
            rules: genesis.header_rules(),
            tip: header,
            earlier: VecDeque::new(),
            tip_hash: header.hash(),
            history,
            work: Work::default(),
            council: genesis.council().clone(),
        }
    }

    /// The chain up to a block that was verified before and read back from storage: `tip`; as many
    /// of the [`RETARGET_WINDOW`] headers before it as there are, oldest first; the history over
    /// all blocks, the tip included; and the work of them all.
    ///
    /// # Errors
    /// [`HeaderError::StoredChainBroken`] if they do not belong together.
    pub fn resume(
        genesis: &Genesis,
        earlier: VecDeque<Header>,
        tip: Header,
        history: History,
        work: Work,
    ) -> Result<Self, HeaderError> {
        let children = earlier.iter().skip(1).chain([&tip]);
        let linked = earlier.iter().zip(children).all(|(parent, child)| {
            child.previous_hash == parent.hash() && child.index == parent.index.next()
        });
        let expected = (RETARGET_WINDOW as u64).min(tip.index.0);
        let whole = earlier.len() as u64 == expected;
        let oldest = earlier.front().unwrap_or(&tip);
        let on_genesis = oldest.index != BlockIndex::GENESIS || oldest == genesis.header();
        let history = history.checked().ok();
        let history = history.filter(|history| Some(history.count()) == tip.index.0.checked_add(1));
        let (rules, council) = (genesis.header_rules(), genesis.council().clone());
        let same_council = tip.council_hash == council.hash();
        let Some(history) = history.filter(|_| linked && whole && on_genesis && same_council)
        else {
            return Err(HeaderError::StoredChainBroken);
        };
        Ok(Self {
            rules,
            tip,
            tip_hash: tip.hash(),
            earlier,
            history,
            work,
            council,
        })
    }

    /// The newest header.
    pub fn tip(&self) -> &Header {
        &self.tip
    }

    /// The newest block's name.
    pub fn tip_hash(&self) -> BlockHash {
        self.tip_hash
    }

    /// The work of all blocks after the genesis block.
    pub fn work(&self) -> Work {
        self.work
    }

    /// The history that the next header must commit to.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The headers before the tip that are kept for judging the next one, oldest first.
    pub fn earlier(&self) -> &VecDeque<Header> {
        &self.earlier
    }

    /// Who may mine the next block.
    pub fn council(&self) -> &Council {
        &self.council
    }

    /// Checks a header against every rule of section 6 that needs no transactions, and makes it
    /// the tip.
    ///
    /// # Errors
    /// [`HeaderError`], one variant for each rule; the chain is then unchanged.
    pub fn push(&mut self, sealed: &SealedHeader, now: Timestamp) -> Result<(), HeaderError> {
        let hash = sealed.header.hash();
        self.check_links(&sealed.header)?;
        self.check_time(&sealed.header, now)?;
        self.check_work(&sealed.header, &hash)?;
        self.check_seal(sealed, &hash)?;
        self.earlier.push_back(self.tip);
        if self.earlier.len() > RETARGET_WINDOW {
            self.earlier.pop_front();
        }
        self.tip = sealed.header;
        self.history.push(&hash);
        self.work = self.work + sealed.header.target.work();
        self.tip_hash = hash;
        Ok(())
    }

    /// The target that the next header must name: the average target of the window times its
    /// weighted solve times over the time they should have taken, newer ones weighing more. Blocks
    /// before the genesis block count as made on time at the initial target; a block whose parent
    /// is empty counts as made on time, because the chain may have rested before it.
    pub fn next_target(&self) -> Target {
        let interval = self.rules.interval.0;
        let window = RETARGET_WINDOW as u64;
        let missing = window.saturating_sub(self.earlier.len() as u64);
        let before = window_share(&self.rules.initial_target);
        let mut average = before.wrapping_mul(&U256::from_u64(missing));
        let mut weighted: u64 = (1..=missing).map(|weight| weight * interval).sum();
        let children = self.earlier.iter().skip(1).chain([&self.tip]);
        let pairs = self.earlier.iter().zip(children);
        for (weight, (parent, block)) in (missing + 1..).zip(pairs) {
            let on_time = interval..=interval;
            let bounds = if parent.is_empty() {
                on_time
            } else {
                1..=interval * SOLVE_INTERVALS_MAX
            };
            let solved = block.timestamp.since(parent.timestamp).0;
            weighted += weight * solved.clamp(*bounds.start(), *bounds.end());
            average = average.wrapping_add(&window_share(&block.target));
        }
        let should_take = window * (window + 1) / 2 * interval;
        let unit = average.wrapping_div(&nonzero(should_take));
        let next: Option<U256> = unit.checked_mul(&U256::from_u64(weighted)).into();
        let easiest = self.rules.easiest_target;
        next.map_or(easiest, |next| Target::from_number(next).min(easiest))
    }

    fn check_links(&self, header: &Header) -> Result<(), HeaderError> {
        // First of all: only of a child of this tip do the other rules say anything.
        if header.previous_hash != self.tip_hash {
            let (got, expected) = (header.previous_hash, self.tip_hash);
            return Err(HeaderError::PreviousHash { got, expected });
        }
        if header.version != BLOCK_VERSION {
            let (got, expected) = (header.version, BLOCK_VERSION);
            return Err(HeaderError::Version { got, expected });
        }
        let tip = &self.tip;
        if header.index != tip.index.next() {
            let (got, expected) = (header.index, tip.index.next());
            return Err(HeaderError::Index { got, expected });
        }
        if header.history_root != self.history.root() {
            let (got, expected) = (header.history_root, self.history.root());
            return Err(HeaderError::HistoryRoot { got, expected });
        }
        if header.council_hash != self.council.hash() {
            let (got, expected) = (header.council_hash, self.council.hash());
            return Err(HeaderError::CouncilHash { got, expected });
        }
        Ok(())
    }

    fn check_time(&self, header: &Header, now: Timestamp) -> Result<(), HeaderError> {
        let parent = self.tip.timestamp;
        if header.timestamp <= parent {
            return Err(HeaderError::TimestampNotAfterParent {
                got: header.timestamp,
                parent,
            });
        }
        if header.timestamp > now + TIMESTAMP_AHEAD_MAX {
            return Err(HeaderError::TimestampAhead {
                got: header.timestamp,
                now,
            });
        }
        Ok(())
    }

    fn check_work(&self, header: &Header, hash: &BlockHash) -> Result<(), HeaderError> {
        let expected = self.next_target();
        if header.target != expected {
            return Err(HeaderError::Target {
                got: header.target,
                expected,
            });
        }
        if !hash.meets(&expected) {
            return Err(HeaderError::ProofOfWork {
                got: *hash,
                target: expected,
            });
        }
        Ok(())
    }

    fn check_seal(&self, sealed: &SealedHeader, hash: &BlockHash) -> Result<(), HeaderError> {
        let miner = sealed.header.miner;
        let node_key = self
            .council
            .node_key(&miner)
            .ok_or(HeaderError::MinerNotEnrolled { miner })?;
        sealed
            .seal_check(&self.rules.genesis_hash, hash, node_key)
            .verify()
            .map_err(|_| HeaderError::Seal { miner })
    }
}

/// A target's part of the average over the window. Sixty of these are taken for each header: a
/// division by one limb costs far less than one by 256 bits.
fn window_share(target: &Target) -> U256 {
    #[expect(clippy::cast_possible_truncation, reason = "the window has 60 blocks")]
    const WINDOW: NonZero<Limb> =
        NonZero::<Limb>::const_new(Limb::from_u32(RETARGET_WINDOW as u32)).0;
    let (share, _) = target.number().div_rem_limb(WINDOW);
    share
}

fn nonzero(number: u64) -> NonZero<U256> {
    // The interval is at least 1 ms in a checked genesis, and the window is a constant above 0.
    NonZero::<U256>::from_u64(
        core::num::NonZeroU64::new(number).unwrap_or(core::num::NonZeroU64::MIN),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_of_the_window_is_the_quotient() {
        let mut number = U256::MAX;
        while number != U256::ZERO {
            let target = Target::from_number(number);
            let quotient = number.wrapping_div(&nonzero(RETARGET_WINDOW as u64));
            assert_eq!(window_share(&target), quotient);
            number = number.wrapping_div(&nonzero(7));
        }
    }
}
