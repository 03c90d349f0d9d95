//! `hospital submit`.

use keepwell_client::{
    Refusal,
    hospital::{self, NewRecord, Target},
};
use keepwell_keys::HospitalIdentity;
use keepwell_primitives::Maybe;
use keepwell_seal::{Summary, SummaryFields};
use rand_core::OsRng;
use serde_json::json;

use super::HospitalHome;
use crate::{
    answer::{Answer, columns},
    arguments::{CodeArgument, GlobalOptions, HospitalSubmit},
    failure::Failure,
    home::Home,
    progress,
    spool::Original,
    times::now,
};

pub(super) fn submit(
    global: &GlobalOptions,
    arguments: &HospitalSubmit,
) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let target = target(arguments)?;
    let original = Original::open(&arguments.file)?;
    let CodeArgument(code) = arguments.code.clone();
    let summary = Summary::new(SummaryFields {
        title: arguments.title.clone(),
        code,
        fhir_type: original.fhir_type.clone(),
        media_type: original.media_type,
        issued_at: now(),
        period: Maybe(None),
    });
    let summary = summary.map_err(Refusal::Summary)?;
    let mut opened = HospitalHome::open(global, &home)?;
    // Looked up before anything is sealed, so that a closed scope costs no upload.
    let supersedes = arguments.supersedes;
    let destination = opened.run(async |session, identity: &HospitalIdentity| {
        hospital::destination(session, identity.id(), &target, supersedes).await
    })?;
    let (key, file, mut spool) = original.seal(&arguments.file, &home.directory)?;
    let record = NewRecord { key, file, summary };
    let wait = arguments.wait.wait();
    let shown = progress::counter("Uploading", global.json);
    let submitted = opened.run(async |session, identity| {
        hospital::upload(session, identity, &record.file, &mut spool, shown).await?;
        hospital::submit(session, identity, &destination, &record, wait, &mut OsRng).await
    })?;
    Ok(Answer {
        json: json!({
            "txid": submitted.txid,
            "patientId": submitted.patient_id,
            "diseaseId": submitted.disease_id,
            "record": submitted.record,
            "blobId": submitted.blob_id,
        }),
        words: columns([
            ("record", submitted.txid.to_string()),
            ("patient", submitted.patient_id.to_string()),
            ("scope", submitted.disease_id.to_string()),
            ("file", submitted.blob_id.to_string()),
        ]),
    })
}

fn target(arguments: &HospitalSubmit) -> Result<Target, Failure> {
    match (&arguments.card, arguments.patient, arguments.disease) {
        (Some(text), _, _) => Ok(Target::Card(text.parse().map_err(Refusal::Card)?)),
        (None, Some(patient_id), Some(disease_id)) => Ok(Target::Scope {
            patient_id,
            disease_id,
        }),
        // The command line takes a card, or both.
        _ => Err(Failure::new(
            crate::failure::Exit::Usage,
            "usage",
            "There is neither a card nor a patient with a scope.",
            "Give --card, or --patient and --disease.",
        )),
    }
}
