//! Catching up with a peer that has more to show.

use keepwell_node::Imported;
use keepwell_primitives::Hash;
use keepwell_wire::peer::{Answer, Question, Status};
use libp2p::PeerId;

use super::{Host, peers_loop::blocking};
use crate::{chain::ChainError, peers::PeerError};

/// Why catching up with a peer ended early.
#[derive(Debug, thiserror::Error)]
enum SyncError {
    #[error(transparent)]
    Peer(#[from] PeerError),
    #[error(transparent)]
    Chain(#[from] ChainError),
    #[error("its answer is not what was asked for")]
    AnotherAnswer,
    #[error("it sent a bad block: {reason}")]
    BadBlock { reason: String },
}

/// Asks some connected peer how far it is, and catches up if it has more.
pub(super) fn with_someone(host: &Host) {
    let connected = host.peers.connected();
    // Another one each time: the clock's seconds are as good as any.
    let turn = usize::try_from(crate::clock::now().0 / 1000).unwrap_or(0);
    let Some(peer) = connected.get(turn % connected.len().max(1)) else {
        return;
    };
    let (host, peer) = (host.clone(), peer.peer_id);
    tokio::spawn(async move { with(&host, peer).await });
}

/// Asks a peer how far it is, and catches up if it has more.
pub(super) async fn with(host: &Host, peer: PeerId) {
    if let Err(error) = catch_up(host, peer).await {
        tracing::info!(%peer, %error, "catching up with a peer ended early");
    }
}

async fn catch_up(host: &Host, peer: PeerId) -> Result<(), SyncError> {
    let mut last = None;
    loop {
        let Answer::Status(theirs) = ask(host, peer, &Question::Status).await? else {
            return Err(SyncError::AnotherAnswer);
        };
        // An answer may hold only blocks that are here already, on the way to a deep fork. The
        // same answer twice leads nowhere.
        let newest = take_blocks(host, peer, theirs).await?;
        if newest.is_none() || newest == last {
            return Ok(());
        }
        last = newest;
    }
}

/// Asks for the blocks after those shared and imports them. Returns the last one's bytes' hash; none
/// if there is no more to ask for.
async fn take_blocks(host: &Host, peer: PeerId, theirs: Status) -> Result<Option<Hash>, SyncError> {
    let locator = blocking(&host.chain, move |chain| {
        let locator = chain.read(|node| node.is_behind(&theirs).then(|| node.locator()));
        Ok(locator.transpose()?)
    });
    let Some(locator) = locator.await? else {
        return Ok(None);
    };
    let question = Question::BlocksAfter(locator);
    let Answer::Blocks(blocks) = ask(host, peer, &question).await? else {
        return Err(SyncError::AnotherAnswer);
    };
    let newest = blocks.last().map(|bytes| Hash::untagged(bytes));
    for block in blocks.into_vec() {
        let imported = blocking(&host.chain, move |chain| chain.import(&block)).await?;
        let bad = |reason: String| SyncError::BadBlock { reason };
        match imported.map_err(|error| bad(error.to_string()))? {
            Imported::NewHead | Imported::SideChain | Imported::AlreadyKnown => {}
            Imported::ParentUnknown => return Err(bad("its parent is unknown".to_owned())),
            Imported::Rejected(reason) => return Err(bad(reason.to_string())),
        }
    }
    Ok(newest)
}

async fn ask(host: &Host, peer: PeerId, question: &Question) -> Result<Answer, SyncError> {
    let bytes = host.peers.request(peer, question.to_bytes()).await?;
    Answer::from_bytes(&bytes).map_err(|_| SyncError::AnotherAnswer)
}
