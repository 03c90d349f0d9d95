//! What peers gossip: judged by the node before it goes any further.

use keepwell_node::{Imported, Submitted};
use libp2p::PeerId;

use super::{Host, peers_loop::blocking, syncing};
use crate::peers::{GossipId, Topic, Verdict};

/// Hands a gossiped message to the node and tells the peers what it is worth.
pub(super) async fn take(
    host: &Host,
    topic: Topic,
    from: PeerId,
    bytes: Vec<u8>,
    message_id: GossipId,
) {
    let verdict = match topic {
        Topic::Transactions => transaction(host, from, bytes).await,
        Topic::Blocks => block(host, from, bytes).await,
        // Votes belong to finality, which this version does not have.
        Topic::Votes => Verdict::Ignore,
    };
    if let Err(error) = host.peers.report(message_id, from, verdict).await {
        tracing::debug!(%error, "a verdict was not taken");
    }
}

async fn transaction(host: &Host, from: PeerId, bytes: Vec<u8>) -> Verdict {
    match blocking(&host.chain, move |chain| chain.submit(&bytes)).await {
        Ok(Ok((_, Submitted::Accepted))) => Verdict::Accept,
        Ok(Ok((_, Submitted::AlreadyKnown))) => Verdict::Ignore,
        Ok(Ok((txid, Submitted::Rejected(reason)))) => {
            // It may be fine in another node's state: do not spread it, blame nobody.
            tracing::debug!(%from, %txid, %reason, "a gossiped transaction was not taken");
            Verdict::Ignore
        }
        Ok(Err(error)) => {
            tracing::warn!(%from, %error, "a peer gossiped a malformed transaction");
            Verdict::Reject
        }
        Err(error) => {
            tracing::error!(%error, "a transaction could not be judged");
            Verdict::Ignore
        }
    }
}

async fn block(host: &Host, from: PeerId, bytes: Vec<u8>) -> Verdict {
    match blocking(&host.chain, move |chain| chain.import(&bytes)).await {
        Ok(Ok(Imported::NewHead | Imported::SideChain)) => Verdict::Accept,
        Ok(Ok(Imported::AlreadyKnown)) => Verdict::Ignore,
        Ok(Ok(Imported::ParentUnknown)) => {
            syncing::with(host, from).await;
            Verdict::Ignore
        }
        Ok(Ok(Imported::Rejected(reason))) => {
            tracing::warn!(%from, %reason, "a peer gossiped a block that breaks a rule");
            if reason.blames_sender() {
                Verdict::Reject
            } else {
                Verdict::Ignore
            }
        }
        Ok(Err(error)) => {
            tracing::warn!(%from, %error, "a peer gossiped a malformed block");
            Verdict::Reject
        }
        Err(error) => {
            tracing::error!(%error, "a block could not be judged");
            Verdict::Ignore
        }
    }
}
