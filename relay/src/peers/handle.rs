//! What the host holds: starts the peers, and asks things of the loop that runs them.

use std::collections::HashSet;

use libp2p::{PeerId, request_response::ResponseChannel};
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    ConnectedPeer, Dial, GossipId, PeerError, PeerEvent, PeersConfig, PeersStatus, StartError,
    Topic, Verdict, behaviour, config, limits, swarm_loop::SwarmLoop,
};

/// Starts the peers.
pub struct Peers;

impl Peers {
    /// Listens, begins to dial, and returns once the address is bound. The loop runs as a task of
    /// the current tokio runtime until [`PeersHandle::shutdown`] or the last handle is dropped.
    ///
    /// # Errors
    /// Any variant of [`StartError`] but those of keys.
    pub async fn start(
        peers: PeersConfig,
    ) -> Result<(PeersHandle, mpsc::Receiver<PeerEvent>), StartError> {
        config::check_network_name(&peers.network)?;
        let keypair = peers.node_secret.into_keypair();
        let swarm = behaviour::build(keypair, &peers.network, &peers.allowed)?;
        let local_peer = *swarm.local_peer_id();
        let (commands, commands_taken) = mpsc::channel(limits::COMMANDS_MAX);
        let (events, events_taken) = mpsc::channel(limits::EVENTS_MAX);
        let (status, status_seen) = watch::channel(PeersStatus::default());
        let mut swarm_loop = SwarmLoop::new(
            swarm,
            peers.network,
            (commands_taken, commands.downgrade()),
            events,
            status,
        );
        swarm_loop.listen(peers.listen).await?;
        swarm_loop.dial(peers.dial);
        tokio::spawn(swarm_loop.run());
        Ok((
            PeersHandle {
                commands,
                status: status_seen,
                local_peer,
            },
            events_taken,
        ))
    }
}

/// Asks things of the peers. Cheap to clone; the loop ends with the last one.
#[derive(Clone, Debug)]
pub struct PeersHandle {
    commands: mpsc::Sender<Command>,
    status: watch::Receiver<PeersStatus>,
    local_peer: PeerId,
}

/// What the loop can be told.
#[derive(Debug)]
pub(super) enum Command {
    Publish {
        topic: Topic,
        bytes: Vec<u8>,
        done: oneshot::Sender<Result<(), PeerError>>,
    },
    Report {
        message_id: GossipId,
        from: PeerId,
        verdict: Verdict,
    },
    Request {
        peer: PeerId,
        bytes: Vec<u8>,
        done: oneshot::Sender<Result<Vec<u8>, PeerError>>,
    },
    Respond {
        channel: ResponseChannel<Vec<u8>>,
        bytes: Vec<u8>,
        done: oneshot::Sender<Result<(), PeerError>>,
    },
    Allow {
        allowed: HashSet<PeerId>,
    },
    Dial {
        dial: Vec<Dial>,
    },
    Shutdown {
        done: oneshot::Sender<()>,
    },
}

impl PeersHandle {
    /// Our own peer id.
    pub const fn local_peer(&self) -> PeerId {
        self.local_peer
    }

    /// Gossips a message to everyone. That nobody is there to hear it, or that it went round
    /// before, is not an error.
    ///
    /// # Errors
    /// [`PeerError::TooLarge`], [`PeerError::QueuesFull`], [`PeerError::Publish`],
    /// [`PeerError::Stopped`].
    pub async fn publish(&self, topic: Topic, bytes: Vec<u8>) -> Result<(), PeerError> {
        check_size(&bytes, topic.bytes_max())?;
        self.ask(|done| Command::Publish { topic, bytes, done })
            .await?
    }

    /// Says what became of a gossiped message; until then it is not passed on.
    ///
    /// # Errors
    /// [`PeerError::Stopped`].
    pub async fn report(
        &self,
        message_id: GossipId,
        from: PeerId,
        verdict: Verdict,
    ) -> Result<(), PeerError> {
        self.tell(Command::Report {
            message_id,
            from,
            verdict,
        })
        .await
    }

    /// Asks one connected peer and waits for its response, at most half a minute.
    ///
    /// # Errors
    /// [`PeerError::TooLarge`], [`PeerError::NotConnected`], [`PeerError::TooManyRequests`],
    /// [`PeerError::TimedOut`], [`PeerError::ConnectionClosed`], [`PeerError::Unsupported`],
    /// [`PeerError::NoResponse`], [`PeerError::Stopped`].
    pub async fn request(&self, peer: PeerId, bytes: Vec<u8>) -> Result<Vec<u8>, PeerError> {
        check_size(&bytes, limits::MESSAGE_BYTES_MAX)?;
        self.ask(|done| Command::Request { peer, bytes, done })
            .await?
    }

    /// Replaces the set of who may be connected; connections of those left out are closed.
    ///
    /// # Errors
    /// [`PeerError::Stopped`].
    pub async fn allow(&self, allowed: HashSet<PeerId>) -> Result<(), PeerError> {
        self.tell(Command::Allow { allowed }).await
    }

    /// Replaces the list of whom to keep connected to. Standing connections stay.
    ///
    /// # Errors
    /// [`PeerError::Stopped`].
    pub async fn dial(&self, dial: Vec<Dial>) -> Result<(), PeerError> {
        self.tell(Command::Dial { dial }).await
    }

    /// Who is connected right now; nobody after the loop has stopped.
    pub fn connected(&self) -> Vec<ConnectedPeer> {
        if self.commands.is_closed() {
            return Vec::new();
        }
        self.status.borrow().connected.clone()
    }

    /// The present status, and a way to wait for the next.
    pub fn status(&self) -> watch::Receiver<PeersStatus> {
        self.status.clone()
    }

    /// Closes all connections and ends the loop; waits until that is done, two seconds at most.
    /// Requests under way fail with [`PeerError::Stopped`]. Done twice it is still done.
    pub async fn shutdown(&self) {
        let (done, stopped) = oneshot::channel();
        if self.tell(Command::Shutdown { done }).await.is_ok() {
            // An error means the loop is gone, which is what was wanted.
            let _ = stopped.await;
        }
    }

    async fn tell(&self, command: Command) -> Result<(), PeerError> {
        self.commands
            .send(command)
            .await
            .map_err(|_| PeerError::Stopped)
    }

    async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<T>) -> Command,
    ) -> Result<T, PeerError> {
        let (done, answer) = oneshot::channel();
        self.tell(command(done)).await?;
        answer.await.map_err(|_| PeerError::Stopped)
    }
}

fn check_size(bytes: &[u8], limit: usize) -> Result<(), PeerError> {
    if bytes.len() > limit {
        return Err(PeerError::TooLarge {
            got: bytes.len(),
            limit,
        });
    }
    Ok(())
}
