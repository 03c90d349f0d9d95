//! The built page, which a relay serves beside its API: read whole at the start, precompressed,
//! under a policy that lets it load nothing but itself and ask nobody but the network's relays.
//!
//! It is not made here (`cargo xtask build` does that), and nothing a patient has is in it.

mod asset;
mod connect;
mod error;
mod explained;
mod folder;
mod inline_scripts;
mod negotiation;
mod origin;
mod policy;
mod protection;
mod serve;
mod site;

pub use error::PageError;
pub use folder::Page;
pub use origin::{Origin, OriginError};
pub(crate) use serve::serve;
pub use site::Site;
