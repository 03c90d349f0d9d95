//! The browser's own services, one file for each.

pub mod blob_bytes;
pub mod dates;
pub mod document;
pub mod platform;
pub mod scratch_file;
pub mod thrown;
pub mod webcrypto;
