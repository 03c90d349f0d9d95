//! A hospital's side: what it issues, what it was granted, what it asks for and opens.

mod lists;
mod open;
mod request;
mod submit;

pub use lists::{ListedScope, granted, issued};
pub use open::openable;
pub use request::request;
pub use submit::{Destination, NewRecord, Submitted, Target, destination, submit, upload};

use keepwell_keys::HospitalId;
use keepwell_light::{HospitalView, LightClient};

use crate::Refusal;

/// The view of a hospital that was just read.
fn view<'l>(light: &'l LightClient, id: &HospitalId) -> Result<&'l HospitalView, Refusal> {
    light.hospital(id).ok_or(Refusal::UnknownHospital {
        got: alloc::string::ToString::to_string(id),
        known: alloc::vec::Vec::new(),
    })
}
