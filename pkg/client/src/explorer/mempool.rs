//! What waits at a relay, for people to look at.

use alloc::vec::Vec;

use keepwell_keys::GenesisHash;

use super::ShownTransaction;
use crate::{ClientError, Relay, waiting::waiting};

/// What waits at a relay, in the order it came. Checked: that each is canonical, of this network
/// and of the name that the relay gives it. Not checked: signatures and rules.
///
/// # Errors
/// Those of the relay; [`ClientError::Waiting`] for what cannot wait.
pub async fn mempool(
    relay: &impl Relay,
    genesis_hash: &GenesisHash,
) -> Result<Vec<ShownTransaction>, ClientError> {
    let waiting = waiting(relay, genesis_hash).await?;
    Ok(waiting.iter().map(ShownTransaction::of).collect())
}
