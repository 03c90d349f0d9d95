//! The mark that says which version of this software's layout a directory has.
//!
//! It stands in a table of its own, so that nothing written through [`super::Store`] can touch it.

use std::path::Path;

use fjall::{Database, KeyspaceCreateOptions, PersistMode};

use super::{StoreError, Table};

/// The layout this software reads and writes: tables, their keys and their values.
pub const FORMAT_VERSION: u32 = 1;

const TABLE: &str = "format";
const KEY: &str = "version";

/// Marks a new directory, checks the mark of an old one.
pub(super) fn check_or_mark(dir: &Path, database: &Database) -> Result<(), StoreError> {
    let on_open = |error| StoreError::on_open(dir, error);
    let damaged = |reason: &str| StoreError::Damaged {
        dir: dir.to_owned(),
        reason: reason.to_owned(),
    };
    let table = database
        .keyspace(TABLE, KeyspaceCreateOptions::default)
        .map_err(on_open)?;
    let Some(mark) = table.get(KEY).map_err(on_open)? else {
        // The mark is written before any table is made: tables without it are not ours.
        if Table::ALL
            .iter()
            .any(|table| database.keyspace_exists(table.name()))
        {
            return Err(damaged("its format mark is missing"));
        }
        table
            .insert(KEY, FORMAT_VERSION.to_be_bytes())
            .map_err(on_open)?;
        return database.persist(PersistMode::SyncAll).map_err(on_open);
    };
    let got = <[u8; 4]>::try_from(&*mark)
        .map(u32::from_be_bytes)
        .map_err(|_| damaged("its format mark is not a number"))?;
    if got != FORMAT_VERSION {
        return Err(StoreError::FormatVersion {
            got,
            expected: FORMAT_VERSION,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn overwrite_mark(dir: &Path, change: impl FnOnce(&fjall::Keyspace)) {
        let database = Database::builder(dir).open().unwrap();
        change(
            &database
                .keyspace(TABLE, KeyspaceCreateOptions::default)
                .unwrap(),
        );
        database.persist(PersistMode::SyncAll).unwrap();
    }

    fn error_after(change: impl FnOnce(&fjall::Keyspace)) -> (StoreError, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        overwrite_mark(dir.path(), change);
        (Store::open(dir.path()).err().unwrap(), dir)
    }

    #[test]
    fn a_store_of_another_version_is_refused() {
        let (error, _dir) = error_after(|table| table.insert(KEY, 2_u32.to_be_bytes()).unwrap());
        assert_eq!(
            error,
            StoreError::FormatVersion {
                got: 2,
                expected: FORMAT_VERSION
            }
        );
    }

    #[test]
    fn a_damaged_or_missing_mark_is_refused() {
        let (error, dir) = error_after(|table| table.insert(KEY, "x").unwrap());
        let reason = "its format mark is not a number".to_owned();
        assert_eq!(
            error,
            StoreError::Damaged {
                dir: dir.path().to_owned(),
                reason
            }
        );
        let (error, dir) = error_after(|table| table.remove(KEY).unwrap());
        let reason = "its format mark is missing".to_owned();
        assert_eq!(
            error,
            StoreError::Damaged {
                dir: dir.path().to_owned(),
                reason
            }
        );
    }
}
