//! Heads: the one that was verified, and those that relays claim.

use core::cmp::Ordering;

use alloy_rlp::{Decodable, Encodable};
use keepwell_keys::GenesisHash;
use keepwell_ledger::block::{BURIED_DEPTH, BlockHash, HEADER_BYTES, Header};
use keepwell_primitives::{BlockIndex, Milliseconds, Timestamp};
use keepwell_wire::api::{BlockName, HeadAnswer, TransactionState};

/// A block whose header, and those of all blocks before it, the client has verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedHead {
    header: Header,
    hash: BlockHash,
}

impl VerifiedHead {
    pub(crate) fn new(header: Header) -> Self {
        Self {
            header,
            hash: header.hash(),
        }
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its hash.
    pub fn hash(&self) -> BlockHash {
        self.hash
    }

    /// Its index.
    pub fn index(&self) -> BlockIndex {
        self.header.index
    }

    /// Both its names.
    pub fn name(&self) -> BlockName {
        BlockName {
            index: self.header.index,
            hash: self.hash,
        }
    }

    /// The newest block that is final, seen from this head.
    pub fn final_index(&self) -> BlockIndex {
        newest_final(self.index())
    }

    /// How far something in the block at this index is, seen from this head: final, mined, or, past
    /// the head, pending.
    pub fn state_of(&self, index: BlockIndex) -> TransactionState {
        if index > self.index() {
            TransactionState::Pending
        } else if index > newest_final(self.index()) {
            TransactionState::Mined
        } else {
            TransactionState::Final
        }
    }

    /// How old the head is.
    pub fn age(&self, now: Timestamp) -> HeadAge {
        HeadAge {
            made_at: self.header.timestamp,
            age: now.since(self.header.timestamp),
        }
    }
}

/// Canonically the header's bytes.
impl Encodable for VerifiedHead {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        self.header.to_bytes().encode(out);
    }

    fn length(&self) -> usize {
        [0_u8; HEADER_BYTES].length()
    }
}

impl Decodable for VerifiedHead {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let bytes = <[u8; HEADER_BYTES]>::decode(buf)?;
        Header::from_bytes(&bytes)
            .map(Self::new)
            .map_err(|_| alloy_rlp::Error::Custom("unknown block version"))
    }
}

/// The newest block that is final under this head; block 0 is from the start.
pub(crate) const fn newest_final(head: BlockIndex) -> BlockIndex {
    BlockIndex(head.0.saturating_sub(BURIED_DEPTH))
}

/// How old the newest verified block is. No error: the chain rests while there is nothing to do,
/// so an old head can be the newest there is. A client that wants to know asks a second relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadAge {
    /// When its miner made it.
    pub made_at: Timestamp,
    /// How long ago, by the client's clock; zero if its clock is behind.
    pub age: Milliseconds,
}

/// How the claims of two relays stand to each other. Nothing of it is verified: it says which of
/// them to follow next, not whom to believe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadComparison {
    /// The same block.
    Same,
    /// The first has more work.
    FirstAhead,
    /// The second has more work.
    SecondAhead,
    /// Different blocks with the same work: a fork that the next block will settle.
    Fork,
    /// Two networks.
    OtherNetwork {
        /// Of the first relay.
        first: GenesisHash,
        /// Of the second.
        second: GenesisHash,
    },
}

/// Compares what two relays claim. A relay that stays behind another withholds blocks, or is cut
/// off.
pub fn compare_heads(first: &HeadAnswer, second: &HeadAnswer) -> HeadComparison {
    if first.genesis_hash != second.genesis_hash {
        return HeadComparison::OtherNetwork {
            first: first.genesis_hash,
            second: second.genesis_hash,
        };
    }
    if first.head == second.head {
        return HeadComparison::Same;
    }
    match first.work.cmp(&second.work) {
        Ordering::Greater => HeadComparison::FirstAhead,
        Ordering::Less => HeadComparison::SecondAhead,
        Ordering::Equal => HeadComparison::Fork,
    }
}
