//! Sealing and opening files of any size in the engine: the plans are `keepwell_seal`'s, the cipher
//! and the hashes are the browser's, and no file is ever in memory whole.
//!
//! The same bytes as natively come out and go in: `tests/crypt.rs` holds both to the same vectors.

mod error;
mod open;
mod original;
mod seal;
mod spool;

pub use error::{CryptError, OriginalError};
pub use open::OpenSink;
pub use original::Original;
pub use seal::seal;
pub use spool::Spool;
