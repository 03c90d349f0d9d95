//! What must hold of every change, whatever the test: it fits the store it is applied to, and the
//! store afterwards says what the node says.

use std::collections::BTreeSet;

use keepwell_ledger::transaction::{Txid, VerifiedTransaction};
use keepwell_node::{ChainStore, Change, HeadChange, MemoryChain, Node, Outcome};

use super::Peer;

impl Peer {
    /// Takes one step and applies what it changed.
    pub(crate) fn step<T>(
        &mut self,
        decide: impl FnOnce(&mut Node<MemoryChain>) -> Outcome<T>,
    ) -> T {
        let Outcome { value, change } = decide(&mut self.node);
        let is_checked = change != Change::default() && !self.is_large;
        if is_checked {
            self.check_change(&change);
        }
        self.chain.apply(change);
        if is_checked {
            self.check_store();
        }
        value
    }

    fn check_change(&self, change: &Change) {
        if let Some(head) = &change.head {
            self.check_head(head);
        }
        let stored = self.stored_mempool();
        let (added, removed) = (&change.mempool_added, &change.mempool_removed);
        let added: BTreeSet<Txid> = added.iter().map(|(txid, _)| *txid).collect();
        assert_eq!(added.len(), change.mempool_added.len(), "added once");
        assert!(added.is_disjoint(&stored), "what is added did not wait");
        let removed_once: BTreeSet<Txid> = removed.iter().copied().collect();
        assert_eq!(removed_once.len(), removed.len(), "removed once");
        assert!(removed_once.is_subset(&stored), "what is removed waited");
    }

    /// What leaves is the newest of the best chain, what comes stands on the rest of it, and no
    /// transaction is on it twice.
    fn check_head(&self, head: &HeadChange) {
        let mut tip = self.chain.head().unwrap();
        let mut left = BTreeSet::new();
        for block in &head.disconnected {
            assert_eq!(Some(block.hash), tip, "the newest block leaves first");
            let stored = self.chain.stored_block(&block.hash).unwrap().unwrap();
            assert_eq!(stored.sealed.header.index, block.index);
            tip = Some(stored.sealed.header.previous_hash);
            left.extend(block.txids.iter().copied());
        }
        let mut index = tip.map(|tip| {
            let stored = self.chain.stored_block(&tip).unwrap().unwrap();
            stored.sealed.header.index
        });
        for block in &head.connected {
            assert_eq!(
                Some(block.index),
                index.map(|index| index.next()),
                "blocks come in order"
            );
            index = Some(block.index);
            for txid in &block.txids {
                let mined = self.chain.transaction_block(txid).unwrap();
                assert!(
                    mined.is_none() || left.remove(txid),
                    "{txid} is mined twice"
                );
            }
        }
        assert_eq!(head.connected.last().unwrap().hash, head.head);
    }

    /// The store's head and mempool are the node's, and the index of transactions is that of the
    /// best chain.
    pub(crate) fn check_store(&self) {
        assert_eq!(self.chain.head().unwrap(), Some(self.node.head().hash));
        let waiting = self.node.all_waiting().map(VerifiedTransaction::txid);
        assert_eq!(self.stored_mempool(), waiting.collect());
    }

    fn stored_mempool(&self) -> BTreeSet<Txid> {
        let genesis_hash = self.node.genesis_hash();
        let read = |bytes: &Vec<u8>| {
            keepwell_ledger::transaction::Transaction::from_bytes(bytes, &genesis_hash)
        };
        let bytes = self.chain.mempool().unwrap();
        bytes
            .iter()
            .map(|bytes| read(bytes).unwrap().txid())
            .collect()
    }
}
