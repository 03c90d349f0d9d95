//! What the loop is told, and which part of it answers to what the swarm says.

use std::collections::HashSet;

use libp2p::{PeerId, ping};
use tracing::warn;

use super::{PeerError, behaviour::BehaviourEvent, handle::Command, swarm_loop::SwarmLoop};

impl SwarmLoop {
    /// Carries out a command. That whoever asked no longer waits for the answer is fine.
    pub(super) fn on_command(&mut self, command: Command) {
        match command {
            Command::Publish { topic, bytes, done } => {
                let _ = done.send(self.publish(topic, bytes));
            }
            Command::Report {
                message_id,
                from,
                verdict,
            } => {
                self.report(&message_id, &from, verdict);
            }
            Command::Request { peer, bytes, done } => self.request(peer, bytes, done),
            Command::Respond {
                channel,
                bytes,
                done,
            } => {
                let sent = self
                    .swarm
                    .behaviour_mut()
                    .requests
                    .send_response(channel, bytes);
                let _ = done.send(sent.map_err(|_| PeerError::NobodyWaits));
            }
            Command::Allow { allowed } => self.allow(&allowed),
            Command::Dial { dial } => self.dial(dial),
            // Taken by the loop itself.
            Command::Shutdown { .. } => {}
        }
    }

    pub(super) fn on_traffic(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Gossip(event) => self.on_gossip(event),
            BehaviourEvent::Requests(event) => self.on_requests(event),
            BehaviourEvent::Ping(ping::Event {
                peer,
                connection,
                result: Err(failure),
            }) => {
                warn!(%peer, %failure, "peer does not answer pings, hanging up");
                self.swarm.close_connection(connection);
            }
            BehaviourEvent::Ping(_) => {}
        }
    }

    fn allow(&mut self, allowed: &HashSet<PeerId>) {
        let members = &mut self.swarm.behaviour_mut().allowed;
        let gone: Vec<_> = members
            .allowed_peers()
            .difference(allowed)
            .copied()
            .collect();
        for peer in gone {
            members.disallow_peer(peer);
        }
        for peer in allowed {
            members.allow_peer(*peer);
        }
    }
}
