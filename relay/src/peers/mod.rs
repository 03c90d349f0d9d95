//! The other hospitals' nodes, over libp2p: gossip of transactions, blocks and votes, and requests
//! with one response (`docs/protocol.md`, section 9).
//!
//! A peer is named by its enrolled node key. Strangers are refused as soon as the Noise handshake
//! has shown their key; a peer of another network does not even get through the handshake.
//!
//! Everything here is opaque bytes. Whether a transaction is valid, what a request asks for and who
//! is enrolled is for the caller to say.

mod behaviour;
mod codec;
mod config;
mod connections;
mod dialling;
mod error;
mod event;
mod event_queue;
mod gossip;
mod handle;
mod identity;
pub mod limits;
mod redial;
mod requests;
mod resolve;
mod status;
mod swarm_loop;
mod topic;
mod traffic;

pub use config::{Dial, PeersConfig};
pub use error::{PeerError, StartError};
pub use event::{PeerEvent, Responder};
pub use handle::{Peers, PeersHandle};
pub use identity::{NodeSecret, peer_id_of};
pub use libp2p::{Multiaddr, PeerId};
pub use status::{ConnectedPeer, PeersStatus};
pub use topic::{GossipId, Topic, Verdict};
