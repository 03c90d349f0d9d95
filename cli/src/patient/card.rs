//! `patient card`.

use keepwell_client::patient;
use serde_json::json;

use super::PatientHome;
use crate::{
    answer::{Answer, columns},
    arguments::{GlobalOptions, PatientCard},
    failure::{Exit, Failure},
    home::Home,
    times::now,
};

pub(super) fn card(global: &GlobalOptions, arguments: &PatientCard) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = PatientHome::open(global, &home)?;
    let hospitals = opened.hospitals();
    let hospital = hospitals.find(&arguments.hospital)?;
    match opened.sync(&hospital.id) {
        // A card can be made without anybody: only that a scope was closed elsewhere is not seen.
        Err(failure) if !matches!(failure.exit, Exit::Unreachable | Exit::TimedOut) => {
            return Err(failure);
        }
        _ => {}
    }
    let patient_id = opened.patient.id_at(&hospital.id);
    let view = opened.connection.light.patient(&patient_id).cloned();
    let text = patient::card(
        &mut opened.patient,
        home.genesis.hash(),
        hospital.id,
        view.as_ref(),
        arguments.new_scope.as_deref(),
        now(),
    );
    // Before it is shown: a scope key that was forgotten would open nothing.
    opened.save()?;
    let disease_id = text.card.disease_id();
    Ok(Answer {
        json: json!({
            "card": text.to_string(),
            "patientId": patient_id,
            "diseaseId": disease_id,
        }),
        words: columns([
            ("card", text.to_string()),
            ("for", hospital.hospital.name_text()),
            ("until", text.card.not_after.to_string()),
            ("patient", patient_id.to_string()),
            ("scope", disease_id.to_string()),
        ]),
    })
}
