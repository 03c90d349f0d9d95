//! What a step of the node changes, for the caller to store.

use alloc::vec::Vec;

use keepwell_ledger::{block::BlockHash, state::StateChange, transaction::Txid};
use keepwell_primitives::BlockIndex;

use crate::StoredBlock;

/// All that one step changed. To be applied as one: after a crash, all of it is there or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// A block that was imported, on the best chain or not.
    pub block: Option<BlockPut>,
    /// Set when the best chain is another one now.
    pub head: Option<HeadChange>,
    /// Transactions that now wait.
    pub mempool_added: Vec<(Txid, Vec<u8>)>,
    /// Transactions that no longer wait.
    pub mempool_removed: Vec<Txid>,
}

/// A block to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockPut {
    /// Its name.
    pub hash: BlockHash,
    /// Its canonical bytes.
    pub bytes: Vec<u8>,
    /// What was computed on import.
    pub stored: StoredBlock,
    /// What it changed in the tries. Nodes are only ever added to the store: the same node may
    /// serve the state of many blocks.
    pub state: StateChange,
}

/// The best chain is another one: some blocks left it, newest first, and some came, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadChange {
    /// The newest block now.
    pub head: BlockHash,
    /// Blocks that are no longer on the best chain.
    pub disconnected: Vec<LinkedBlock>,
    /// Blocks that now are.
    pub connected: Vec<LinkedBlock>,
}

/// A block that joins or leaves the best chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedBlock {
    /// Its place.
    pub index: BlockIndex,
    /// Its name.
    pub hash: BlockHash,
    /// Its transactions.
    pub txids: Vec<Txid>,
}

/// The result of a step, and what must be stored before anyone is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the change must be stored before the node is asked again"]
pub struct Outcome<T> {
    /// The result.
    pub value: T,
    /// What is to be stored.
    pub change: Change,
}

impl<T> Outcome<T> {
    /// A result that changes nothing.
    pub(crate) fn unchanged(value: T) -> Self {
        Self {
            value,
            change: Change::default(),
        }
    }
}
