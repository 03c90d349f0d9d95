//! The chain store: tables of bytes in one directory, written in batches that are whole and on
//! disk when `commit` returns (`docs/protocol.md`, section 9).
//!
//! It knows nothing of what it keeps: keys and values are bytes, ordered by key. All calls block;
//! from async code, call them where blocking is allowed.

mod batch;
mod error;
mod format;
mod node_table;
mod scan;
mod table;
mod tables;

pub use batch::{Batch, KEY_BYTES_MAX, VALUE_BYTES_MAX};
pub use error::StoreError;
pub use format::FORMAT_VERSION;
pub use node_table::NodeTable;
pub use scan::{Entry, Order, Scan};
pub use table::Table;
pub use tables::Store;
