//! A chain store in memory, for simulations and tests. The node holds one clone, the driver that
//! applies changes another.

use alloc::{collections::BTreeMap, rc::Rc, vec::Vec};
use core::{cell::RefCell, convert::Infallible};

use keepwell_ledger::{block::BlockHash, transaction::Txid};
use keepwell_primitives::{BlockIndex, Hash};
use keepwell_trie::{ChangeSet, NodeStore};

use crate::{ChainStore, Change, StoredBlock};

/// Everything a node has stored. Clones share it.
#[derive(Clone, Default)]
pub struct MemoryChain(Rc<RefCell<Tables>>);

#[derive(Default)]
struct Tables {
    head: Option<BlockHash>,
    blocks: BTreeMap<BlockHash, (StoredBlock, Vec<u8>)>,
    best_chain: BTreeMap<BlockIndex, BlockHash>,
    transactions: BTreeMap<Txid, BlockHash>,
    mempool: BTreeMap<Txid, Vec<u8>>,
    patient_nodes: BTreeMap<Hash, Vec<u8>>,
    hospital_nodes: BTreeMap<Hash, Vec<u8>>,
}

/// The nodes of one trie in a [`MemoryChain`].
#[derive(Clone)]
pub struct MemoryNodes {
    chain: MemoryChain,
    trie: fn(&Tables) -> &BTreeMap<Hash, Vec<u8>>,
}

impl MemoryChain {
    /// Stores what a step has changed.
    pub fn apply(&self, change: Change) {
        let mut tables = self.0.borrow_mut();
        if let Some(block) = change.block {
            insert_nodes(&mut tables.patient_nodes, block.state.patients);
            insert_nodes(&mut tables.hospital_nodes, block.state.hospitals);
            tables
                .blocks
                .insert(block.hash, (block.stored, block.bytes));
        }
        if let Some(head) = change.head {
            tables.head = Some(head.head);
            for block in head.disconnected {
                tables.best_chain.remove(&block.index);
                block.txids.iter().for_each(|txid| {
                    tables.transactions.remove(txid);
                });
            }
            for block in head.connected {
                tables.best_chain.insert(block.index, block.hash);
                for txid in block.txids {
                    tables.transactions.insert(txid, block.hash);
                }
            }
        }
        tables.mempool.extend(change.mempool_added);
        change
            .mempool_removed
            .iter()
            .for_each(|txid| drop(tables.mempool.remove(txid)));
    }
}

fn insert_nodes(nodes: &mut BTreeMap<Hash, Vec<u8>>, change: ChangeSet) {
    nodes.extend(change.inserted);
}

impl NodeStore for MemoryNodes {
    type Error = Infallible;

    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, Infallible> {
        Ok((self.trie)(&self.chain.0.borrow()).get(hash).cloned())
    }
}

impl ChainStore for MemoryChain {
    type Error = Infallible;
    type Nodes = MemoryNodes;

    fn patient_nodes(&self) -> MemoryNodes {
        MemoryNodes {
            chain: self.clone(),
            trie: |tables| &tables.patient_nodes,
        }
    }

    fn hospital_nodes(&self) -> MemoryNodes {
        MemoryNodes {
            chain: self.clone(),
            trie: |tables| &tables.hospital_nodes,
        }
    }

    fn stored_block(&self, hash: &BlockHash) -> Result<Option<StoredBlock>, Infallible> {
        Ok(self
            .0
            .borrow()
            .blocks
            .get(hash)
            .map(|(stored, _)| stored.clone()))
    }

    fn block_bytes(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self
            .0
            .borrow()
            .blocks
            .get(hash)
            .map(|(_, bytes)| bytes.clone()))
    }

    fn best_chain(&self, index: BlockIndex) -> Result<Option<BlockHash>, Infallible> {
        Ok(self.0.borrow().best_chain.get(&index).copied())
    }

    fn head(&self) -> Result<Option<BlockHash>, Infallible> {
        Ok(self.0.borrow().head)
    }

    fn transaction_block(&self, txid: &Txid) -> Result<Option<BlockHash>, Infallible> {
        Ok(self.0.borrow().transactions.get(txid).copied())
    }

    fn mempool(&self) -> Result<Vec<Vec<u8>>, Infallible> {
        Ok(self.0.borrow().mempool.values().cloned().collect())
    }
}
