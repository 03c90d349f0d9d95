//! What end-to-end tests stand on: real relays as processes, a real browser, the built page.
//!
//! Nothing here sleeps and hopes: every wait is for a condition, and has a deadline.

mod accessible;
mod alteration;
mod api;
mod axe;
mod browser;
mod chromedriver;
mod command;
mod eyes;
mod hands;
mod lie;
mod network;
mod paperwork;
mod people;
mod proxy;
mod story;

pub use alteration::{Alteration, alterations};
pub use api::{Api, Refused};
pub use browser::{Browser, ColorScheme, Viewport, in_browser};
pub use command::{Ended, Keepwell};
pub use lie::{Lie, in_turn};
pub use network::{Network, PASSPHRASE, Relay, wait_for};
pub use paperwork::Patient;
pub use proxy::{Answer, Proxy, Question};
pub use story::{Issued, SNOMED_RECORD, Story, sample, text};
