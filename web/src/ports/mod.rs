//! The browser's own services, one file for each.

pub mod dates;
pub mod document;
pub mod platform;
