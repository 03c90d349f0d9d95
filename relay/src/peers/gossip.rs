//! Gossip, as the loop sends it, hands it to the host and passes it on.

use libp2p::{PeerId, gossipsub};
use tracing::{debug, warn};

use super::{GossipId, PeerError, PeerEvent, Topic, Verdict, swarm_loop::SwarmLoop};

impl SwarmLoop {
    pub(super) fn publish(&mut self, topic: Topic, bytes: Vec<u8>) -> Result<(), PeerError> {
        use gossipsub::PublishError;
        let topic = topic.on_wire(&self.network);
        match self.swarm.behaviour_mut().gossip.publish(topic, bytes) {
            Ok(_) | Err(PublishError::Duplicate | PublishError::NoPeersSubscribedToTopic) => Ok(()),
            Err(PublishError::AllQueuesFull(peers)) => Err(PeerError::QueuesFull { peers }),
            Err(error) => Err(PeerError::Publish {
                reason: error.to_string(),
            }),
        }
    }

    pub(super) fn report(&mut self, message_id: &GossipId, from: &PeerId, verdict: Verdict) {
        if verdict == Verdict::Reject {
            warn!(peer = %from, "peer gossiped something invalid");
        }
        let gossip = &mut self.swarm.behaviour_mut().gossip;
        if !gossip.report_message_validation_result(&message_id.0, from, verdict.into()) {
            debug!(peer = %from, ?verdict, "the verdict on a message came too late");
        }
    }

    pub(super) fn on_gossip(&mut self, event: gossipsub::Event) {
        match event {
            gossipsub::Event::Message {
                propagation_source,
                message_id,
                message,
            } => {
                let Some(topic) = Topic::of(&message.topic, &self.network) else {
                    return;
                };
                let event = PeerEvent::Gossip {
                    topic,
                    from: propagation_source,
                    bytes: message.data,
                    message_id: GossipId(message_id.clone()),
                };
                if self.events.offer(event).is_err() {
                    warn!(peer = %propagation_source, ?topic, "host is busy, gossip dropped");
                    self.report(&GossipId(message_id), &propagation_source, Verdict::Ignore);
                }
            }
            gossipsub::Event::Subscribed { peer_id, topic } => self.hears(peer_id, &topic, true),
            gossipsub::Event::Unsubscribed { peer_id, topic } => self.hears(peer_id, &topic, false),
            gossipsub::Event::SlowPeer { peer_id, .. } => {
                warn!(peer = %peer_id, "peer reads too slowly and misses gossip");
            }
            gossipsub::Event::GossipsubNotSupported { peer_id } => {
                warn!(peer = %peer_id, "peer does not take part in gossip");
            }
        }
    }

    fn hears(&mut self, peer: PeerId, topic: &gossipsub::TopicHash, subscribed: bool) {
        let Some(topic) = Topic::of(topic, &self.network) else {
            return;
        };
        self.status.send_modify(|status| {
            let connected = status
                .connected
                .iter_mut()
                .filter(|other| other.peer_id == peer);
            for connected in connected {
                connected.topics.retain(|other| *other != topic);
                if subscribed {
                    connected.topics.push(topic);
                    connected.topics.sort_unstable();
                }
            }
        });
    }
}
