//! The page: what a patient and a hospital's staff see and do in a browser.
//!
//! `ports` are the only rooms with the browser's own services in them. Pages are given values and
//! never look into a port themselves.

mod app;
pub mod components;
pub mod crypt;
mod pages;
pub mod ports;
mod route;

pub use app::App;
