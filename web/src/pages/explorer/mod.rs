//! The explorer: what stands on the chain, and who is there, for whoever wants to look.
//!
//! It is for people who know what a block is, and says what was checked and what is one relay's
//! word. Nothing here needs a key, but for having the relay mine.

mod attributes;
mod block;
mod blocks;
mod frame;
mod hospitals;
mod look;
mod mine;
mod peers;
mod search;
mod transaction;
mod waiting;
mod words;

pub(crate) use block::ExplorerBlock;
pub(crate) use blocks::ExplorerBlocks;
pub(crate) use hospitals::ExplorerHospitals;
pub(crate) use peers::ExplorerPeers;
pub(crate) use waiting::ExplorerWaiting;
