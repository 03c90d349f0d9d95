//! Nodes in one thread, over chains in memory, under a clock that the tests set.
#![cfg(not(target_arch = "wasm32"))]

mod bad_blocks;
mod forks;
mod mempool;
mod mining;
mod network;
mod refusals;
mod restart;
mod world;
