//! Changes that are made together or not at all.

use super::{StoreError, Table};

/// The longest key: the longest trie key, an id, a tag and an id, fits many times.
pub const KEY_BYTES_MAX: usize = 1024;

/// The longest value: sixteen of the largest blocks, so that no change set is refused.
pub const VALUE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Changes to any tables, made together or not at all by [`super::Store::commit`]. Of two changes
/// to one key the later one holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub(super) changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) table: Table,
    pub(super) key: Vec<u8>,
    /// Nothing: the key is removed.
    pub(super) value: Option<Vec<u8>>,
}

impl Batch {
    /// No changes yet.
    pub const fn new() -> Self {
        Self {
            changes: Vec::new(),
        }
    }

    /// Sets a key to a value.
    pub fn put(&mut self, table: Table, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.changes.push(Change {
            table,
            key: key.into(),
            value: Some(value.into()),
        });
    }

    /// Removes a key; that it is not there is fine.
    pub fn remove(&mut self, table: Table, key: impl Into<Vec<u8>>) {
        self.changes.push(Change {
            table,
            key: key.into(),
            value: None,
        });
    }

    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub(super) fn check(&self) -> Result<(), StoreError> {
        for Change { key, value, .. } in &self.changes {
            check_key(key)?;
            let got = value.as_ref().map_or(0, Vec::len);
            if got > VALUE_BYTES_MAX {
                return Err(StoreError::ValueLength {
                    got,
                    limit: VALUE_BYTES_MAX,
                });
            }
        }
        Ok(())
    }
}

pub(super) fn check_key(key: &[u8]) -> Result<(), StoreError> {
    match key.len() {
        1..=KEY_BYTES_MAX => Ok(()),
        got => Err(StoreError::KeyLength {
            got,
            limit: KEY_BYTES_MAX,
        }),
    }
}
