//! The client: what was verified so far, and the one place where that changes.

use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    block::{BlockHash, Work},
    genesis::Genesis,
};
use keepwell_primitives::{BlockIndex, Timestamp};

use crate::{
    ChangeSet, DirectoryView, HeadAge, HospitalView, Interest, PatientView, Round, Stored,
    StoredError, Update, VerificationError, VerifiedHead, View, chain::VerifiedChain,
};

/// A light client of one network. Every view it holds was proved at a block of the chain that it
/// holds.
#[derive(Clone, Debug)]
pub struct LightClient {
    chain: VerifiedChain,
    views: BTreeMap<Interest, View>,
}

impl LightClient {
    /// A client that knows the genesis and nothing else. The caller has it from
    /// [`check_genesis`](crate::check_genesis).
    pub fn new(genesis: Genesis) -> Self {
        Self {
            chain: VerifiedChain::genesis(Arc::new(genesis)),
            views: BTreeMap::new(),
        }
    }

    /// A client as it was stored. What is stored was verified, and is the device's own: it is
    /// checked that the headers hang together, down to the genesis if they reach that far, and that
    /// nothing is missing from the views.
    ///
    /// # Errors
    /// [`StoredError`], naming the row that is wrong.
    pub fn restore(genesis: Genesis, stored: &Stored) -> Result<Self, StoredError> {
        let chain = stored.chain(Arc::new(genesis))?;
        let views = stored.views(&chain)?;
        Ok(Self { chain, views })
    }

    /// All of it, to be stored. After the first time, the change sets say what is new.
    pub fn stored(&self) -> Stored {
        Stored::of(&self.chain, &self.views)
    }

    /// Starts a round of questions to one relay.
    pub fn round(&self, interests: &[Interest]) -> Round {
        let interests = interests.iter();
        let with_views: Vec<_> = interests
            .map(|interest| (*interest, self.views.get(interest).cloned()))
            .collect();
        Round::new(self.chain.clone(), with_views)
    }

    /// Takes in what a round has verified. A chain with less work than the present one, which
    /// another round may have brought in the meantime, changes nothing; nor does a view at a block
    /// that is not on the chain, or older than the view held. Views at blocks that were left are
    /// dropped.
    ///
    /// # Errors
    /// [`VerificationError::WrongGenesis`] for an update of another network's client.
    pub fn apply(&mut self, update: Update) -> Result<ChangeSet, VerificationError> {
        let (got, expected) = (update.chain.network().hash(), self.network().hash());
        if got != expected {
            return Err(VerificationError::WrongGenesis { got, expected });
        }
        let before = self.stored();
        self.adopt(&update);
        for view in update.views {
            let interest = view.interest();
            let held = self.views.get(&interest);
            let is_newer = held.is_none_or(|held| held.head().index() <= view.head().index());
            if is_newer && self.chain.contains(view.head().name()) {
                self.views.insert(interest, view);
            }
        }
        Ok(ChangeSet::between(&before, &self.stored()))
    }

    /// Drops the view of what is of no interest any more.
    pub fn forget(&mut self, interest: &Interest) -> ChangeSet {
        let before = self.stored();
        self.views.remove(interest);
        ChangeSet::between(&before, &self.stored())
    }

    /// The network.
    pub fn network(&self) -> &Genesis {
        self.chain.network()
    }

    /// The newest block verified.
    pub fn head(&self) -> VerifiedHead {
        self.chain.tip()
    }

    /// The hash of the verified chain's block at this index, if it is kept: the newest 256 at
    /// least, where there are as many.
    pub fn block_hash(&self, index: BlockIndex) -> Option<BlockHash> {
        self.chain.hash_at(index)
    }

    /// The work behind the newest block.
    pub fn work(&self) -> Work {
        self.chain.work()
    }

    /// How old the newest block is.
    pub fn head_age(&self, now: Timestamp) -> HeadAge {
        self.head().age(now)
    }

    /// The view of an interest, if it was read.
    pub fn view(&self, interest: &Interest) -> Option<&View> {
        self.views.get(interest)
    }

    /// The view of a patient, if it was read.
    pub fn patient(&self, patient_id: &PatientId) -> Option<&PatientView> {
        match self.views.get(&Interest::Patient(*patient_id)) {
            Some(View::Patient(view)) => Some(view),
            _ => None,
        }
    }

    /// The view of a hospital, if it was read.
    pub fn hospital(&self, hospital_id: &HospitalId) -> Option<&HospitalView> {
        match self.views.get(&Interest::Hospital(*hospital_id)) {
            Some(View::Hospital(view)) => Some(view),
            _ => None,
        }
    }

    /// The directory, if it was read.
    pub fn directory(&self) -> Option<&DirectoryView> {
        match self.views.get(&Interest::Directory) {
            Some(View::Directory(view)) => Some(view),
            _ => None,
        }
    }

    fn adopt(&mut self, update: &Update) {
        let (present, next) = (&self.chain, &update.chain);
        if !present.is_outweighed_by(next.work(), next.tip_name().hash) {
            return;
        }
        let started_here = present.tip_name().hash == update.started_from;
        self.views.retain(|_, view| {
            let is_shared = started_here && view.head().index() <= update.shared;
            is_shared || next.contains(view.head().name())
        });
        self.chain = next.clone();
    }
}
