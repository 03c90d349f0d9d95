//! What is gossiped: topics, their limits, and the verdict on each message.

use libp2p::gossipsub::{IdentTopic, MessageAcceptance, MessageId, TopicHash};

use super::limits;

/// What a gossiped message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A signed transaction.
    Transactions,
    /// A block, header and body.
    Blocks,
    /// A finality vote or a statement of the newest final block.
    Votes,
}

impl Topic {
    /// All topics.
    pub const ALL: [Self; 3] = [Self::Transactions, Self::Blocks, Self::Votes];

    /// The most bytes a message of this topic may have.
    pub const fn bytes_max(self) -> usize {
        self.frame_bytes_max() - limits::ENVELOPE_BYTES_MAX
    }

    pub(super) const fn frame_bytes_max(self) -> usize {
        match self {
            Self::Transactions => limits::GOSSIPED_TRANSACTION_BYTES_MAX,
            Self::Blocks => limits::GOSSIPED_BLOCK_BYTES_MAX,
            Self::Votes => limits::GOSSIPED_VOTE_BYTES_MAX,
        }
    }

    /// The name on the wire. It carries the network, so that two networks never share a topic.
    pub(super) fn on_wire(self, network: &str) -> IdentTopic {
        let name = match self {
            Self::Transactions => "transactions",
            Self::Blocks => "blocks",
            Self::Votes => "votes",
        };
        IdentTopic::new(format!("/keepwell/{network}/{name}/1"))
    }

    pub(super) fn of(hash: &TopicHash, network: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|topic| topic.on_wire(network).hash() == *hash)
    }
}

/// Names a gossiped message: the hash of its topic and bytes, so the same bytes travel once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GossipId(pub(super) MessageId);

/// What the host found of a gossiped message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Good: pass it on.
    Accept,
    /// Bad in a way that honest peers never send: do not pass it on.
    Reject,
    /// Of no use to us, without blame: do not pass it on.
    Ignore,
}

impl From<Verdict> for MessageAcceptance {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Accept => Self::Accept,
            Verdict::Reject => Self::Reject,
            Verdict::Ignore => Self::Ignore,
        }
    }
}
