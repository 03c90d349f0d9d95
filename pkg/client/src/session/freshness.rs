//! How fresh is what is shown, and whether another relay knows more.

use keepwell_light::{HeadComparison, compare_heads};
use keepwell_primitives::{BlockIndex, Milliseconds, Timestamp};
use keepwell_wire::api::{BlockName, HeadAnswer};

use super::Session;
use crate::{ClientError, Clock, Relay, api};

/// A head of this age is called old: a chain on which anything happens has a new one within
/// seconds.
pub const HEAD_OLD_AFTER: Milliseconds = Milliseconds(15 * 60 * 1_000);

/// How far the verified chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// The newest verified block.
    pub head: BlockName,
    /// The newest final one.
    pub final_index: BlockIndex,
    /// When the newest was made, by its miner's clock.
    pub made_at: Timestamp,
    /// How long ago that is, by this device's clock.
    pub age: Milliseconds,
    /// Older than [`HEAD_OLD_AFTER`]. No error: the chain rests while nothing happens. Whether it
    /// does, or the relay withholds blocks, only another relay can tell: [`Session::check_with`].
    pub is_old: bool,
}

/// What two relays claim, side by side. Nothing of it is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComparedHeads {
    /// The session's relay.
    pub own: HeadAnswer,
    /// The other one.
    pub other: HeadAnswer,
    /// How they stand to each other; first is the session's.
    pub comparison: HeadComparison,
}

impl<R: Relay, C: Clock> Session<'_, R, C> {
    /// How far the verified chain is, by the last [`Session::sync`].
    pub fn freshness(&self) -> Freshness {
        let (head, age) = (self.light.head(), self.light.head_age(self.clock.now()));
        Freshness {
            head: head.name(),
            final_index: head.final_index(),
            made_at: age.made_at,
            age: age.age,
            is_old: age.age >= HEAD_OLD_AFTER,
        }
    }

    /// Compares the heads that this relay and another claim. Names no persona, so any relay of the
    /// directory may be asked. One that claims more work is to be followed next, not believed.
    ///
    /// # Errors
    /// Those of either relay.
    pub async fn check_with(&self, other: &impl Relay) -> Result<ComparedHeads, ClientError> {
        let own = api::head(self.relay).await?;
        let other = api::head(other).await?;
        Ok(ComparedHeads {
            own,
            other,
            comparison: compare_heads(&own, &other),
        })
    }
}
