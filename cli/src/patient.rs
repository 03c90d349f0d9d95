//! `keepwell patient …`: the same steps as on the page.

mod card;
mod grant;
mod listed;
mod new;
mod opened_home;
mod records;

use crate::{
    answer::Answer,
    arguments::{GlobalOptions, PatientVerb},
    failure::Failure,
};
use opened_home::PatientHome;

pub(crate) fn run(global: &GlobalOptions, verb: &PatientVerb) -> Result<Answer, Failure> {
    match verb {
        PatientVerb::New(arguments) => new::new(global, arguments),
        PatientVerb::Restore(arguments) => new::restore(global, arguments),
        PatientVerb::Card(arguments) => card::card(global, arguments),
        PatientVerb::Records(arguments) => records::records(global, arguments),
        PatientVerb::Open(arguments) => records::open(global, arguments),
        PatientVerb::Grant(arguments) => grant::grant(global, arguments),
        PatientVerb::Revoke(arguments) => grant::revoke(global, arguments),
        PatientVerb::Log => records::log(global),
    }
}
