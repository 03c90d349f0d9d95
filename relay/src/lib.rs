//! The process that hosts a hospital's node: its peers, its chain store and the sealed files.
//!
//! The three parts know nothing of one another, nor of the ledger: opaque bytes come in and go out,
//! and what they mean is decided by the loop that hosts the node.

pub mod files;
pub mod peers;
pub mod store;
