//! The one task that owns the libp2p swarm: commands go in, events come out. It never waits for
//! anyone but the network.
//!
//! Its parts stand beside it: `traffic`, `gossip`, `requests`, `connections`, `dialling`.

use std::{collections::HashMap, io, net::TcpListener};

use futures::StreamExt;
use libp2p::{
    Multiaddr, PeerId, Swarm, multiaddr::Protocol, request_response::OutboundRequestId,
    swarm::SwarmEvent,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use tracing::{info, warn};

use super::{
    PeerError, PeerEvent, PeersStatus, StartError, behaviour::Behaviour, dialling::Resolved,
    event_queue::EventQueue, handle::Command, limits, redial::Redial,
};

/// Owns the swarm and everything that waits for it.
pub(super) struct SwarmLoop {
    pub(super) swarm: Swarm<Behaviour>,
    pub(super) network: String,
    commands: mpsc::Receiver<Command>,
    /// For responders. Weak, so that the loop ends with the last handle.
    pub(super) commands_back: mpsc::WeakSender<Command>,
    pub(super) events: EventQueue,
    pub(super) status: watch::Sender<PeersStatus>,
    pub(super) in_flight: HashMap<OutboundRequestId, Waiting>,
    pub(super) redial: Redial,
    pub(super) resolving: JoinSet<Resolved>,
}

/// Someone who waits for a peer's response.
pub(super) type Waiting = oneshot::Sender<Result<Vec<u8>, PeerError>>;

impl SwarmLoop {
    pub(super) fn new(
        swarm: Swarm<Behaviour>,
        network: String,
        (commands, commands_back): (mpsc::Receiver<Command>, mpsc::WeakSender<Command>),
        events: mpsc::Sender<PeerEvent>,
        status: watch::Sender<PeersStatus>,
    ) -> Self {
        Self {
            swarm,
            network,
            commands,
            commands_back,
            events: EventQueue::new(events),
            status,
            in_flight: HashMap::new(),
            redial: Redial::default(),
            resolving: JoinSet::new(),
        }
    }

    /// Binds the address and waits until it is bound.
    pub(super) async fn listen(&mut self, address: Multiaddr) -> Result<(), StartError> {
        let refused = |reason: String| StartError::Listen {
            address: address.clone(),
            reason,
        };
        check_free(&address).map_err(|error| refused(error.to_string()))?;
        let ours = self
            .swarm
            .listen_on(address.clone())
            .map_err(|e| refused(e.to_string()))?;
        loop {
            let event = self.swarm.select_next_some().await;
            let bound = match &event {
                SwarmEvent::NewListenAddr { listener_id, .. } => *listener_id == ours,
                SwarmEvent::ListenerClosed {
                    listener_id,
                    reason,
                    ..
                } if *listener_id == ours => {
                    let reason = reason.as_ref().err().map(ToString::to_string);
                    return Err(refused(reason.unwrap_or_else(|| "closed".to_owned())));
                }
                _ => false,
            };
            self.on_swarm_event(event);
            if bound {
                return Ok(());
            }
        }
    }

    /// Runs until told to stop, or until nobody is left to tell it anything.
    pub(super) async fn run(mut self) {
        let stopped = loop {
            let due = self.redial.next_due();
            tokio::select! {
                command = self.commands.recv() => match command {
                    None => break None,
                    Some(Command::Shutdown { done }) => break Some(done),
                    Some(command) => self.on_command(command),
                },
                event = self.swarm.select_next_some() => self.on_swarm_event(event),
                Some(Ok(resolved)) = self.resolving.join_next() => self.on_resolved(resolved),
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    self.look_up_due();
                }
                () = self.events.flush_one() => {}
            }
        };
        if timeout(limits::SHUTDOWN_MAX, self.close()).await.is_err() {
            warn!("peers did not let go of their connections in time");
        }
        self.status.send_replace(PeersStatus::default());
        info!("peers stopped");
        drop(self);
        if let Some(done) = stopped {
            // Whoever asked may have gone meanwhile.
            let _ = done.send(());
        }
    }

    async fn close(&mut self) {
        self.redial = Redial::default();
        self.commands.close();
        self.in_flight.clear();
        let peers: Vec<PeerId> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            // An error means that it is disconnected already.
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        while self.swarm.network_info().num_peers() > 0 {
            let event = self.swarm.select_next_some().await;
            self.on_swarm_event(event);
        }
    }
}

/// Refuses a port that someone listens on. libp2p sets `SO_REUSEPORT`, with which two relays would
/// share one port in silence.
fn check_free(address: &Multiaddr) -> io::Result<()> {
    let mut parts = address.iter();
    let ip = match parts.next() {
        Some(Protocol::Ip4(ip)) => ip.into(),
        Some(Protocol::Ip6(ip)) => ip.into(),
        _ => return Ok(()),
    };
    match parts.next() {
        Some(Protocol::Tcp(port)) if port != 0 => {
            TcpListener::bind(std::net::SocketAddr::new(ip, port)).map(drop)
        }
        _ => Ok(()),
    }
}
