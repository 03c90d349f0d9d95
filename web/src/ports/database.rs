//! What the device keeps: a genesis, wrapped keys, and what was verified, in IndexedDB.
//!
//! Rows are bytes by key; what they mean is their writer's business. A write of several rows is one
//! transaction: all of them or none. Nothing in here is readable to whoever takes the device but
//! the rows of [`Store::Chain`] and [`Store::Outbox`], which hold what the chain shows anyway; which
//! of its personas are this patient's can be told from them.

use js_sys::Uint8Array;
use rexie::{ObjectStore, Rexie, TransactionMode, TransactionResult};
use wasm_bindgen::{JsCast as _, JsValue};

const NAME: &str = "keepwell";

/// Raised when a store is added or removed.
const VERSION: u32 = 1;

/// Where a row is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// The genesis that this origin was trusted with.
    Network,
    /// Keys, each under a passphrase.
    Vaults,
    /// What the light client has verified.
    Chain,
    /// What was sent and is in no block yet.
    Outbox,
}

/// Keys of one origin, open until dropped.
pub struct Database(Rexie);

impl Store {
    const ALL: [Self; 4] = [Self::Network, Self::Vaults, Self::Chain, Self::Outbox];

    const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Vaults => "vaults",
            Self::Chain => "chain",
            Self::Outbox => "outbox",
        }
    }
}

impl Database {
    /// Opens it, and makes it if it is not there.
    ///
    /// # Errors
    /// [`DatabaseError`] where the browser lets this page store nothing.
    pub async fn open() -> Result<Self, DatabaseError> {
        let mut builder = Rexie::builder(NAME).version(VERSION);
        for store in Store::ALL {
            builder = builder.add_object_store(ObjectStore::new(store.name()));
        }
        Ok(Self(builder.build().await.map_err(refused)?))
    }

    /// The row under this key.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn row(&self, store: Store, key: &str) -> Result<Option<Vec<u8>>, DatabaseError> {
        let names = [store.name()];
        let transaction = self.0.transaction(&names, TransactionMode::ReadOnly);
        let transaction = transaction.map_err(refused)?;
        let rows = transaction.store(store.name()).map_err(refused)?;
        let row = rows.get(key.into()).await.map_err(refused)?;
        row.map(|value| bytes(key, value)).transpose()
    }

    /// All rows of a store.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn rows(&self, store: Store) -> Result<Vec<(String, Vec<u8>)>, DatabaseError> {
        let names = [store.name()];
        let transaction = self.0.transaction(&names, TransactionMode::ReadOnly);
        let transaction = transaction.map_err(refused)?;
        let rows = transaction.store(store.name()).map_err(refused)?;
        let all = rows.scan(None, None, None, None).await.map_err(refused)?;
        let row = |(key, value): (JsValue, JsValue)| {
            let key = key.as_string().unwrap_or_default();
            let bytes = bytes(&key, value)?;
            Ok((key, bytes))
        };
        all.into_iter().map(row).collect()
    }

    /// Writes and removes (`None`) rows of a store, all in one step, committed when this
    /// returns.
    ///
    /// # Errors
    /// [`DatabaseError`]; then nothing was changed.
    pub async fn change(
        &self,
        store: Store,
        changes: impl IntoIterator<Item = (&str, Option<&[u8]>)>,
    ) -> Result<(), DatabaseError> {
        let names = [store.name()];
        let transaction = self.0.transaction(&names, TransactionMode::ReadWrite);
        let transaction = transaction.map_err(refused)?;
        let rows = transaction.store(store.name()).map_err(refused)?;
        for (key, bytes) in changes {
            let key = JsValue::from_str(key);
            match bytes {
                Some(bytes) => {
                    let value = Uint8Array::from(bytes).into();
                    rows.put(&value, Some(&key)).await.map_err(refused)?;
                }
                None => rows.delete(key).await.map_err(refused)?,
            }
        }
        committed(transaction.done().await)
    }

    /// Removes all rows of a store.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn clear(&self, store: Store) -> Result<(), DatabaseError> {
        let names = [store.name()];
        let transaction = self.0.transaction(&names, TransactionMode::ReadWrite);
        let transaction = transaction.map_err(refused)?;
        let rows = transaction.store(store.name()).map_err(refused)?;
        rows.clear().await.map_err(refused)?;
        committed(transaction.done().await)
    }
}

fn committed(ended: rexie::Result<TransactionResult>) -> Result<(), DatabaseError> {
    match ended.map_err(refused)? {
        TransactionResult::Committed => Ok(()),
        TransactionResult::Aborted => Err(DatabaseError::Refused {
            why: String::from("it was given up before its end"),
        }),
    }
}

fn bytes(key: &str, value: JsValue) -> Result<Vec<u8>, DatabaseError> {
    let array: Result<Uint8Array, JsValue> = value.dyn_into();
    let array = array.map_err(|_| DatabaseError::NotBytes {
        key: String::from(key),
    })?;
    Ok(array.to_vec())
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn refused(error: rexie::Error) -> DatabaseError {
    DatabaseError::Refused {
        why: error.to_string(),
    }
}

/// Why the browser does not keep something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// It says so: no room, no permission, a newer version of the page open elsewhere.
    #[error("this browser does not keep data for this page: {why}")]
    Refused {
        /// Its words.
        why: String,
    },
    /// A row of another shape than was ever written.
    #[error("what this browser has kept as {key:?} is damaged")]
    NotBytes {
        /// The row.
        key: String,
    },
}
