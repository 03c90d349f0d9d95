//! The libp2p stack: TCP, Noise, yamux; and on them the rules of who may connect, gossip, requests
//! and pings.

use core::time::Duration;
use std::collections::HashSet;

use keepwell_primitives::Hash;
use libp2p::{
    PeerId, StreamProtocol, Swarm, SwarmBuilder,
    allow_block_list::{self, AllowedPeers},
    connection_limits::{self, ConnectionLimits},
    gossipsub::{self, MessageAuthenticity, MessageId, ValidationMode},
    identity::Keypair,
    noise, ping,
    request_response::{self, ProtocolSupport},
    swarm::NetworkBehaviour,
    tcp, yamux,
};

use super::{StartError, Topic, codec::BytesCodec, limits};

/// What runs on every connection. Who may connect comes first, so that nothing else ever sees a
/// stranger.
#[derive(NetworkBehaviour)]
pub(super) struct Behaviour {
    pub(super) allowed: allow_block_list::Behaviour<AllowedPeers>,
    limits: connection_limits::Behaviour,
    ping: ping::Behaviour,
    pub(super) gossip: gossipsub::Behaviour,
    pub(super) requests: request_response::Behaviour<BytesCodec>,
}

/// Builds the stack; it neither listens nor dials yet.
pub(super) fn build(
    keypair: Keypair,
    network: &str,
    allowed: &HashSet<PeerId>,
) -> Result<Swarm<Behaviour>, StartError> {
    // In the handshake's prologue the network's name is authenticated by both sides: peers of
    // another network fail before they are peers.
    let prologue = format!("/keepwell/{network}").into_bytes();
    let noise = |keypair: &Keypair| {
        noise::Config::new(keypair).map(|config| config.with_prologue(prologue.clone()))
    };
    let behaviour = behaviour(network, allowed)?;
    let builder = SwarmBuilder::with_existing_identity(keypair)
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise, yamux::Config::default)
        .map_err(stack)?
        .with_behaviour(|_| behaviour)
        .map_err(stack)?;
    Ok(builder
        // Members stay connected for good; pings find out who is gone.
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::MAX))
        .build())
}

fn behaviour(network: &str, allowed: &HashSet<PeerId>) -> Result<Behaviour, StartError> {
    let mut members = allow_block_list::Behaviour::<AllowedPeers>::default();
    for peer in allowed {
        members.allow_peer(*peer);
    }
    let connections = ConnectionLimits::default()
        .with_max_established_per_peer(Some(limits::CONNECTIONS_PER_PEER_MAX))
        .with_max_pending_incoming(Some(limits::PENDING_INCOMING_MAX));
    let pings = ping::Config::new()
        .with_interval(limits::PING_INTERVAL)
        .with_timeout(limits::PING_TIMEOUT);
    Ok(Behaviour {
        allowed: members,
        limits: connection_limits::Behaviour::new(connections),
        ping: ping::Behaviour::new(pings),
        gossip: gossip(network)?,
        requests: requests(network)?,
    })
}

/// Gossip for a council: from two members to some hundreds.
///
/// Messages are anonymous here: blocks, transactions and votes carry their own signatures, and a
/// second one per hop would only cost. Their id is the hash of their bytes, so the same thing said
/// by two nodes travels once.
fn gossip(network: &str) -> Result<gossipsub::Behaviour, StartError> {
    let mut config = gossipsub::ConfigBuilder::default();
    config
        .validation_mode(ValidationMode::Anonymous)
        .validate_messages()
        .message_id_fn(|message| {
            let topic = Hash::tagged("gossip-topic", &[message.topic.as_str().as_bytes()]);
            let id = Hash::tagged("gossip", &[topic.as_bytes(), &message.data]);
            MessageId::new(id.as_bytes())
        })
        .protocol_id_prefix(format!("/keepwell/{network}/meshsub"))
        .max_transmit_size(limits::GOSSIP_FRAME_BYTES_MAX)
        // Fewer peers than `mesh_n_low` are simply all in the mesh; no minimum dialled by us, since
        // whoever is here is enrolled.
        .mesh_n_low(4)
        .mesh_n(8)
        .mesh_n_high(16)
        .mesh_outbound_min(0)
        .flood_publish(true)
        // Heartbeats (seconds) a message waits for its verdict.
        .history_length(10)
        .connection_handler_queue_len(limits::GOSSIP_QUEUE_MAX);
    for topic in Topic::ALL {
        config.set_topic_max_transmit_size(topic.on_wire(network).hash(), topic.frame_bytes_max());
    }
    let config = config.build().map_err(stack)?;
    let mut gossip =
        gossipsub::Behaviour::new(MessageAuthenticity::Anonymous, config).map_err(|reason| {
            StartError::Stack {
                reason: reason.to_owned(),
            }
        })?;
    for topic in Topic::ALL {
        gossip
            .subscribe(&topic.on_wire(network))
            .map_err(|reason| StartError::Stack {
                reason: format!("{reason:?}"),
            })?;
    }
    Ok(gossip)
}

fn requests(network: &str) -> Result<request_response::Behaviour<BytesCodec>, StartError> {
    let protocol =
        StreamProtocol::try_from_owned(format!("/keepwell/{network}/request/1")).map_err(stack)?;
    let config = request_response::Config::default()
        .with_request_timeout(limits::REQUEST_TIMEOUT)
        .with_max_concurrent_streams(limits::STREAMS_PER_CONNECTION_MAX);
    Ok(request_response::Behaviour::new(
        [(protocol, ProtocolSupport::Full)],
        config,
    ))
}

fn stack(reason: impl core::fmt::Display) -> StartError {
    StartError::Stack {
        reason: reason.to_string(),
    }
}
