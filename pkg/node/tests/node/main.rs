//! Nodes in one thread, over chains in memory, under a clock that the tests set.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod bad_blocks;
mod forks;
mod mempool;
mod mining;
mod network;
mod refusals;
mod restart;
mod world;
