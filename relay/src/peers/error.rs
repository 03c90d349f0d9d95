//! Why the peers could not be started, and why something asked of them failed.

use libp2p::{Multiaddr, PeerId};

/// Why the peers could not be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The node secret is zero or not below the order of secp256k1.
    #[error("the node key's secret is not a scalar of secp256k1")]
    NodeSecret,
    /// The node public key is not a point of secp256k1.
    #[error("the node public key is not a point of secp256k1")]
    NodePublicKey,
    /// The network's name is empty, too long, or has characters beyond letters, digits and `-`.
    #[error("a network's name is 1 to 128 letters and digits, not {got:?}")]
    NetworkName {
        /// The name.
        got: String,
    },
    /// The network stack refused its configuration.
    #[error("the peer-to-peer stack cannot be built: {reason}")]
    Stack {
        /// What it said.
        reason: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// The address.
        address: Multiaddr,
        /// What the system said: in use, not permitted, not local …
        reason: String,
    },
}

/// Why something asked of the peers failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// The loop has ended: after a shutdown, or because it failed.
    #[error("the peer-to-peer loop has stopped")]
    Stopped,
    /// More bytes than the topic, a request or a response may have.
    #[error("{got} bytes are more than the {limit} that may be sent")]
    TooLarge {
        /// Bytes given.
        got: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// No connection to that peer.
    #[error("not connected to {peer}")]
    NotConnected {
        /// The peer.
        peer: PeerId,
    },
    /// Too many of our requests wait for a response.
    #[error("{limit} requests are already waiting for a response")]
    TooManyRequests {
        /// How many may.
        limit: usize,
    },
    /// The peer did not answer in time. It may have acted on the request.
    #[error("{peer} did not answer in time")]
    TimedOut {
        /// The peer.
        peer: PeerId,
    },
    /// The connection ended before the response. The peer may have acted on the request.
    #[error("the connection to {peer} ended before it answered")]
    ConnectionClosed {
        /// The peer.
        peer: PeerId,
    },
    /// The peer does not speak this protocol.
    #[error("{peer} does not answer requests of this network")]
    Unsupported {
        /// The peer.
        peer: PeerId,
    },
    /// The peer took the request and gave no response, or one that is too large or cut short.
    #[error("{peer} gave no readable response: {reason}")]
    NoResponse {
        /// The peer.
        peer: PeerId,
        /// What happened to the stream.
        reason: String,
    },
    /// The asker of this request is gone or has given up.
    #[error("the peer no longer waits for this response")]
    NobodyWaits,
    /// Every peer's queue is full: they read slower than we publish.
    #[error("the queues of all {peers} peers are full")]
    QueuesFull {
        /// How many peers there are.
        peers: usize,
    },
    /// Gossip could not be sent.
    #[error("cannot publish: {reason}")]
    Publish {
        /// What the gossip protocol said.
        reason: String,
    },
}
