//! A verified block with what it takes to judge the headers after it.

use alloc::collections::VecDeque;

use keepwell_ledger::{
    block::{Header, HeaderChain, HeaderError, History, RETARGET_WINDOW, Work},
    genesis::Genesis,
};
use keepwell_wire::api::BlockName;

/// The block below which the client follows no fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    header: Header,
    /// The headers before it that the retarget window reaches, oldest first.
    earlier: VecDeque<Header>,
    /// Over all blocks, this one included.
    history: History,
    /// Of all blocks, this one included.
    work: Work,
}

impl Checkpoint {
    pub(crate) fn genesis(genesis: &Genesis) -> Self {
        let header = *genesis.header();
        let mut history = History::new();
        history.push(&header.hash());
        Self {
            header,
            earlier: VecDeque::new(),
            history,
            work: Work::default(),
        }
    }

    /// A checkpoint read back from storage.
    ///
    /// # Errors
    /// [`HeaderError::StoredChainBroken`] if the parts do not belong together, or the chain does
    /// not start at this genesis as far as it reaches.
    pub(crate) fn restored(
        genesis: &Genesis,
        earlier: VecDeque<Header>,
        header: Header,
        history: History,
        work: Work,
    ) -> Result<Self, HeaderError> {
        let history = history
            .checked()
            .map_err(|_| HeaderError::StoredChainBroken)?;
        let restored = Self {
            header,
            earlier,
            history,
            work,
        };
        restored.clone().into_chain(genesis)?;
        let first = restored.headers().next().unwrap_or(&restored.header);
        let starts_elsewhere = first.index == genesis.header().index && first != genesis.header();
        if starts_elsewhere {
            return Err(HeaderError::StoredChainBroken);
        }
        Ok(restored)
    }

    pub(crate) fn into_chain(self, genesis: &Genesis) -> Result<HeaderChain, HeaderError> {
        HeaderChain::resume(genesis, self.earlier, self.header, self.history, self.work)
    }

    /// Checks that a header which was verified before stands on this block.
    pub(crate) fn check_child(&self, child: &Header) -> Result<(), HeaderError> {
        let hangs_here = child.index == self.header.index.next()
            && child.previous_hash == self.header.hash()
            && child.history_root == self.history.root();
        hangs_here
            .then_some(())
            .ok_or(HeaderError::StoredChainBroken)
    }

    /// Moves on to the next block, which was verified.
    pub(crate) fn advance(&mut self, child: Header) {
        self.earlier.push_back(self.header);
        if self.earlier.len() > RETARGET_WINDOW {
            self.earlier.pop_front();
        }
        self.history.push(&child.hash());
        self.work = self.work + child.target.work();
        self.header = child;
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    pub(crate) fn work(&self) -> Work {
        self.work
    }

    pub(crate) fn name(&self) -> BlockName {
        BlockName {
            index: self.header.index,
            hash: self.header.hash(),
        }
    }

    /// Its header and those before it that are kept, oldest first.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &Header> {
        self.earlier.iter().chain([&self.header])
    }
}
