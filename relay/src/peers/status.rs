//! What can be said of the peers right now: shown to operators and waited on by the host.

use keepwell_primitives::Timestamp;
use libp2p::{Multiaddr, PeerId};

use super::Topic;

/// The peers right now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeersStatus {
    /// Peers with at least one connection, by peer id.
    pub connected: Vec<ConnectedPeer>,
    /// The addresses we listen on, with the real port where 0 was asked for.
    pub listening: Vec<Multiaddr>,
    /// Connections of strangers refused since the start.
    pub refused_total: u64,
    /// Dials since the start that found nobody, or somebody of another network.
    pub dials_failed_total: u64,
}

/// A peer with at least one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectedPeer {
    /// Its peer id.
    pub peer_id: PeerId,
    /// Where it is, seen from here: the address we dialled, or the one it came from.
    pub address: Multiaddr,
    /// When its present connection began, by this host's clock.
    pub since: Timestamp,
    /// What it has asked to hear, in the order of [`Topic::ALL`].
    pub topics: Vec<Topic>,
}
