//! The browser's own services, one file for each.

pub(crate) mod blob;
pub mod dicom;
pub mod platform;
pub(crate) mod viewer;
