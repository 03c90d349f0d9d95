//! What the peers tell the host.

use core::fmt;

use libp2p::{Multiaddr, PeerId, request_response::ResponseChannel};
use tokio::sync::{mpsc, oneshot};

use super::{GossipId, PeerError, Topic, handle::Command, limits::MESSAGE_BYTES_MAX};

/// Something happened among the peers.
///
/// Gossip and requests are dropped when the host is slower than its peers; *connected* and
/// *disconnected* never are, but a pair that undid itself while the host was busy is left out.
#[derive(Debug)]
pub enum PeerEvent {
    /// A first connection to this peer stands.
    Connected {
        /// Who.
        peer: PeerId,
        /// Where it is, seen from here.
        address: Multiaddr,
    },
    /// The last connection to this peer is gone.
    Disconnected {
        /// Who.
        peer: PeerId,
    },
    /// A message was gossiped. It spreads only after [`super::PeersHandle::report`] accepted it,
    /// which must happen within ten seconds.
    Gossip {
        /// What it is said to be.
        topic: Topic,
        /// Who passed it to us: not necessarily who made it.
        from: PeerId,
        /// The message.
        bytes: Vec<u8>,
        /// Names it in the report.
        message_id: GossipId,
    },
    /// A peer asks for something.
    Request {
        /// Who asks.
        peer: PeerId,
        /// What.
        bytes: Vec<u8>,
        /// Takes the response. Dropped unused, it lets the peer's request fail.
        respond: Responder,
    },
}

/// Takes the response to one request.
pub struct Responder {
    pub(super) channel: ResponseChannel<Vec<u8>>,
    pub(super) commands: mpsc::Sender<Command>,
}

impl Responder {
    /// Sends the response.
    ///
    /// # Errors
    /// [`PeerError::TooLarge`], [`PeerError::NobodyWaits`] when the asker is gone or its time is
    /// up, [`PeerError::Stopped`].
    pub async fn send(self, bytes: Vec<u8>) -> Result<(), PeerError> {
        if bytes.len() > MESSAGE_BYTES_MAX {
            return Err(PeerError::TooLarge {
                got: bytes.len(),
                limit: MESSAGE_BYTES_MAX,
            });
        }
        let (done, answer) = oneshot::channel();
        let Self { channel, commands } = self;
        commands
            .send(Command::Respond {
                channel,
                bytes,
                done,
            })
            .await
            .map_err(|_| PeerError::Stopped)?;
        answer.await.map_err(|_| PeerError::Stopped)?
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Responder")
            .field("is_open", &self.channel.is_open())
            .finish()
    }
}
