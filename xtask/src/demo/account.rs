//! What the demo tells of itself: `demo.json` for programs, a page of text for people.

use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{
    PASSPHRASE,
    place::{Network, Place, write_whole},
    relays::Relays,
};

#[derive(Serialize)]
pub(super) struct Account {
    version: u32,
    genesis: String,
    passphrase: &'static str,
    hospitals: Vec<RunningHospital>,
    patients: Vec<SamplePatient>,
}

#[derive(Serialize)]
struct RunningHospital {
    id: String,
    name: String,
    relay: String,
    home: PathBuf,
    data: PathBuf,
    p2p: String,
    log: PathBuf,
    pid: u32,
    command: Vec<String>,
}

/// A patient whose records the demo has issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SamplePatient {
    pub(super) home: PathBuf,
    pub(super) phrase: String,
}

/// Deletes `demo.json` when dropped.
pub(super) struct Written(PathBuf);

impl Account {
    pub(super) fn of(place: &Place, network: &Network, relays: &Relays<'_>) -> Self {
        let _ = fs::remove_file(place.file("demo.json"));
        let hospitals = network.hospitals.iter().zip(relays.running());
        let hospitals = hospitals.map(|(hospital, running)| RunningHospital {
            id: hospital.id.clone(),
            name: hospital.name.clone(),
            relay: hospital.url(),
            home: hospital.home.clone(),
            data: relays.data(&hospital.name),
            p2p: hospital.p2p(),
            log: running.log.clone(),
            pid: running.pid(),
            command: running.command.clone(),
        });
        Self {
            version: 1,
            genesis: network.genesis.clone(),
            passphrase: PASSPHRASE,
            hospitals: hospitals.collect(),
            patients: Vec::new(),
        }
    }

    pub(super) fn with_patients(self, patients: Vec<SamplePatient>) -> Self {
        Self { patients, ..self }
    }

    pub(super) fn write(&self, place: &Place) -> anyhow::Result<Written> {
        let file = place.file("demo.json");
        write_whole(&file, &serde_json::to_vec_pretty(self)?)?;
        Ok(Written(file))
    }

    pub(super) fn print(&self) {
        println!("\nThe demo runs. Passphrase of every home: {PASSPHRASE:?}\n");
        for hospital in &self.hospitals {
            println!("{}", hospital.name);
            println!("  page     {}/#genesis={}", hospital.relay, self.genesis);
            println!(
                "  staff    {}",
                hospital.home.join("identity.keepwell").display()
            );
            println!(
                "  command  keepwell --home {} hospital issued",
                hospital.home.display()
            );
        }
        for patient in &self.patients {
            println!("\nA patient");
            println!("  phrase   {}", patient.phrase);
            println!(
                "  command  keepwell --home {} patient records",
                patient.home.display()
            );
        }
        println!("\nStaff sign in with their file and the passphrase, a patient with the phrase.");
        println!("Set KEEPWELL_PASSPHRASE={PASSPHRASE:?} to use the homes. Ctrl-C stops the demo.");
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
