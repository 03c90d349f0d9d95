//! The ledger's rules, each broken by a test of its own, and the stories that they are for.
//!
//! Golden vectors, which run in a browser too, stand apart in `tests/vectors.rs`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy takes for code outside them"
)]

mod blocks;
mod cards;
mod genesis;
mod headers;
mod malformed;
mod partial;
mod protocol_page;
mod retarget;
mod round_trips;
mod rules;
mod stories;
mod world;
