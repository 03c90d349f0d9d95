//! What the explorer asks and is shown: blocks, what waits, hospitals, peers.

use keepwell_client::explorer::{BlockChoice, ChainMark, ShownBlock, ShownTransaction};
use keepwell_keys::HospitalId;
use keepwell_ledger::block::{BlockHash, Header};
use keepwell_primitives::{BlockIndex, Timestamp};
use keepwell_wire::api::{HospitalEntry, PeerEntry};
use serde::{Deserialize, Serialize};

/// The digits of a hash: what is as long is never taken for an index.
const HASH_DIGITS: usize = 64;

/// What anybody can ask of the page's own relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExplorerVerb {
    /// Blocks, newest first.
    Blocks {
        /// Those before this one; from the newest on without.
        before: Option<BlockIndex>,
        /// At most so many.
        limit: u32,
    },
    /// One block, with what is in it.
    Block(BlockChoice),
    /// What waits at the relay.
    Mempool,
    /// The nodes that the relay says it is connected to.
    Peers,
    /// The directory.
    Hospitals,
}

/// What was found, and the verified head at which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explored {
    /// The newest block that was verified.
    pub head: ExploredHead,
    /// What was found.
    pub found: Found,
}

/// A verified head, with its roots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploredHead {
    /// Its hash.
    pub hash: BlockHash,
    /// The header.
    pub header: Header,
    /// When it was verified here.
    pub verified_at: Timestamp,
}

/// What the explorer was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// Blocks, newest first.
    Blocks(Vec<BlockLine>),
    /// A block; boxed, for it is much larger than the others.
    Block(Box<ShownBlock>),
    /// What waits, in the order it came.
    Mempool(Vec<ShownTransaction>),
    /// The nodes.
    Peers(Vec<PeerEntry>),
    /// Every hospital ever enrolled.
    Hospitals(Vec<DirectoryLine>),
}

/// A block in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockLine {
    /// Its place.
    pub index: BlockIndex,
    /// Its name.
    pub hash: BlockHash,
    /// When its miner says that it was made.
    pub timestamp: Timestamp,
    /// How many transactions are in it.
    pub transactions: u32,
    /// Whose node mined it.
    pub miner: HospitalId,
    /// How it stands to the verified chain.
    pub chain: ChainMark,
}

/// A hospital as its leaf in the verified trie has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryLine {
    /// Who it is, and where.
    pub entry: HospitalEntry,
    /// Transactions sent so far by its authority key.
    pub nonce: u64,
    /// Scopes that it ever opened to write into.
    pub issued_count: u32,
    /// Scopes that it was ever granted.
    pub access_count: u32,
    /// Key requests that it made.
    pub request_count: u32,
}

impl From<&ShownBlock> for BlockLine {
    fn from(block: &ShownBlock) -> Self {
        Self {
            index: block.header.index,
            hash: block.hash,
            timestamp: block.header.timestamp,
            transactions: u32::try_from(block.transactions.len()).unwrap_or(u32::MAX),
            miner: block.header.miner,
            chain: block.chain,
        }
    }
}

/// The block that a person means: its index, or its hash in either case. `None` if it is neither.
#[must_use]
pub fn block_choice(typed: &str) -> Option<BlockChoice> {
    let name = typed.trim();
    if name.len() == HASH_DIGITS {
        let hash = name.to_ascii_lowercase().parse();
        return hash.ok().map(BlockChoice::Hash);
    }
    // Rust reads "+7" as a number, and no relay does.
    let is_digits = name.chars().all(|c| c.is_ascii_digit());
    let index = is_digits.then(|| name.parse().ok()).flatten();
    index.map(BlockChoice::Index)
}

#[cfg(test)]
mod tests {
    use keepwell_primitives::Hash;

    use super::*;

    #[test]
    fn a_block_is_named_by_its_index_or_its_hash() {
        let index = |index| Some(BlockChoice::Index(BlockIndex(index)));
        assert_eq!(block_choice("0"), index(0));
        assert_eq!(block_choice(" 12 "), index(12));
        let hash = BlockHash(Hash([0xab; 32]));
        assert_eq!(
            block_choice(&"AB".repeat(32)),
            Some(BlockChoice::Hash(hash))
        );
        let digits = BlockHash(Hash([0x11; 32]));
        let all_digits = "1".repeat(64);
        assert_eq!(block_choice(&all_digits), Some(BlockChoice::Hash(digits)));
    }

    #[test]
    fn what_is_neither_names_no_block() {
        let too_large = u64::MAX.to_string() + "0";
        let not_hex = "g".repeat(64);
        for typed in [
            "", " ", "-1", "+7", "1.0", "head", "ab", "../head", &too_large, &not_hex,
        ] {
            assert_eq!(block_choice(typed), None, "{typed:?}");
        }
    }
}
