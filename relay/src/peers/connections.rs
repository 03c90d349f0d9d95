//! Who comes and goes: the loop's answers to what the swarm says of connections.

use keepwell_primitives::Timestamp;
use libp2p::{
    Multiaddr, PeerId,
    allow_block_list::NotAllowed,
    swarm::{ConnectionDenied, ConnectionId, DialError, ListenError, SwarmEvent},
};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::time::Instant;
use tracing::{debug, error, info, warn};

use super::{
    ConnectedPeer, PeerEvent, behaviour::BehaviourEvent, dialling::random, swarm_loop::SwarmLoop,
};

impl SwarmLoop {
    pub(super) fn on_swarm_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(event) => self.on_traffic(event),
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                endpoint,
                num_established,
                ..
            } => {
                self.redial
                    .connected(peer_id, Some(connection_id), Instant::now());
                if num_established.get() == 1 {
                    self.arrived(peer_id, endpoint.get_remote_address().clone());
                }
            }
            SwarmEvent::ConnectionClosed {
                peer_id,
                num_established: 0,
                cause,
                ..
            } => {
                let cause = cause.map(|cause| cause.to_string());
                info!(peer = %peer_id, cause, "peer disconnected");
                self.departed(peer_id);
            }
            SwarmEvent::IncomingConnectionError {
                error,
                send_back_addr,
                ..
            } => match error {
                ListenError::Denied { cause } => self.denied(&cause, &send_back_addr),
                error => debug!(from = %send_back_addr, %error, "inbound connection failed"),
            },
            SwarmEvent::OutgoingConnectionError {
                connection_id,
                error,
                ..
            } => {
                self.dial_failed(connection_id, &error);
            }
            SwarmEvent::NewListenAddr { address, .. } => {
                info!(%address, "listening for peers");
                self.listening_changed();
            }
            SwarmEvent::ExpiredListenAddr { .. } => self.listening_changed(),
            SwarmEvent::ListenerClosed {
                reason: Err(error), ..
            } => {
                error!(%error, "no longer listening for peers");
                self.listening_changed();
            }
            SwarmEvent::ListenerError { error, .. } => {
                warn!(%error, "a connection could not be accepted");
            }
            _ => {}
        }
    }

    fn arrived(&mut self, peer: PeerId, address: Multiaddr) {
        info!(%peer, %address, "peer connected");
        self.status.send_modify(|status| {
            let since = now();
            let arrived = ConnectedPeer {
                peer_id: peer,
                address: address.clone(),
                since,
                topics: Vec::new(),
            };
            status.connected.push(arrived);
            status.connected.sort_by_key(|connected| connected.peer_id);
        });
        self.events.keep(PeerEvent::Connected { peer, address });
    }

    fn departed(&mut self, peer: PeerId) {
        self.redial.disconnected(peer, Instant::now(), random());
        self.status
            .send_modify(|status| status.connected.retain(|other| other.peer_id != peer));
        self.events.keep(PeerEvent::Disconnected { peer });
    }

    fn dial_failed(&mut self, connection: ConnectionId, error: &DialError) {
        match error {
            DialError::LocalPeerId { address } => {
                debug!(%address, "passing over our own address");
                self.redial.found_ourselves(connection);
                return;
            }
            DialError::WrongPeerId { obtained, address } => {
                warn!(%address, answered = %obtained, "someone else answers at a peer's address");
            }
            DialError::Denied { cause } => self.denied(cause, &Multiaddr::empty()),
            error => {
                debug!(%error, "dialling failed");
                self.status
                    .send_modify(|status| status.dials_failed_total += 1);
            }
        }
        self.redial
            .dial_failed(connection, Instant::now(), random());
    }

    fn denied(&mut self, cause: &ConnectionDenied, address: &Multiaddr) {
        match cause.downcast_ref::<NotAllowed>() {
            Some(stranger) => {
                info!(%address, %stranger, "refused a stranger");
                self.status.send_modify(|status| status.refused_total += 1);
            }
            None => debug!(%address, "connection refused: too many"),
        }
    }

    fn listening_changed(&mut self) {
        let listening = self.swarm.listeners().cloned().collect();
        self.status
            .send_modify(|status| status.listening = listening);
    }
}

fn now() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}
