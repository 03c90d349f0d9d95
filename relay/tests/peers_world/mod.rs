//! Hospitals on loopback, with keys that are their number.

use std::{collections::HashSet, future::Future, time::Duration};

use keepwell_relay::peers::{
    Dial, GossipId, Multiaddr, NodeSecret, PeerEvent, PeerId, Peers, PeersConfig, PeersHandle,
    Responder, Topic,
};
use libp2p::identity::{Keypair, secp256k1};
use tokio::sync::mpsc;

pub(crate) const NETWORK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Longer than any step takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what}: not within {DEADLINE:?}"),
    }
}

/// A network of enrolled hospitals, numbered from 0.
pub(crate) struct World {
    enrolled: Vec<u8>,
}

/// One running hospital.
pub(crate) struct Hospital {
    pub(crate) handle: PeersHandle,
    pub(crate) events: mpsc::Receiver<PeerEvent>,
}

impl World {
    pub(crate) fn of(hospitals: u8) -> Self {
        Self {
            enrolled: (0..hospitals).collect(),
        }
    }

    pub(crate) fn peer_id(&self, number: u8) -> PeerId {
        let secret = secp256k1::SecretKey::try_from_bytes(secret(number)).unwrap();
        Keypair::from(secp256k1::Keypair::from(secret))
            .public()
            .to_peer_id()
    }

    pub(crate) fn config(&self, number: u8, dial: &[Multiaddr]) -> PeersConfig {
        PeersConfig {
            node_secret: NodeSecret::from_bytes(&mut secret(number)).unwrap(),
            listen: "/ip4/127.0.0.1/tcp/0".parse().unwrap(),
            dial: dial.iter().cloned().map(Dial::from).collect(),
            allowed: self.ids(&self.enrolled),
            network: NETWORK.to_owned(),
        }
    }

    pub(crate) async fn start(&self, number: u8, dial: &[Multiaddr]) -> Hospital {
        Hospital::start(self.config(number, dial)).await
    }

    /// Starts someone who has other ideas of who is enrolled.
    pub(crate) async fn start_as(
        &self,
        number: u8,
        dial: &[Multiaddr],
        allowed: &[u8],
    ) -> Hospital {
        let mut config = self.config(number, dial);
        config.allowed = self.ids(allowed);
        Hospital::start(config).await
    }

    pub(crate) async fn start_at(
        &self,
        number: u8,
        listen: Multiaddr,
        dial: &[Multiaddr],
    ) -> Hospital {
        let mut config = self.config(number, dial);
        config.listen = listen;
        Hospital::start(config).await
    }

    fn ids(&self, numbers: &[u8]) -> HashSet<PeerId> {
        numbers.iter().map(|number| self.peer_id(*number)).collect()
    }
}

fn secret(number: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[31] = number + 1;
    bytes
}

impl Hospital {
    pub(crate) async fn start(config: PeersConfig) -> Self {
        let (handle, events) = Peers::start(config).await.unwrap();
        Self { handle, events }
    }

    pub(crate) fn id(&self) -> PeerId {
        self.handle.local_peer()
    }

    pub(crate) fn address(&self) -> Multiaddr {
        self.handle.status().borrow().listening[0].clone()
    }

    /// Waits until the other has asked to hear every topic here.
    pub(crate) async fn hears_from(&self, other: &Hospital) {
        let mut status = self.handle.status();
        let everything = status.wait_for(|status| {
            status
                .connected
                .iter()
                .any(|peer| peer.peer_id == other.id() && peer.topics == Topic::ALL)
        });
        within("the other peer's subscriptions", everything)
            .await
            .unwrap();
    }

    pub(crate) async fn connected_to(&mut self, wanted: PeerId) {
        self.next("connected", |event| match event {
            PeerEvent::Connected { peer, .. } if peer == wanted => Some(()),
            _ => None,
        })
        .await;
    }

    pub(crate) async fn disconnected_from(&mut self, wanted: PeerId) {
        self.next("disconnected", |event| match event {
            PeerEvent::Disconnected { peer } if peer == wanted => Some(()),
            _ => None,
        })
        .await;
    }

    /// The next gossip, which must be this.
    pub(crate) async fn gossip(
        &mut self,
        wanted: Topic,
        wanted_bytes: &[u8],
    ) -> (PeerId, GossipId) {
        self.next("gossip", |event| match event {
            PeerEvent::Gossip {
                topic,
                from,
                bytes,
                message_id,
            } => {
                assert_eq!(topic, wanted);
                assert!(
                    bytes == wanted_bytes,
                    "{} bytes of something else",
                    bytes.len()
                );
                Some((from, message_id))
            }
            _ => None,
        })
        .await
    }

    pub(crate) async fn request(&mut self) -> (PeerId, Vec<u8>, Responder) {
        self.next("a request", |event| match event {
            PeerEvent::Request {
                peer,
                bytes,
                respond,
            } => Some((peer, bytes, respond)),
            _ => None,
        })
        .await
    }

    async fn next<T>(&mut self, what: &str, mut wanted: impl FnMut(PeerEvent) -> Option<T>) -> T {
        within(what, async {
            loop {
                let event = self.events.recv().await.expect("the loop runs");
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        })
        .await
    }
}
