//! What every other part of Keepwell is made of: hashes with a domain, block indexes, times,
//! bounded values and canonical bytes.
//!
//! Values in, values out: no clock, no randomness, no input or output.
#![no_std]

extern crate alloc;

mod blob;
mod bounded;
mod canonical;
mod hash;
mod index;
pub mod limits;
mod timestamp;

pub use alloy_rlp;
pub use blob::BlobId;
pub use bounded::{BoundedBytes, BoundedList, Maybe, TooLong};
pub use canonical::{CanonicalError, decode_canonical, encode_canonical};
pub use hash::{Hash, HashParseError};
pub use index::BlockIndex;
pub use timestamp::{Milliseconds, Timestamp};

#[doc(hidden)]
pub use serde as __serde;
