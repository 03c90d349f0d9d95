//! `patient records`, `patient open` and `patient log`.

use std::{
    thread,
    time::{Duration, Instant},
};

use keepwell_client::patient::{self, TimelineEntry};
use keepwell_keys::{HospitalId, PatientId};
use keepwell_light::{Interest, PatientView};
use serde_json::{Value, json};

use super::PatientHome;
use crate::{
    answer::Answer,
    arguments::{GlobalOptions, PatientOpen, PatientRecords},
    failure::{Exit, Failure},
    home::Home,
    opened_file::{self, OpenedFile},
    progress,
};

/// Between two looks for records that are awaited.
const POLL_INTERVAL: Duration = Duration::from_millis(300);

/// A record with the persona it belongs to.
type Listed = (PatientId, TimelineEntry);

pub(super) fn records(
    global: &GlobalOptions,
    arguments: &PatientRecords,
) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = PatientHome::open(global, &home)?;
    let started = Instant::now();
    let listed = loop {
        let listed = list(&mut opened)?;
        if listed.len() >= arguments.at_least {
            break listed;
        }
        if started.elapsed() >= global.timeout() {
            let failure = Failure::new(
                Exit::TimedOut,
                "timedOut",
                "There are fewer records than were waited for.",
                "Wait longer with --timeout, or see that they were issued.",
            );
            let (got, expected) = (listed.len().to_string(), arguments.at_least.to_string());
            return Err(failure.with_difference(got, expected));
        }
        thread::sleep(POLL_INTERVAL);
    };
    Ok(Answer {
        json: listed.iter().map(entry).collect(),
        words: words(&listed, &opened),
    })
}

pub(super) fn open(global: &GlobalOptions, arguments: &PatientOpen) -> Result<Answer, Failure> {
    opened_file::check_free(&arguments.out)?;
    let home = Home::required(global)?;
    let mut opened = PatientHome::open(global, &home)?;
    let hospital_id = opened.hospital_of(&arguments.patient)?;
    opened.sync(&hospital_id)?;
    let view = opened.connection.light.patient(&arguments.patient);
    let unknown = keepwell_client::Refusal::UnknownRecord {
        txid: arguments.record,
    };
    let view = view.ok_or(unknown)?;
    let record = patient::openable(&opened.patient, &hospital_id, view, &arguments.record)?;
    let mut file = OpenedFile::new(&arguments.out, &record)?;
    let shown = progress::counter("Downloading", global.json);
    opened.run_at(&hospital_id, async |session, patient| {
        let (role, key) = patient.role_at(&hospital_id);
        session
            .download(role, &key, &record, &mut file, shown)
            .await
    })?;
    let bytes = file.finish()?;
    Ok(opened_file::answer(&arguments.out, bytes))
}

pub(super) fn log(global: &GlobalOptions) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = PatientHome::open(global, &home)?;
    let views: Vec<PatientView> = views(&mut opened)?
        .into_iter()
        .map(|(_, view)| view)
        .collect();
    let lines = patient::log(&views);
    let hospitals = opened.hospitals();
    let words = lines.iter().map(|line| {
        let event = &line.event;
        format!(
            "{}  {:<9}  {}\n",
            event.time,
            json!(event.kind).as_str().unwrap_or_default(),
            hospitals.name_of(&event.hospital_id),
        )
    });
    let words: String = words.collect();
    let json = lines.iter().map(|line| {
        let event = &line.event;
        json!({
            "event": event.kind,
            "patientId": line.patient_id,
            "hospitalId": event.hospital_id,
            "diseaseId": event.disease_id,
            "txid": event.txid,
            "records": event.records,
            "request": event.request.0.map(|request| request.txid),
            "index": event.index,
            "time": event.time.to_string(),
            "state": line.state,
        })
    });
    Ok(Answer {
        json: json.collect(),
        words: or_nothing(words),
    })
}

fn list(opened: &mut PatientHome<'_>) -> Result<Vec<Listed>, Failure> {
    let mut listed = Vec::new();
    for (hospital_id, view) in views(opened)? {
        let entries = patient::timeline(&opened.patient, &hospital_id, &view);
        let patient_id = *view.patient_id();
        listed.extend(entries.into_iter().map(|entry| (patient_id, entry)));
    }
    listed.sort_by_key(|(_, entry)| entry.record.issued_at);
    Ok(listed)
}

/// Every persona that this home knows, read anew at its hospital's relay.
fn views(opened: &mut PatientHome<'_>) -> Result<Vec<(HospitalId, PatientView)>, Failure> {
    let hospitals: Vec<HospitalId> = opened.patient.hospitals().collect();
    let mut views = Vec::new();
    for hospital_id in hospitals {
        let patient_id = opened.sync(&hospital_id)?;
        let light = &opened.connection.light;
        debug_assert!(light.view(&Interest::Patient(patient_id)).is_some());
        views.extend(
            light
                .patient(&patient_id)
                .map(|view| (hospital_id, view.clone())),
        );
    }
    Ok(views)
}

fn entry((patient_id, entry): &Listed) -> Value {
    let record = &entry.record;
    let summary = entry.summary.as_ref().map(|summary| summary.fields());
    json!({
        "patientId": patient_id,
        "record": entry.reference.index,
        "txid": entry.reference.txid,
        "diseaseId": record.disease_id,
        "providerId": record.service_provider_id,
        "title": summary.map(|summary| &summary.title),
        "code": summary.map(|summary| format!("{}|{}", summary.code.system, summary.code.code)),
        "fhirType": summary.map(|summary| &summary.fhir_type),
        "mediaType": summary.map(|summary| summary.media_type.as_str()),
        "size": record.blob_size,
        "issuedAt": record.issued_at.to_string(),
        "supersedes": record.supersedes.0.map(|reference| reference.txid),
        "state": entry.state,
    })
}

fn words(listed: &[Listed], opened: &PatientHome<'_>) -> String {
    let hospitals = opened.hospitals();
    let lines = listed.iter().map(|(patient_id, entry)| {
        let summary = entry.summary.as_ref().map(|summary| summary.fields());
        let title = summary.map_or("(its summary does not open)", |summary| &summary.title);
        let record = &entry.record;
        format!(
            "{}  {}  {}\n    {}, {}\n    patient {patient_id}\n    scope   {}\n    record  {}\n",
            record.issued_at,
            hospitals.name_of(&record.service_provider_id),
            title,
            summary.map_or("unknown", |summary| summary.media_type.as_str()),
            json!(entry.state).as_str().unwrap_or_default(),
            record.disease_id,
            entry.reference.txid,
        )
    });
    or_nothing(lines.collect())
}

fn or_nothing(words: String) -> String {
    if words.is_empty() {
        return String::from("Nothing yet.\n");
    }
    words
}
