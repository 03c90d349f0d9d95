//! The full node as a state machine: it is told of transactions and blocks, decides what they
//! change, and says what is to be mined.
//!
//! No network, no clock, no disk. Time comes in as an argument; reading goes through
//! [`ChainStore`]; every method that changes something returns a [`Change`], which the caller
//! **must apply to the store, durably, before it calls the node again** or tells anyone. Parsing
//! and signature checks happen before the node is asked, so that they can run elsewhere.
#![no_std]

extern crate alloc;

mod change;
mod error;
mod fork;
mod import;
mod memory;
mod mempool;
mod mining;
mod node;
mod pending;
mod store;
mod submit;
mod sync;

pub use change::{BlockPut, Change, HeadChange, LinkedBlock, Outcome};
pub use error::NodeError;
pub use import::{BlockRejected, Imported};
pub use memory::MemoryChain;
pub use mempool::{MEMPOOL_BYTES_MAX, MEMPOOL_TRANSACTIONS_MAX};
pub use mining::{MiningJob, TEMPLATE_AGE_MAX};
pub use node::{Head, Node};
pub use store::{ChainStore, StoredBlock};
pub use submit::{Submitted, TransactionRejected};
