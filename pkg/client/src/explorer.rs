//! The explorer: what stands on the chain, for whoever wants to look.
//!
//! Much of it is one relay's word. What can be checked without executing the chain is checked
//! before it is shown ([`CheckedBlock`]), and what is on the chain that the light client has
//! verified is told apart from what is not ([`ChainMark`]).

mod block;
mod error;
mod mempool;
mod network;
mod operator;
mod shown;
mod transaction;

pub use block::{BlockChoice, CheckedBlock};
pub use error::BlockError;
pub use mempool::mempool;
pub use network::{hospitals, peers};
pub use operator::mine;
pub use shown::{ChainMark, ShownBlock, block, blocks};
pub use transaction::{ShownField, ShownSender, ShownTransaction, transaction_json};
