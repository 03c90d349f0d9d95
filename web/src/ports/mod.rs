//! The browser's own services, one file for each.

pub mod blob_bytes;
pub mod platform;
pub mod scratch_file;
pub mod thrown;
pub mod webcrypto;
