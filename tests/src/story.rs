//! The main job by the command, as tests tell it: a network, a patient's home, each hospital's
//! staff.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::{Keepwell, Network};

/// What the records of tests are coded as.
pub const SNOMED_RECORD: &str = "http://snomed.info/sct|184216000";

/// A file of the samples.
pub fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../samples")
        .join(name)
}

/// A text of an answer; empty where there is none.
pub fn text(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// A network with a patient's home, and each hospital's staff.
pub struct Story {
    /// The hospitals and their relays.
    pub network: Network,
    /// The patient, at their first device.
    pub patient: Keepwell,
    /// The patient's 24 words.
    pub phrase: String,
}

/// A record as it was issued.
pub struct Issued {
    /// Its sealed file.
    pub blob_id: String,
    /// As whom the issuer knows the patient.
    pub patient_id: String,
    /// Its scope.
    pub disease_id: String,
    /// Its transaction.
    pub txid: String,
}

impl Issued {
    /// From what `hospital submit` answered.
    pub fn from_answer(answer: &Value) -> Self {
        Self {
            blob_id: text(answer, "blobId"),
            patient_id: text(answer, "patientId"),
            disease_id: text(answer, "diseaseId"),
            txid: text(answer, "txid"),
        }
    }

    /// The options that name its scope.
    pub fn scope(&self) -> [&str; 4] {
        ["--patient", &self.patient_id, "--disease", &self.disease_id]
    }
}

impl Story {
    /// Four hospitals and a new patient.
    ///
    /// # Errors
    /// If the network does not start, or the command fails.
    pub fn new() -> anyhow::Result<Self> {
        Self::among(4)
    }

    /// So many hospitals and a new patient.
    ///
    /// # Errors
    /// If the network does not start, or the command fails.
    pub fn among(hospitals: usize) -> anyhow::Result<Self> {
        let network = Network::start(hospitals)?;
        let patient = Keepwell::at(network.dir().join("patient"));
        let genesis = network.genesis.hash().to_string();
        // A patient knows a hash, from a hospital's QR code, and a relay to ask.
        let origin = network.relay(0)?.api.origin().to_owned();
        let made = patient.json(&["--relay", &origin, "patient", "new", "--genesis", &genesis])?;
        let phrase = text(&made, "phrase");
        ensure!(phrase.split_whitespace().count() == 24, "{phrase}");
        Ok(Self {
            network,
            patient,
            phrase,
        })
    }

    /// The staff of the hospital at this position.
    ///
    /// # Errors
    /// If there is none.
    pub fn staff(&self, position: usize) -> anyhow::Result<Keepwell> {
        Ok(Keepwell::at(&self.network.relay(position)?.home))
    }

    /// The id of the hospital at this position.
    ///
    /// # Errors
    /// If there is none.
    pub fn hospital(&self, position: usize) -> anyhow::Result<String> {
        Ok(self.network.hospital_id(position)?.to_string())
    }

    /// The first hospital issues a file to the patient's general scope.
    ///
    /// # Errors
    /// If the command fails.
    pub fn issue(&self, file: &str, title: &str) -> anyhow::Result<Issued> {
        let hospital = self.hospital(0)?;
        let shown = self
            .patient
            .json(&["patient", "card", "--hospital", &hospital])?;
        let card = text(&shown, "card");
        let issued = self.submit(&["--wait", "final", "--card", &card], file, title)?;
        ensure!(
            issued.patient_id == text(&shown, "patientId"),
            "another patient's"
        );
        Ok(issued)
    }

    /// The first hospital issues a file where these options say.
    ///
    /// # Errors
    /// If the command fails.
    pub fn submit(&self, options: &[&str], file: &str, title: &str) -> anyhow::Result<Issued> {
        let file = sample(file).display().to_string();
        let mut arguments = vec!["hospital", "submit"];
        arguments.extend(options);
        arguments.extend(["--code", SNOMED_RECORD, "--title", title, &file]);
        Ok(Issued::from_answer(&self.staff(0)?.json(&arguments)?))
    }

    /// The content of a record, as this verb opens it.
    ///
    /// # Errors
    /// If the command fails.
    pub fn opened(
        &self,
        who: &Keepwell,
        verb: &[&str],
        issued: &Issued,
    ) -> anyhow::Result<Vec<u8>> {
        let out = self.network.dir().join(format!("opened-{}", issued.txid));
        let out_text = out.display().to_string();
        let mut arguments = verb.to_vec();
        arguments.extend(["--patient", &issued.patient_id, "--record", &issued.txid]);
        arguments.extend(["--out", &out_text]);
        who.json(&arguments)?;
        let bytes = fs::read(&out)?;
        fs::remove_file(out)?;
        Ok(bytes)
    }

    /// Another device, restored from the patient's words.
    ///
    /// # Errors
    /// If the command fails.
    pub fn second_device(&self, name: &str) -> anyhow::Result<(Keepwell, Value)> {
        let words = self.network.dir().join(format!("{name}.words"));
        fs::write(&words, &self.phrase)?;
        let second = Keepwell::at(self.network.dir().join(name));
        let (origin, genesis) = (
            self.network.relay(0)?.api.origin().to_owned(),
            self.network.genesis.hash().to_string(),
        );
        let words = words.display().to_string();
        let mut arguments = vec!["--relay", &origin, "patient", "restore"];
        arguments.extend(["--genesis", &genesis, "--phrase-file", &words]);
        let restored = second.json(&arguments)?;
        Ok((second, restored))
    }

    /// The kinds of the lines of the patient's log.
    ///
    /// # Errors
    /// If the command fails.
    pub fn log(&self) -> anyhow::Result<Vec<String>> {
        let log = self.patient.json(&["patient", "log"])?;
        let lines = log.as_array().context("a list")?.iter();
        Ok(lines.map(|entry| text(entry, "event")).collect())
    }
}
