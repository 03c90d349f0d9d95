//! Requests and responses, ours and theirs, as the loop sends and matches them.

use libp2p::{
    PeerId,
    request_response::{self, OutboundFailure, OutboundRequestId},
};
use tracing::{debug, warn};

use super::{
    PeerError, PeerEvent, Responder,
    limits::REQUESTS_IN_FLIGHT_MAX,
    swarm_loop::{SwarmLoop, Waiting},
};

type RequestEvent = request_response::Event<Vec<u8>, Vec<u8>>;

impl SwarmLoop {
    pub(super) fn request(&mut self, peer: PeerId, bytes: Vec<u8>, done: Waiting) {
        let refused = if !self.swarm.is_connected(&peer) {
            PeerError::NotConnected { peer }
        } else if self.in_flight.len() >= REQUESTS_IN_FLIGHT_MAX {
            PeerError::TooManyRequests {
                limit: REQUESTS_IN_FLIGHT_MAX,
            }
        } else {
            let id = self
                .swarm
                .behaviour_mut()
                .requests
                .send_request(&peer, bytes);
            self.in_flight.insert(id, done);
            return;
        };
        let _ = done.send(Err(refused));
    }

    pub(super) fn on_requests(&mut self, event: RequestEvent) {
        use request_response::{Event, Message};
        match event {
            Event::Message {
                peer,
                message:
                    Message::Request {
                        request, channel, ..
                    },
                ..
            } => {
                let Some(commands) = self.commands_back.upgrade() else {
                    return;
                };
                let respond = Responder { channel, commands };
                // The responder that is dropped here lets the peer's request fail.
                if self
                    .events
                    .offer(PeerEvent::Request {
                        peer,
                        bytes: request,
                        respond,
                    })
                    .is_err()
                {
                    warn!(%peer, "host is busy, request dropped");
                }
            }
            Event::Message {
                message:
                    Message::Response {
                        request_id,
                        response,
                    },
                ..
            } => {
                self.answer(request_id, Ok(response));
            }
            Event::OutboundFailure {
                peer,
                request_id,
                error,
                ..
            } => {
                self.answer(request_id, Err(failure(peer, error)));
            }
            Event::InboundFailure { peer, error, .. } => {
                debug!(%peer, %error, "a peer's request came to nothing");
            }
            Event::ResponseSent { .. } => {}
        }
    }

    fn answer(&mut self, id: OutboundRequestId, answer: Result<Vec<u8>, PeerError>) {
        if let Some(waiting) = self.in_flight.remove(&id) {
            let _ = waiting.send(answer);
        }
    }
}

fn failure(peer: PeerId, error: OutboundFailure) -> PeerError {
    match error {
        OutboundFailure::DialFailure => PeerError::NotConnected { peer },
        OutboundFailure::Timeout => PeerError::TimedOut { peer },
        OutboundFailure::ConnectionClosed => PeerError::ConnectionClosed { peer },
        OutboundFailure::UnsupportedProtocols => PeerError::Unsupported { peer },
        OutboundFailure::Io(error) => PeerError::NoResponse {
            peer,
            reason: error.to_string(),
        },
    }
}
