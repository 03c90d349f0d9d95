//! The process that hosts a hospital's full node and serves its patients and staff: peers, chain
//! store, sealed files, the light-client API. It holds no key that opens a record
//! (`docs/protocol.md`, section 9).

pub mod api;
pub mod chain;
pub mod clock;
pub mod custodian;
pub mod files;
pub mod host;
pub mod page;
pub mod peers;
pub mod readers;
pub mod replica;
pub mod service;
pub mod store;
pub mod tls;
