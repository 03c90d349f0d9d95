//! A table of trie nodes, read by hash.

use keepwell_primitives::Hash;

use super::{Store, StoreError, Table};

/// Reads trie nodes of one table by their hash. Nodes are written with everything else of their
/// block, in one [`super::Batch`].
#[derive(Clone)]
pub struct NodeTable {
    /// The store.
    pub store: Store,
    /// [`Table::PatientNodes`] or [`Table::HospitalNodes`].
    pub table: Table,
}

impl NodeTable {
    /// The encoded node with this hash, if it is kept.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(self.table, hash.as_bytes())
    }
}
