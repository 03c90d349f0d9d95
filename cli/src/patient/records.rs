//! `patient records`, `patient open` and `patient log`.

use std::{
    thread,
    time::{Duration, Instant},
};

use keepwell_client::{Hospitals, patient};
use keepwell_keys::HospitalId;
use keepwell_light::PatientView;
use keepwell_primitives::Timestamp;
use serde_json::json;

use super::{PatientHome, listed::Listed};
use crate::{
    answer::Answer,
    arguments::{GlobalOptions, PatientOpen, PatientRecords},
    failure::{Exit, Failure},
    home::Home,
    opened_file::{self, OpenedFile},
    progress,
    times::now,
};

/// Between two looks for records that are awaited.
const POLL_INTERVAL: Duration = Duration::from_millis(300);

pub(super) fn records(
    global: &GlobalOptions,
    arguments: &PatientRecords,
) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = PatientHome::open(global, &home)?;
    let started = Instant::now();
    let listed = loop {
        let listed = list(&mut opened)?;
        // What is on its way cannot be opened yet, so it is not what is waited for.
        let mined = listed.iter().filter(|listed| listed.is_mined()).count();
        if mined >= arguments.at_least {
            break listed;
        }
        if started.elapsed() >= global.timeout() {
            let failure = Failure::new(
                Exit::TimedOut,
                "timedOut",
                "There are fewer records than were waited for.",
                "Wait longer with --timeout, or see that they were issued.",
            );
            let (got, expected) = (mined.to_string(), arguments.at_least.to_string());
            return Err(failure.with_difference(got, expected));
        }
        thread::sleep(POLL_INTERVAL);
    };
    Ok(Answer {
        json: listed.iter().map(Listed::json).collect(),
        words: words(&listed, &opened.hospitals()),
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
    let lines = patient::log(&views(&mut opened)?);
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

/// What is on the chain in the order of its times, then what is on its way.
fn list(opened: &mut PatientHome<'_>) -> Result<Vec<Listed>, Failure> {
    let hospitals: Vec<HospitalId> = opened.patient.hospitals().collect();
    let mut listed = Vec::new();
    for hospital_id in hospitals {
        let (patient_id, mempool) = opened.sync_with_mempool(&hospital_id)?;
        let (patient, light) = (&opened.patient, &opened.connection.light);
        if let Some(view) = light.patient(&patient_id) {
            let entries = patient::timeline(patient, &hospital_id, view).into_iter();
            listed.extend(entries.map(|entry| Listed::Mined(patient_id, entry)));
        }
        let pending = patient::pending(patient, &hospital_id, light, &mempool, now());
        let pending = pending.into_iter();
        listed.extend(pending.map(|record| Listed::Pending(patient_id, record)));
    }
    listed.sort_by_key(|listed| listed.issued_at().unwrap_or(Timestamp::MAX));
    Ok(listed)
}

/// Every persona that this home knows, read anew at its hospital's relay.
fn views(opened: &mut PatientHome<'_>) -> Result<Vec<PatientView>, Failure> {
    let hospitals: Vec<HospitalId> = opened.patient.hospitals().collect();
    let mut views = Vec::new();
    for hospital_id in hospitals {
        let patient_id = opened.sync(&hospital_id)?;
        views.extend(opened.connection.light.patient(&patient_id).cloned());
    }
    Ok(views)
}

fn words(listed: &[Listed], hospitals: &Hospitals) -> String {
    let words = listed.iter().map(|listed| listed.words(hospitals));
    or_nothing(words.collect())
}

fn or_nothing(words: String) -> String {
    if words.is_empty() {
        return String::from("Nothing yet.\n");
    }
    words
}
