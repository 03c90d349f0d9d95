//! The browser's own services, one file for each.

pub mod platform;
