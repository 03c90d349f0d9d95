//! When the node itself cannot go on: what it stored cannot be read. Bad blocks and transactions
//! are results, not errors.

use keepwell_ledger::{
    block::{BlockHash, HeaderError, MalformedBlock},
    state::StateError,
};
use keepwell_primitives::BlockIndex;

/// The store failed, or holds something else than the node put there.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the message says of them")]
pub enum NodeError<E: core::error::Error + 'static> {
    /// The medium failed.
    #[error("the chain store cannot be read: {0}")]
    Store(#[source] E),
    /// The state cannot be read.
    #[error(transparent)]
    State(StateError<E>),
    /// A block that must be there is not.
    #[error("block {hash} is missing from the store")]
    BlockMissing { hash: BlockHash },
    /// The best chain has a hole.
    #[error("the best chain has no block {index}")]
    IndexMissing { index: BlockIndex },
    /// The stored bytes are no block.
    #[error("stored block {hash} is corrupt: {error}")]
    BlockCorrupt {
        hash: BlockHash,
        error: MalformedBlock,
    },
    /// The stored headers do not link.
    #[error("the stored chain is corrupt: {0}")]
    ChainCorrupt(HeaderError),
    /// The store is of another network.
    #[error("the store holds network {got}, the genesis file is of {expected}")]
    OtherNetwork { got: BlockHash, expected: BlockHash },
}

impl<E: core::error::Error + 'static> From<StateError<E>> for NodeError<E> {
    fn from(error: StateError<E>) -> Self {
        Self::State(error)
    }
}
