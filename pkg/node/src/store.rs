//! What the node reads of what it once changed.

use alloc::vec::Vec;

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_ledger::{
    block::{BlockHash, History, SealedHeader, Work},
    transaction::Txid,
};
use keepwell_primitives::{BlockIndex, Hash};
use keepwell_trie::NodeStore;

/// The blocks, the state and the mempool, as the [`crate::Change`]s so far have left them.
pub trait ChainStore {
    /// What can go wrong in reading.
    type Error: core::error::Error + 'static;
    /// A handle to the nodes of one trie.
    type Nodes: NodeStore<Error = Self::Error>;

    /// The nodes of the patient trie, of every block that is stored.
    fn patient_nodes(&self) -> Self::Nodes;

    /// The nodes of the hospital trie, of every block that is stored.
    fn hospital_nodes(&self) -> Self::Nodes;

    /// A block's header and what was computed on import, whatever chain it is on.
    ///
    /// # Errors
    /// Those of the medium, here and below.
    fn stored_block(&self, hash: &BlockHash) -> Result<Option<StoredBlock>, Self::Error>;

    /// A block's canonical bytes, whatever chain it is on.
    ///
    /// # Errors
    /// Those of the medium.
    fn block_bytes(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, Self::Error>;

    /// The block at this index of the best chain.
    ///
    /// # Errors
    /// Those of the medium.
    fn best_chain(&self, index: BlockIndex) -> Result<Option<BlockHash>, Self::Error>;

    /// The newest block of the best chain; `None` before the genesis block was stored.
    ///
    /// # Errors
    /// Those of the medium.
    fn head(&self) -> Result<Option<BlockHash>, Self::Error>;

    /// The block of the best chain that a transaction stands in.
    ///
    /// # Errors
    /// Those of the medium.
    fn transaction_block(&self, txid: &Txid) -> Result<Option<BlockHash>, Self::Error>;

    /// The canonical bytes of the transactions that wait.
    ///
    /// # Errors
    /// Those of the medium.
    fn mempool(&self) -> Result<Vec<Vec<u8>>, Self::Error>;
}

/// What is kept of a block beside its bytes.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct StoredBlock {
    /// The header and its seal.
    pub sealed: SealedHeader,
    /// The history over all blocks up to and including this one.
    pub history: History,
    /// The work of all blocks up to and including this one, a big-endian number.
    work: Hash,
}

impl StoredBlock {
    /// A block with the work and the history behind it.
    pub fn new(sealed: SealedHeader, history: History, work: Work) -> Self {
        Self {
            sealed,
            history,
            work: Hash(work.to_bytes()),
        }
    }

    /// The work of all blocks up to and including this one.
    pub fn work(&self) -> Work {
        Work::from_bytes(*self.work.as_bytes())
    }
}
