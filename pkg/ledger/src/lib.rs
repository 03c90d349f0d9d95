//! Keepwell's chain: transactions, blocks, genesis, the one state transition, proof of work.
//!
//! Rules only. Storing, sending, choosing between forks and knowing the time are the caller's;
//! signatures are yielded as values, so that the caller can check them in parallel. Every rule of
//! `docs/protocol.md`, sections 4 to 6, is one variant of an error enum.
#![no_std]

extern crate alloc;

pub mod block;
pub mod council;
pub mod execute;
pub mod genesis;
pub mod state;
pub mod transaction;

mod rlp;
