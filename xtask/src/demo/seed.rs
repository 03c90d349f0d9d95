//! The sample records: patients are made, show their cards, and hospitals issue to them, all by
//! the verbs that users have. What was done is noted step by step, so that a run that was stopped
//! is continued.

use std::{fs, path::Path};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    account::SamplePatient,
    keepwell::Keepwell,
    place::{Network, Place, write_whole},
    stop::Stop,
};

/// One record to issue: whose, by which hospital, what.
struct Sample {
    patient: usize,
    hospital: usize,
    code: &'static str,
    title: &'static str,
    file: &'static str,
}

const SAMPLES: [Sample; 5] = [
    Sample {
        patient: 0,
        hospital: 0,
        code: "http://snomed.info/sct|184216000",
        title: "Health record",
        file: "fhir/johnnie.json",
    },
    Sample {
        patient: 0,
        hospital: 0,
        code: "http://snomed.info/sct|77477000",
        title: "CT slice",
        file: "dicom/CT_small.dcm",
    },
    Sample {
        patient: 0,
        hospital: 1,
        code: "http://snomed.info/sct|233604007",
        title: "Discharge letter",
        file: "pdf/discharge-letter.pdf",
    },
    Sample {
        patient: 1,
        hospital: 0,
        code: "http://snomed.info/sct|422735006",
        title: "Patient summary",
        file: "fhir/miguel-angel.json",
    },
    Sample {
        patient: 2,
        hospital: 2,
        code: "http://snomed.info/sct|422735006",
        title: "Patient summary",
        file: "fhir/darrell.json",
    },
];

const PATIENTS: usize = 3;

/// What an earlier run has done.
#[derive(Default, Serialize, Deserialize)]
struct Done {
    patients: Vec<SamplePatient>,
    /// How many of [`SAMPLES`] are issued.
    issued: usize,
    granted: bool,
}

pub(super) fn seed(
    place: &Place,
    keepwell: &Keepwell,
    network: &Network,
    samples: &Path,
    stop: &Stop,
) -> anyhow::Result<Vec<SamplePatient>> {
    let note = place.file("seeded.json");
    let mut done: Done = match fs::read(&note) {
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("{} cannot be read; try --fresh", note.display()))?,
        Err(_) => Done::default(),
    };
    while done.patients.len() < PATIENTS {
        stop.check()?;
        done.patients
            .push(new_patient(place, keepwell, network, done.patients.len())?);
        write_whole(&note, &serde_json::to_vec(&done)?)?;
    }
    for sample in SAMPLES.iter().skip(done.issued) {
        stop.check()?;
        eprintln!("    {} ({})", sample.title, sample.file);
        issue(
            keepwell,
            network,
            &done.patients,
            sample,
            &samples.join(sample.file),
        )?;
        done.issued += 1;
        write_whole(&note, &serde_json::to_vec(&done)?)?;
    }
    if !done.granted {
        stop.check()?;
        eprintln!("    a grant from the first patient");
        grant(keepwell, network, &done.patients)?;
        done.granted = true;
        write_whole(&note, &serde_json::to_vec(&done)?)?;
    }
    Ok(done.patients)
}

fn new_patient(
    place: &Place,
    keepwell: &Keepwell,
    network: &Network,
    number: usize,
) -> anyhow::Result<SamplePatient> {
    let patients = place.file("patients");
    fs::create_dir_all(&patients)?;
    let home = patients.join(format!("patient-{}", number + 1));
    if home.exists() {
        // Made by a run that was stopped before it could note the phrase.
        fs::remove_dir_all(&home)?;
    }
    let genesis = network.genesis_file.display().to_string();
    let answer: Value = keepwell.at(&home, &["patient", "new", "--genesis", &genesis])?;
    Ok(SamplePatient {
        phrase: text(&answer, "phrase")?,
        home,
    })
}

/// Issues a record into the patient's general scope: with a card, or without one where the
/// hospital has opened the scope before.
fn issue(
    keepwell: &Keepwell,
    network: &Network,
    patients: &[SamplePatient],
    sample: &Sample,
    file: &Path,
) -> anyhow::Result<()> {
    let patient = patients.get(sample.patient).context("no such patient")?;
    let hospital = network
        .hospitals
        .get(sample.hospital)
        .context("no such hospital")?;
    let shown: Value = keepwell.at(
        &patient.home,
        &["patient", "card", "--hospital", &hospital.id],
    )?;
    let (card, file) = (text(&shown, "card")?, file.display().to_string());
    let _: Value = keepwell.at(
        &hospital.home,
        &[
            "hospital",
            "submit",
            "--card",
            &card,
            "--code",
            sample.code,
            "--title",
            sample.title,
            &file,
        ],
    )?;
    Ok(())
}

/// The first patient lets the second hospital open what the first has issued, for 30 days.
fn grant(keepwell: &Keepwell, network: &Network, patients: &[SamplePatient]) -> anyhow::Result<()> {
    let patient = patients.first().context("no patient")?;
    let [issuer, requester, ..] = network.hospitals.as_slice() else {
        anyhow::bail!("a grant needs two hospitals")
    };
    let records: Vec<Value> = keepwell.at(&patient.home, &["patient", "records"])?;
    let issued = records
        .iter()
        .find(|record| record.get("providerId").and_then(Value::as_str) == Some(&issuer.id))
        .context("the first hospital has issued nothing to the first patient")?;
    let (patient_id, disease_id) = (text(issued, "patientId")?, text(issued, "diseaseId")?);
    let _: Value = keepwell.at(
        &patient.home,
        &[
            "patient",
            "grant",
            "--patient",
            &patient_id,
            "--disease",
            &disease_id,
            "--to",
            &requester.id,
            "--until",
            "30d",
        ],
    )?;
    Ok(())
}

fn text(answer: &Value, name: &str) -> anyhow::Result<String> {
    let text = answer.get(name).and_then(Value::as_str);
    text.map(str::to_owned)
        .with_context(|| format!("the answer has no {name}"))
}
