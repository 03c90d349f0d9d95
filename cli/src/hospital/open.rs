//! `hospital open`.

use keepwell_client::hospital;
use keepwell_wire::api::Role;

use super::HospitalHome;
use crate::{
    answer::Answer,
    arguments::{GlobalOptions, HospitalOpen},
    failure::Failure,
    home::Home,
    opened_file::{self, OpenedFile},
    progress,
};

pub(super) fn open(global: &GlobalOptions, arguments: &HospitalOpen) -> Result<Answer, Failure> {
    opened_file::check_free(&arguments.out)?;
    let home = Home::required(global)?;
    let mut opened = HospitalHome::open(global, &home)?;
    let (patient, disease, txid) = (arguments.patient, arguments.disease, arguments.record);
    let record = opened.run(async |session, identity| {
        hospital::openable(session, identity, patient, disease, txid).await
    })?;
    let mut file = OpenedFile::new(&arguments.out, &record)?;
    let shown = progress::counter("Downloading", global.json);
    opened.run(async |session, identity| {
        let role = Role::Hospital(identity.id());
        session
            .download(role, &identity.authority, &record, &mut file, shown)
            .await
    })?;
    let bytes = file.finish()?;
    Ok(opened_file::answer(&arguments.out, bytes))
}
