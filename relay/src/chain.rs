//! The hospital's node over its store: every change is on disk before anyone hears of it.

mod handle;
mod miner;
mod signatures;
mod tables;

pub use handle::{Chain, ChainError, Found, News};
pub use miner::Miner;
pub use signatures::check_all;
pub use tables::{ChainTables, change_batch};
