//! `hospital issued` and `hospital granted`.

use keepwell_client::{
    Hospitals,
    hospital::{self, ListedScope},
};
use keepwell_light::{HospitalView, IndexedRecord};
use serde_json::{Value, json};

use super::HospitalHome;
use crate::{answer::Answer, arguments::GlobalOptions, failure::Failure, home::Home, times::now};

pub(super) fn issued(global: &GlobalOptions) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = HospitalHome::open(global, &home)?;
    let view = opened.view()?;
    Ok(answer(&hospital::issued(&view), &view, &opened.hospitals()))
}

pub(super) fn granted(global: &GlobalOptions) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = HospitalHome::open(global, &home)?;
    let view = opened.view()?;
    let listed = hospital::granted(&view, now());
    Ok(answer(&listed, &view, &opened.hospitals()))
}

fn answer(listed: &[ListedScope<'_>], view: &HospitalView, hospitals: &Hospitals) -> Answer {
    let words: String = listed
        .iter()
        .map(|scope| words(scope, view, hospitals))
        .collect();
    Answer {
        json: listed.iter().map(|scope| entry(scope, view)).collect(),
        words: if words.is_empty() {
            String::from("Nothing yet.\n")
        } else {
            words
        },
    }
}

fn entry(listed: &ListedScope<'_>, view: &HospitalView) -> Value {
    let scope = listed.scope;
    let records = listed.records(view);
    let record = |indexed: &&IndexedRecord| {
        json!({
            "record": indexed.index,
            "txid": indexed.record.txid,
            "blobId": indexed.record.blob_id,
            "size": indexed.record.blob_size,
            "issuedAt": indexed.record.issued_at.to_string(),
            "supersedes": indexed.record.supersedes.0.map(|reference| reference.txid),
            "state": view.state_of(indexed.record.issued_index),
        })
    };
    json!({
        "patientId": scope.patient_id,
        "diseaseId": scope.disease_id,
        "providerId": scope.scope.service_provider_id,
        "expiresAt": listed.expires_at.map(|time| time.to_string()),
        "closed": scope.scope.closed_index.0.is_some(),
        "records": records.iter().map(record).collect::<Vec<_>>(),
    })
}

fn words(listed: &ListedScope<'_>, view: &HospitalView, hospitals: &Hospitals) -> String {
    let scope = listed.scope;
    let until = match listed.expires_at {
        Some(time) => format!(", until {time}"),
        None if scope.scope.closed_index.0.is_some() => String::from(", closed"),
        None => String::new(),
    };
    let issuer = hospitals.name_of(&scope.scope.service_provider_id);
    let records = listed.records(view);
    let records = records.iter().map(|indexed| {
        let record = &indexed.record;
        format!("    {}  {}\n", record.issued_at, record.txid)
    });
    let records: String = records.collect();
    format!(
        "issued by {issuer}{until}\n  patient  {}\n  scope    {}\n  records\n{records}",
        scope.patient_id, scope.disease_id
    )
}
