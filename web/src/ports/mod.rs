//! The browser's own services, one file for each. Randomness comes through [`rand_core::OsRng`],
//! which asks the browser for it.

pub mod address;
pub(crate) mod blob;
pub mod blob_bytes;
pub mod chance;
pub mod clipboard;
pub mod clock;
pub mod database;
pub mod dates;
pub mod dicom;
pub mod document;
pub mod engine;
pub mod events;
pub mod fetch;
pub mod files;
pub mod idle;
pub mod leaving;
pub mod platform;
pub mod preferences;
pub mod scratch_file;
pub mod thrown;
pub(crate) mod viewer;
pub mod webcrypto;
