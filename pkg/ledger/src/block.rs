//! Blocks: a fixed-width header under proof of work, the miner's seal, and the transactions.
//!
//! `docs/protocol.md`, section 6.

mod error;
mod hash;
mod header;
mod history;
mod merkle;
mod retarget;
mod target;
mod whole;

pub use error::{HeaderError, MalformedBlock};
pub use hash::{BlockHash, MinableHeader};
pub use header::{BLOCK_VERSION, HEADER_BYTES, Header};
pub use history::{History, HistoryError};
pub use merkle::merkle_root;
pub use retarget::{HeaderChain, HeaderRules, RETARGET_WINDOW, TIMESTAMP_AHEAD_MAX};
pub use target::{Target, Work};
pub use whole::{Block, SealedHeader};

/// Until the network has certificates, a block counts as final when this many blocks stand on it.
/// The chain mines them before it rests.
pub const BURIED_DEPTH: u64 = 2;
