//! The store itself: opened once per directory, shared by cloning.

use core::ops::RangeBounds;
use std::{fs, path::Path};

use fjall::{Database, Keyspace, KeyspaceCreateOptions, KvSeparationOptions, PersistMode};

use super::{Batch, Order, Scan, StoreError, Table, batch::check_key, format};

/// Blocks and nodes that were read lately, kept in memory.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// What the journal may hold before tables are written out: bounds the disk it takes, and the time
/// a restart takes to read it.
const JOURNAL_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// Threads that write out and compact tables.
const WORKERS: usize = 2;

/// An open store. Clones share it; the directory is free again when the last one is dropped.
#[derive(Clone)]
pub struct Store {
    database: Database,
    /// In the order of [`Table::ALL`].
    tables: Vec<Keyspace>,
}

impl Store {
    /// Opens the store in this directory, or makes an empty one, and locks it against every other
    /// process. What a crash cut short is left out; what was acknowledged is there.
    ///
    /// # Errors
    /// [`StoreError::InUse`], [`StoreError::Directory`], [`StoreError::FormatVersion`],
    /// [`StoreError::Damaged`].
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, StoreError> {
        let dir = dir.as_ref();
        fs::create_dir_all(dir).map_err(|error| StoreError::on_open(dir, error.into()))?;
        let database = Database::builder(dir)
            .cache_size(CACHE_BYTES)
            .max_journaling_size(JOURNAL_BYTES_MAX)
            .worker_threads(WORKERS)
            .open()
            .map_err(|error| StoreError::on_open(dir, error))?;
        format::check_or_mark(dir, &database)?;
        let mut tables = Vec::with_capacity(Table::ALL.len());
        for table in Table::ALL {
            let opened = database
                .keyspace(table.name(), || options(table))
                .map_err(|error| StoreError::on_open(dir, error))?;
            tables.push(opened);
        }
        Ok(Self { database, tables })
    }

    /// The value of a key.
    ///
    /// # Errors
    /// [`StoreError::KeyLength`], [`StoreError::Failed`].
    pub fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        check_key(key)?;
        Ok(self.table(table).get(key)?.map(|value| value.to_vec()))
    }

    /// Walks the keys within a range. An upside-down range is empty.
    pub fn scan<'a>(&self, table: Table, range: impl RangeBounds<&'a [u8]>, order: Order) -> Scan {
        Scan::range(self.table(table), range, order)
    }

    /// Walks the keys that begin with these bytes.
    pub fn scan_prefix(&self, table: Table, prefix: &[u8], order: Order) -> Scan {
        Scan::prefix(self.table(table), prefix, order)
    }

    /// Makes all changes of the batch, or none. When this returns they are on disk: neither a
    /// killed process nor a lost power supply undoes them.
    ///
    /// # Errors
    /// [`StoreError::KeyLength`] and [`StoreError::ValueLength`], with nothing changed;
    /// [`StoreError::Failed`] and then [`StoreError::Poisoned`] when the disk fails.
    pub fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        batch.check()?;
        let mut writes = self.database.batch().durability(Some(PersistMode::SyncAll));
        for change in batch.changes {
            let table = self.table(change.table);
            match change.value {
                Some(value) => writes.insert(table, change.key, value),
                None => writes.remove(table, change.key),
            }
        }
        Ok(writes.commit()?)
    }

    fn table(&self, table: Table) -> &Keyspace {
        self.tables
            .get(table as usize)
            .expect("a table was opened for every variant, in order")
    }
}

fn options(table: Table) -> KeyspaceCreateOptions {
    let options = KeyspaceCreateOptions::default();
    if table.has_large_values() {
        options.with_kv_separation(Some(KvSeparationOptions::default()))
    } else {
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_stand_where_they_are_looked_up() {
        for (position, table) in Table::ALL.into_iter().enumerate() {
            assert_eq!(table as usize, position);
        }
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        for table in Table::ALL {
            assert_eq!(&**store.table(table).name(), table.name());
        }
    }
}
