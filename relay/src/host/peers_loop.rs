//! The loop that turns what peers, the miner and the clock say into steps of the node.

use std::{sync::Arc, time::Duration};

use keepwell_ledger::block::Header;
use tokio::{
    sync::{Mutex, Semaphore, mpsc},
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use super::{Directory, answering, gossip, syncing};
use crate::{
    chain::{Chain, ChainError, Miner},
    custodian::Custodian,
    files::Files,
    peers::{PeerEvent, PeersHandle, Topic},
};

/// How often the mining job gets a fresh look: for its time, and for what has come since.
const JOB_EVERY: Duration = Duration::from_secs(1);

/// How often a peer is asked how far it is, in case gossip was lost.
const STATUS_EVERY: Duration = Duration::from_secs(5);

/// Peers' events handled at the same time.
const HANDLERS_MAX: usize = 64;

/// What the host's tasks share.
#[derive(Clone)]
pub struct Host {
    /// The node.
    pub chain: Chain,
    /// The other nodes.
    pub peers: PeersHandle,
    /// Who they are.
    pub directory: Arc<Directory>,
    /// The sealed files kept here.
    pub files: Files,
    /// Held while a file is fetched for a peer.
    pub fetching: Arc<Mutex<()>>,
    /// The hospital's duties as a custodian, and its mailbox.
    pub custodian: Custodian,
}

/// Why the host cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The node's store failed.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// There is no thread for the miner.
    #[error("the mining thread cannot start: {0}")]
    Miner(#[from] std::io::Error),
}

/// Starts the loop and the miner. The task ends with an error when the store fails: the process
/// should then end, too, because nothing it says would be durable.
///
/// # Errors
/// [`HostError::Miner`].
pub fn start(
    host: Host,
    events: mpsc::Receiver<PeerEvent>,
) -> Result<JoinHandle<Result<(), HostError>>, HostError> {
    let (found_here, found) = mpsc::channel(1);
    let miner = Miner::start(host.chain.job(), found_here)?;
    Ok(tokio::spawn(run(host, events, found, miner)))
}

async fn run(
    host: Host,
    mut events: mpsc::Receiver<PeerEvent>,
    mut found: mpsc::Receiver<Header>,
    _miner: Miner,
) -> Result<(), HostError> {
    let handlers = Arc::new(Semaphore::new(HANDLERS_MAX));
    let (mut job_tick, mut status_tick) = (interval(JOB_EVERY), interval(STATUS_EVERY));
    job_tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    status_tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            event = events.recv() => {
                let Some(event) = event else { return Ok(()) };
                // At most so many at once; the queue of events is bounded, too.
                let Ok(place) = Arc::clone(&handlers).acquire_owned().await else { return Ok(()) };
                let host = host.clone();
                tokio::spawn(async move {
                    handle(&host, event).await;
                    drop(place);
                });
            }
            Some(header) = found.recv() => publish_mined(&host, header).await?,
            _ = job_tick.tick() => blocking(&host.chain, Chain::refresh_job).await?,
            _ = status_tick.tick() => syncing::with_someone(&host),
        }
    }
}

async fn handle(host: &Host, event: PeerEvent) {
    match event {
        PeerEvent::Connected { peer, address } => {
            let hospital_id = host.directory.hospital(&peer);
            tracing::info!(%peer, ?hospital_id, %address, "connected to a node");
            syncing::with(host, peer).await;
            host.custodian.wake();
        }
        PeerEvent::Disconnected { peer } => tracing::info!(%peer, "disconnected from a node"),
        PeerEvent::Gossip {
            topic,
            from,
            bytes,
            message_id,
        } => {
            gossip::take(host, topic, from, bytes, message_id).await;
        }
        PeerEvent::Request {
            peer,
            bytes,
            respond,
        } => {
            let answer = answering::answer(host, peer, bytes).await;
            if let Err(error) = respond.send(answer.to_bytes()).await {
                tracing::debug!(%peer, %error, "an answer was not taken");
            }
        }
    }
}

async fn publish_mined(host: &Host, header: Header) -> Result<(), HostError> {
    let block = blocking(&host.chain, move |chain| chain.mined(header)).await?;
    let Some(block) = block else { return Ok(()) };
    tracing::info!(index = header.index.0, hash = %header.hash(), "mined a block");
    if let Err(error) = host.peers.publish(Topic::Blocks, block).await {
        tracing::warn!(%error, "a mined block was not published; peers will ask for it");
    }
    Ok(())
}

/// Runs a step of the node where blocking is allowed.
pub(crate) async fn blocking<T: Send + 'static>(
    chain: &Chain,
    step: impl FnOnce(&Chain) -> Result<T, ChainError> + Send + 'static,
) -> Result<T, ChainError> {
    let chain = chain.clone();
    match tokio::task::spawn_blocking(move || step(&chain)).await {
        Ok(result) => result,
        Err(stopped) => Err(ChainError::Corrupt {
            reason: stopped.to_string(),
        }),
    }
}
