//! The node's reading and writing, in the tables of the chain store.

use keepwell_ledger::{block::BlockHash, transaction::Txid};
use keepwell_node::{ChainStore, Change, HeadChange, StoredBlock};
use keepwell_primitives::{BlockIndex, Hash, decode_canonical, encode_canonical};
use keepwell_trie::NodeStore;

use crate::store::{Batch, NodeTable, Order, Store, StoreError, Table};

/// The key of the head in [`Table::Meta`].
const HEAD: &[u8] = b"head";

/// A stored header with 64 history peaks stays below this.
const STORED_BLOCK_BYTES_MAX: usize = 4096;

/// The chain store as the node sees it.
#[derive(Clone)]
pub struct ChainTables {
    store: Store,
}

impl ChainTables {
    /// Over this store.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    /// The store beneath.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    fn nodes(&self, table: Table) -> NodeTable {
        NodeTable {
            store: self.store.clone(),
            table,
        }
    }

    fn hash(&self, table: Table, key: &[u8]) -> Result<Option<Hash>, StoreError> {
        let Some(bytes) = self.store.get(table, key)? else {
            return Ok(None);
        };
        let hash = <[u8; 32]>::try_from(bytes).map_err(|_| StoreError::Failed {
            reason: "a stored hash does not have 32 bytes".to_owned(),
        })?;
        Ok(Some(Hash(hash)))
    }
}

impl NodeStore for NodeTable {
    type Error = StoreError;

    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        NodeTable::node(self, hash)
    }
}

impl ChainStore for ChainTables {
    type Error = StoreError;
    type Nodes = NodeTable;

    fn patient_nodes(&self) -> NodeTable {
        self.nodes(Table::PatientNodes)
    }

    fn hospital_nodes(&self) -> NodeTable {
        self.nodes(Table::HospitalNodes)
    }

    fn stored_block(&self, hash: &BlockHash) -> Result<Option<StoredBlock>, StoreError> {
        let Some(bytes) = self.store.get(Table::Headers, hash.as_bytes())? else {
            return Ok(None);
        };
        let stored = decode_canonical(&bytes, STORED_BLOCK_BYTES_MAX);
        stored.map(Some).map_err(|error| StoreError::Failed {
            reason: format!("the stored header of block {hash} is corrupt: {error}"),
        })
    }

    fn block_bytes(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(Table::Blocks, hash.as_bytes())
    }

    fn best_chain(&self, index: BlockIndex) -> Result<Option<BlockHash>, StoreError> {
        Ok(self
            .hash(Table::BlockIndex, &index.0.to_be_bytes())?
            .map(BlockHash))
    }

    fn head(&self) -> Result<Option<BlockHash>, StoreError> {
        Ok(self.hash(Table::Meta, HEAD)?.map(BlockHash))
    }

    fn transaction_block(&self, txid: &Txid) -> Result<Option<BlockHash>, StoreError> {
        Ok(self
            .hash(Table::Transactions, txid.as_bytes())?
            .map(BlockHash))
    }

    fn mempool(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let entries = self
            .store
            .scan_prefix(Table::Mempool, &[], Order::Ascending);
        entries.map(|entry| entry.map(|(_, bytes)| bytes)).collect()
    }
}

/// All that one step of the node changed, as one batch.
pub fn change_batch(change: &Change) -> Batch {
    let mut batch = Batch::new();
    if let Some(block) = &change.block {
        let hash = block.hash.as_bytes();
        batch.put(Table::Blocks, *hash, block.bytes.as_slice());
        batch.put(Table::Headers, *hash, encode_canonical(&block.stored));
        // Nodes are shared between blocks and only added; pruning is for later.
        for (hash, node) in &block.state.patients.inserted {
            batch.put(Table::PatientNodes, *hash.as_bytes(), node.as_slice());
        }
        for (hash, node) in &block.state.hospitals.inserted {
            batch.put(Table::HospitalNodes, *hash.as_bytes(), node.as_slice());
        }
    }
    if let Some(head) = &change.head {
        head_batch(head, &mut batch);
    }
    for (txid, bytes) in &change.mempool_added {
        batch.put(Table::Mempool, *txid.as_bytes(), bytes.as_slice());
    }
    for txid in &change.mempool_removed {
        batch.remove(Table::Mempool, *txid.as_bytes());
    }
    batch
}

fn head_batch(head: &HeadChange, batch: &mut Batch) {
    for block in &head.disconnected {
        batch.remove(Table::BlockIndex, block.index.0.to_be_bytes());
        block
            .txids
            .iter()
            .for_each(|txid| batch.remove(Table::Transactions, *txid.as_bytes()));
    }
    for block in &head.connected {
        batch.put(
            Table::BlockIndex,
            block.index.0.to_be_bytes(),
            *block.hash.as_bytes(),
        );
        for txid in &block.txids {
            batch.put(
                Table::Transactions,
                *txid.as_bytes(),
                *block.hash.as_bytes(),
            );
        }
    }
    batch.put(Table::Meta, HEAD, *head.head.as_bytes());
}

#[cfg(test)]
mod tests {
    use keepwell_node::LinkedBlock;

    use super::*;

    #[test]
    fn a_switch_of_chain_moves_the_index_the_transactions_and_the_head() {
        let dir = tempfile::tempdir().unwrap();
        let tables = ChainTables::new(Store::open(dir.path()).unwrap());
        let block = |number: u8, txids: &[u8]| LinkedBlock {
            index: BlockIndex(1),
            hash: BlockHash(Hash([number; 32])),
            txids: txids.iter().map(|txid| Txid(Hash([*txid; 32]))).collect(),
        };
        let switch = |left: Vec<LinkedBlock>, came: LinkedBlock| Change {
            head: Some(HeadChange {
                head: came.hash,
                disconnected: left,
                connected: vec![came],
            }),
            ..Change::default()
        };
        let commit = |change| tables.store.commit(change_batch(&change)).unwrap();
        commit(switch(vec![], block(1, &[7, 8])));
        commit(switch(vec![block(1, &[7, 8])], block(2, &[8, 9])));
        let second = BlockHash(Hash([2; 32]));
        assert_eq!(tables.head(), Ok(Some(second)));
        assert_eq!(tables.best_chain(BlockIndex(1)), Ok(Some(second)));
        let block_of = |txid: u8| tables.transaction_block(&Txid(Hash([txid; 32]))).unwrap();
        assert_eq!(
            [block_of(7), block_of(8), block_of(9)],
            [None, Some(second), Some(second)]
        );
    }
}
