//! `keepwell hospital …`: the same steps as the staff's pages.

mod lists;
mod open;
mod opened_home;
mod submit;

use keepwell_client::hospital;
use opened_home::HospitalHome;
use serde_json::json;

use crate::{
    answer::Answer,
    arguments::{GlobalOptions, HospitalRequest, HospitalVerb},
    failure::Failure,
    home::Home,
};

pub(crate) fn run(global: &GlobalOptions, verb: &HospitalVerb) -> Result<Answer, Failure> {
    match verb {
        HospitalVerb::Submit(arguments) => submit::submit(global, arguments),
        HospitalVerb::Issued => lists::issued(global),
        HospitalVerb::Granted => lists::granted(global),
        HospitalVerb::Request(arguments) => request(global, arguments),
        HospitalVerb::Open(arguments) => open::open(global, arguments),
    }
}

fn request(global: &GlobalOptions, arguments: &HospitalRequest) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = HospitalHome::open(global, &home)?;
    let wait = arguments.wait.wait();
    let (patient, disease) = (arguments.patient, arguments.disease);
    let txid = opened.run(async |session, identity| {
        hospital::request(
            session,
            identity,
            patient,
            disease,
            &arguments.records,
            wait,
        )
        .await
    })?;
    Ok(Answer {
        json: json!({ "request": txid }),
        words: format!("Requested. Custodians answer once it is final.\n  request  {txid}\n"),
    })
}
