//! What travels between clients, relays and nodes: plain data, no behaviour.
//!
//! [`api`] is the light-client API's JSON (`docs/protocol.md`, section 9); [`peer`] is what nodes
//! ask each other, in canonical bytes.
#![no_std]

extern crate alloc;

pub mod api;
pub mod peer;
