//! One round of questions to one relay: to its head, then everything the client wants to know
//! there.

use alloc::vec::Vec;

use keepwell_ledger::block::BlockHash;
use keepwell_primitives::{BlockIndex, Timestamp};
use keepwell_wire::api::HeadAnswer;

use crate::{
    Answer, Interest, Query, Standing, VerificationError, VerifiedHead, View,
    catch_up::CatchUp,
    chain::VerifiedChain,
    reading::{Reading, Subject},
};

/// A round in progress. Made by [`LightClient::round`](crate::LightClient::round); dropping it, at
/// any time, changes nothing.
pub struct Round {
    started_from: BlockHash,
    interests: Vec<(Interest, Option<View>)>,
    catch_up: CatchUp,
    reading: Option<Reading>,
}

/// What a round has verified, for [`LightClient::apply`](crate::LightClient::apply).
#[derive(Clone, Debug)]
pub struct Update {
    pub(crate) started_from: BlockHash,
    pub(crate) chain: VerifiedChain,
    pub(crate) shared: BlockIndex,
    pub(crate) views: Vec<View>,
    standing: Option<Standing>,
    claimed: Option<HeadAnswer>,
    undone_blocks: u64,
}

impl Round {
    pub(crate) fn new(known: VerifiedChain, interests: Vec<(Interest, Option<View>)>) -> Self {
        Self {
            started_from: known.tip_name().hash,
            interests,
            catch_up: CatchUp::new(known),
            reading: None,
        }
    }

    /// What to ask the relay next; `None` when the round is over. Asking again gives the same
    /// question until it is answered.
    pub fn next_query(&self) -> Option<Query> {
        match &self.reading {
            Some(reading) => reading.next_query(),
            None => self.catch_up.next_query(),
        }
    }

    /// Takes the answer to the present question. `now` is the client's clock.
    ///
    /// # Errors
    /// [`VerificationError`]; the round is over, and what it had verified is dropped with it.
    pub fn resolve(mut self, answer: Answer, now: Timestamp) -> Result<Self, VerificationError> {
        if let Some(reading) = self.reading {
            self.reading = Some(reading.resolve(answer)?);
            return Ok(self);
        }
        self.catch_up = self.catch_up.resolve(answer, now)?;
        if self.catch_up.standing() == Some(Standing::Current) {
            let head = self.catch_up.chain().tip();
            let shared = self.catch_up.shared();
            let subjects = core::mem::take(&mut self.interests).into_iter();
            let subjects = subjects.map(|(interest, earlier)| Subject {
                interest,
                earlier: earlier.filter(|view| view.head().index() <= shared),
            });
            self.reading = Some(Reading::new(head, subjects.collect())?);
        }
        Ok(self)
    }

    /// Ends the round. Before its end, where a relay has fallen silent: with the headers that were
    /// verified until then, if they are worth more than those known, and without views.
    pub fn finish(self) -> Update {
        let (standing, claimed) = (self.catch_up.standing(), self.catch_up.claimed().copied());
        let before = self.catch_up.known_tip();
        let (chain, shared) = self.catch_up.into_best();
        Update {
            started_from: self.started_from,
            undone_blocks: before.0.saturating_sub(shared.0),
            chain,
            shared,
            views: self.reading.map(Reading::into_views).unwrap_or_default(),
            standing,
            claimed,
        }
    }
}

impl Update {
    /// How the relay stands to what was known; `None` if the round ended before that was clear.
    pub fn standing(&self) -> Option<Standing> {
        self.standing
    }

    /// The newest block verified.
    pub fn head(&self) -> VerifiedHead {
        self.chain.tip()
    }

    /// What the relay said of itself. Its clock, its name and its number of peers are its word
    /// alone.
    pub fn claimed(&self) -> Option<&HeadAnswer> {
        self.claimed.as_ref()
    }

    /// The views that were proved: all that were wanted, or none.
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// How many blocks known before were left for a chain with more work. More than
    /// [`BURIED_DEPTH`](keepwell_ledger::block::BURIED_DEPTH) means that something was undone which
    /// had been called final.
    pub fn undone_blocks(&self) -> u64 {
        self.undone_blocks
    }
}
