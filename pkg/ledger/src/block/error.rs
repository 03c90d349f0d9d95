//! What can be wrong with a header or a block: one variant per rule of section 6.

use keepwell_keys::HospitalId;
use keepwell_primitives::{BlockIndex, CanonicalError, Hash, Timestamp};

use super::{BlockHash, Target};
use crate::transaction::{MalformedTransaction, Txid};

/// A header that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum HeaderError {
    /// Headers have one width.
    #[error("the header has {got} bytes, expected {expected}")]
    Length { got: usize, expected: usize },
    /// Another version of the protocol.
    #[error("block version {got}, this network speaks {expected}")]
    Version { got: u32, expected: u32 },
    /// Indexes count up.
    #[error("block index {got}, expected {expected}")]
    Index {
        got: BlockIndex,
        expected: BlockIndex,
    },
    /// Not a child of the block before it.
    #[error("the block stands on {got}, expected {expected}")]
    PreviousHash { got: BlockHash, expected: BlockHash },
    /// A header commits to all headers before it.
    #[error("history root {got}, expected {expected}")]
    HistoryRoot { got: Hash, expected: Hash },
    /// A header names the council of its child.
    #[error("council hash {got}, expected {expected}")]
    CouncilHash { got: Hash, expected: Hash },
    /// Time only goes forward.
    #[error("block time {got} is not after its parent's, {parent}")]
    TimestampNotAfterParent { got: Timestamp, parent: Timestamp },
    /// It may become valid later; the block is not marked as bad.
    #[error("block time {got} is too far ahead of the clock, {now}")]
    TimestampAhead { got: Timestamp, now: Timestamp },
    /// The target follows from the blocks before.
    #[error("target {got}, expected {expected}")]
    Target { got: Target, expected: Target },
    /// Not enough work.
    #[error("the block hash {got} is above the target {target}")]
    ProofOfWork { got: BlockHash, target: Target },
    /// Mining is for members.
    #[error("miner {miner} is not an active hospital")]
    MinerNotEnrolled { miner: HospitalId },
    /// The seal is the sender's fault: another seal may be good, so the hash is not marked as bad.
    #[error("the seal is not a signature of miner {miner}'s node key")]
    Seal { miner: HospitalId },
    /// What was read back from storage is not a chain.
    #[error("the stored headers, history and work do not belong together")]
    StoredChainBroken,
}

impl HeaderError {
    /// Is it a failure of data that the hash commits to, so that the hash is bad for ever? Else
    /// only its sender, the moment, or whoever held it against the wrong parent is to blame.
    pub fn condemns_hash(&self) -> bool {
        !matches!(
            self,
            Self::Length { .. }
                | Self::PreviousHash { .. }
                | Self::Seal { .. }
                | Self::TimestampAhead { .. }
                | Self::StoredChainBroken
        )
    }
}

/// A block that no state would accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum MalformedBlock {
    /// The bytes are not the canonical encoding of a block.
    #[error("the bytes are not a canonical block: {0}")]
    NotCanonical(#[from] CanonicalError),
    /// The header's own form is wrong.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The header commits to other transactions.
    #[error("the transactions have root {got}, the header says {expected}")]
    MerkleRoot { got: Hash, expected: Hash },
    /// A transaction is malformed.
    #[error("transaction {position}: {error}")]
    Transaction {
        position: usize,
        error: MalformedTransaction,
    },
    /// A transaction stands twice in the block.
    #[error("transaction {txid} stands in the block twice")]
    DuplicateTransaction { txid: Txid },
    /// A signature inside is bad.
    #[error("a signature in the block is not by the key it names")]
    Signature,
}

impl MalformedBlock {
    /// Does the header commit to what is wrong, so that its hash is bad for ever? What is found
    /// only after the Merkle root was compared does; bytes that are no block, or other
    /// transactions than the header's, blame their sender alone.
    pub fn condemns_hash(&self) -> bool {
        match self {
            Self::NotCanonical(_) | Self::MerkleRoot { .. } => false,
            Self::Header(error) => error.condemns_hash(),
            Self::Transaction { .. } | Self::DuplicateTransaction { .. } | Self::Signature => true,
        }
    }
}
