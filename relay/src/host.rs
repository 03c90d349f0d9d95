//! The host: keeps a hospital's node among its peers. It carries blocks and transactions between
//! peers, node and miner, and decides nothing itself.

mod answering;
mod directory;
mod gossip;
mod peers_loop;
mod syncing;

pub(crate) use answering::refused;
pub use directory::Directory;
pub(crate) use peers_loop::blocking;
pub use peers_loop::{Host, HostError, start};
