//! What is wrong with a block that a relay shows.

use alloc::string::{String, ToString};

use keepwell_ledger::{
    block::{BlockHash, Target},
    transaction::MalformedTransaction,
};
use keepwell_primitives::{BlockIndex, Hash};

/// Why a block is not shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum BlockError {
    /// The hash beside a header is not that header's.
    #[error("the block {index} is called {got}, its header's hash is {expected}")]
    Hash {
        index: BlockIndex,
        got: BlockHash,
        expected: BlockHash,
    },
    /// Block 0 names the network.
    #[error("the block 0 is {got}, that of this network is {expected}")]
    OtherGenesis { got: BlockHash, expected: BlockHash },
    /// No proof of work.
    #[error("the hash {got} of block {index} does not meet its target {expected}")]
    Target {
        index: BlockIndex,
        got: BlockHash,
        expected: Target,
    },
    /// A block is shown with what is in it.
    #[error("the transactions of block {index} are missing")]
    TransactionsMissing { index: BlockIndex },
    /// The transactions are not those of the header.
    #[error("the transactions of block {index} have the root {got}, its header says {expected}")]
    MerkleRoot {
        index: BlockIndex,
        got: Hash,
        expected: Hash,
    },
    /// A transaction that no block may contain.
    #[error("a transaction of block {index} cannot be read: {error}")]
    Transaction {
        index: BlockIndex,
        error: MalformedTransaction,
    },
    /// Another index than was asked for.
    #[error("it is block {got}, block {expected} was asked for")]
    OtherIndex {
        got: BlockIndex,
        expected: BlockIndex,
    },
    /// Another hash than was asked for.
    #[error("it is the block {got}, {expected} was asked for")]
    OtherBlock { got: BlockHash, expected: BlockHash },
    /// Blocks that do not stand on one another.
    #[error("block {index} stands on {got}, the block before it is {expected}")]
    Link {
        index: BlockIndex,
        got: BlockHash,
        expected: BlockHash,
    },
    /// More than the question's limit.
    #[error("there are {got} blocks, at most {max} were asked for")]
    TooMany { got: usize, max: u32 },
}

impl BlockError {
    /// Stable; programs act on it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Hash { .. } => "blockHash",
            Self::OtherGenesis { .. } => "wrongGenesis",
            Self::Target { .. } => "blockTarget",
            Self::TransactionsMissing { .. } => "transactionsMissing",
            Self::MerkleRoot { .. } => "merkleRoot",
            Self::Transaction { .. } => "malformedTransaction",
            Self::OtherIndex { .. } | Self::OtherBlock { .. } => "otherBlock",
            Self::Link { .. } | Self::TooMany { .. } => "verificationFailed",
        }
    }

    /// What there was and what there should have been.
    pub(crate) fn difference(&self) -> Option<(String, String)> {
        match self {
            Self::Hash { got, expected, .. }
            | Self::OtherGenesis { got, expected }
            | Self::OtherBlock { got, expected }
            | Self::Link { got, expected, .. } => Some((got.to_string(), expected.to_string())),
            Self::Target { got, expected, .. } => Some((got.to_string(), expected.to_string())),
            Self::MerkleRoot { got, expected, .. } => Some((got.to_string(), expected.to_string())),
            Self::OtherIndex { got, expected } => Some((got.to_string(), expected.to_string())),
            Self::TooMany { got, max } => Some((got.to_string(), max.to_string())),
            Self::TransactionsMissing { .. } | Self::Transaction { .. } => None,
        }
    }
}
