//! Mining at once: what a hospital's staff may ask of their own relay.

use keepwell_client::explorer;

use crate::{
    engine::desk::Desk,
    talk::{Failure, Outcome},
};

impl Desk {
    /// Asks the page's own relay, whichever hospital's it is: only that hospital's staff may, and
    /// the relay says so to others.
    pub(super) async fn mine_now(&self) -> Result<Outcome, Failure> {
        let identity = self.identity()?;
        let relay = self.own_relay();
        let asked = self.beside_relay(&relay, async |session| {
            explorer::mine(session, &identity).await
        });
        let before = asked.await?;
        Ok(Outcome::Mining {
            after: before.head.index,
        })
    }
}
