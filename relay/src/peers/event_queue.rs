//! The bounded way from the loop to the host.
//!
//! The loop never waits for the host: a host that asks its peers for something while the queue is
//! full would otherwise wait for itself. Gossip and requests that find no room are dropped. Who is
//! connected must not be lost: that waits here, at most two events a peer.

use std::collections::VecDeque;

use libp2p::PeerId;
use tokio::sync::mpsc;

use super::PeerEvent;

pub(super) struct EventQueue {
    sender: mpsc::Sender<PeerEvent>,
    waiting: VecDeque<PeerEvent>,
}

impl EventQueue {
    pub(super) fn new(sender: mpsc::Sender<PeerEvent>) -> Self {
        Self {
            sender,
            waiting: VecDeque::new(),
        }
    }

    /// Queues gossip or a request; gives it back when there is no room.
    pub(super) fn offer(&self, event: PeerEvent) -> Result<(), Box<PeerEvent>> {
        if !self.waiting.is_empty() {
            return Err(Box::new(event));
        }
        self.sender
            .try_send(event)
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(event)
                | mpsc::error::TrySendError::Closed(event) => Box::new(event),
            })
    }

    /// Queues a change of who is connected, and keeps it until there is room.
    pub(super) fn keep(&mut self, event: PeerEvent) {
        if let PeerEvent::Disconnected { peer } = &event
            && let Some(position) = self.last_about(peer)
            && matches!(
                self.waiting.get(position),
                Some(PeerEvent::Connected { .. })
            )
        {
            self.waiting.remove(position);
            return;
        }
        if let Err(event) = self.offer(event) {
            self.waiting.push_back(*event);
        }
    }

    /// Moves one kept event on; for ever pending when none is kept. May be dropped at any time.
    pub(super) async fn flush_one(&mut self) {
        if self.waiting.is_empty() {
            return std::future::pending().await;
        }
        match self.sender.reserve().await {
            Ok(place) => {
                if let Some(event) = self.waiting.pop_front() {
                    place.send(event);
                }
            }
            // Nobody listens any more.
            Err(_) => self.waiting.clear(),
        }
    }

    fn last_about(&self, wanted: &PeerId) -> Option<usize> {
        self.waiting.iter().rposition(|event| match event {
            PeerEvent::Connected { peer, .. } | PeerEvent::Disconnected { peer } => peer == wanted,
            PeerEvent::Gossip { .. } | PeerEvent::Request { .. } => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::{GossipId, Topic};

    fn connected(peer: PeerId) -> PeerEvent {
        PeerEvent::Connected {
            peer,
            address: "/ip4/127.0.0.1/tcp/1".parse().unwrap(),
        }
    }

    fn gossip(from: PeerId) -> PeerEvent {
        let message_id = GossipId(vec![1].into());
        PeerEvent::Gossip {
            topic: Topic::Blocks,
            from,
            bytes: vec![1],
            message_id,
        }
    }

    #[tokio::test]
    async fn gossip_is_dropped_when_full_and_connections_are_kept() {
        let peer = PeerId::random();
        let (sender, mut receiver) = mpsc::channel(1);
        let mut queue = EventQueue::new(sender);
        queue.offer(gossip(peer)).unwrap();
        assert!(queue.offer(gossip(peer)).is_err());
        queue.keep(connected(peer));
        assert!(matches!(
            receiver.recv().await,
            Some(PeerEvent::Gossip { .. })
        ));
        assert!(
            queue.offer(gossip(peer)).is_err(),
            "gossip does not overtake"
        );
        queue.flush_one().await;
        assert!(matches!(
            receiver.recv().await,
            Some(PeerEvent::Connected { .. })
        ));
        queue.offer(gossip(peer)).unwrap();
    }

    #[tokio::test]
    async fn a_flapping_peer_keeps_at_most_two_events() {
        let peer = PeerId::random();
        let (sender, mut receiver) = mpsc::channel(1);
        let mut queue = EventQueue::new(sender);
        queue.keep(connected(peer));
        for _ in 0..10 {
            queue.keep(PeerEvent::Disconnected { peer });
            queue.keep(connected(peer));
        }
        assert_eq!(queue.waiting.len(), 2);
        queue.keep(PeerEvent::Disconnected { peer });
        assert_eq!(queue.waiting.len(), 1);
        assert!(matches!(
            receiver.recv().await,
            Some(PeerEvent::Connected { .. })
        ));
        queue.flush_one().await;
        assert!(matches!(
            receiver.recv().await,
            Some(PeerEvent::Disconnected { .. })
        ));
    }
}
