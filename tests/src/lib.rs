//! What end-to-end tests stand on: a real browser, and the built page on loopback.
//!
//! Nothing here sleeps and hopes: every wait is for a condition, and has a deadline.

mod accessible;
mod browser;
mod chromedriver;
mod site;

pub use browser::{Browser, Viewport, in_browser};
pub use site::Site;
