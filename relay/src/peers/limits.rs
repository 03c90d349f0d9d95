//! The largest honest size of everything that peers send, and the length of every queue.

use core::time::Duration;

use keepwell_primitives::limits::{BLOCK_BYTES_MAX, TRANSACTION_BYTES_MAX};

/// What gossip adds around a payload: the topic's name and field lengths.
pub(super) const ENVELOPE_BYTES_MAX: usize = 1024;

/// A gossiped transaction with its envelope.
pub const GOSSIPED_TRANSACTION_BYTES_MAX: usize = TRANSACTION_BYTES_MAX + ENVELOPE_BYTES_MAX;

/// A gossiped block with its envelope.
pub const GOSSIPED_BLOCK_BYTES_MAX: usize = BLOCK_BYTES_MAX + ENVELOPE_BYTES_MAX;

/// A gossiped vote with its envelope: two block hashes, two indexes, an id and a signature.
pub const GOSSIPED_VOTE_BYTES_MAX: usize = 1024 + ENVELOPE_BYTES_MAX;

/// One frame of gossip: the largest message, and room for the control messages beside it.
pub(super) const GOSSIP_FRAME_BYTES_MAX: usize = GOSSIPED_BLOCK_BYTES_MAX + 256 * 1024;

/// A request or a response: one of the largest blocks and what names it.
pub const MESSAGE_BYTES_MAX: usize = BLOCK_BYTES_MAX + 64 * 1024;

/// Commands from handles that wait for the loop.
pub(super) const COMMANDS_MAX: usize = 256;

/// Events that wait for the host. Gossip and requests beyond it are dropped and logged: gossip is
/// healed by sync, and the peer sees its request fail.
pub(super) const EVENTS_MAX: usize = 256;

/// Our requests that wait for a response, over all peers.
pub(super) const REQUESTS_IN_FLIGHT_MAX: usize = 256;

/// Requests under way on one connection, both directions together.
pub(super) const STREAMS_PER_CONNECTION_MAX: usize = 32;

/// Messages that wait to be sent on one connection, before the slow peer misses some.
pub(super) const GOSSIP_QUEUE_MAX: usize = 256;

/// Connections to one peer: both sides may dial at once, and a dead one lingers until its ping fails.
pub(super) const CONNECTIONS_PER_PEER_MAX: u32 = 4;

/// Handshakes of inbound connections under way: all a stranger can take from us.
pub(super) const PENDING_INCOMING_MAX: u32 = 64;

/// A response that has not come after this long will not come.
pub(super) const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// How often a connection is probed, and how long the answer may take: a host that lost its power
/// is noticed within a minute.
pub(super) const PING_INTERVAL: Duration = Duration::from_secs(15);
pub(super) const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a shutdown waits for connections to close.
pub(super) const SHUTDOWN_MAX: Duration = Duration::from_secs(2);
