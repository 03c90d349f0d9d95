//! A patient's home, unlocked.

use std::fs;

use keepwell_client::{
    ClientError, Hospitals, Refusal,
    patient::{self, Found, Patient},
};
use keepwell_keys::{HospitalId, PatientId, VaultParameters};
use keepwell_ledger::transaction::Transaction;
use keepwell_light::Interest;
use rand_core::OsRng;

use crate::{
    arguments::GlobalOptions,
    connection::{Connection, HttpSession},
    failure::{Exit, Failure},
    home::{Home, Owner},
    home_lock::HomeLock,
    passphrase::{Passphrase, passphrase, wrong_passphrase},
    private_file,
    relay_url::RelayUrl,
};

/// The patient, and the home that they are kept in.
pub(crate) struct PatientHome<'a> {
    global: &'a GlobalOptions,
    home: &'a Home,
    passphrase: Passphrase,
    pub(crate) patient: Patient,
    pub(crate) connection: Connection<'a>,
    _lock: HomeLock,
}

impl<'a> PatientHome<'a> {
    pub(crate) fn open(global: &'a GlobalOptions, home: &'a Home) -> Result<Self, Failure> {
        if home.file.owner != Owner::Patient {
            return Err(Failure::new(
                Exit::Local,
                "notAPatient",
                format!("{} is not a patient's home.", home.directory.display()),
                "Name with --home a directory made by `keepwell patient new`.",
            ));
        }
        let lock = HomeLock::take(&home.directory)?;
        let path = home.directory.join(Patient::KIND);
        let file = fs::read(&path).map_err(|error| Failure::file(&path, "read", &error))?;
        let passphrase = passphrase(global)?;
        let opened = Patient::open(&file, &passphrase);
        let patient = opened.map_err(|error| wrong_passphrase(&path, &error))?;
        Ok(Self {
            global,
            home,
            passphrase,
            patient,
            connection: Connection::new(global, home)?,
            _lock: lock,
        })
    }

    /// Keeps the patient with what is new of them.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        let sealed = seal(&self.patient, &self.passphrase)?;
        private_file::replace_private(&self.home.directory.join(Patient::KIND), &sealed)
    }

    pub(crate) fn hospitals(&self) -> Hospitals {
        Hospitals::of(&self.connection.light)
    }

    /// The hospital at which the patient has this id.
    pub(crate) fn hospital_of(&self, patient_id: &PatientId) -> Result<HospitalId, Failure> {
        let hospitals = self.hospitals();
        let ids = hospitals.all().iter().map(|named| &named.id);
        let found = self.patient.hospital_of(patient_id, ids);
        Ok(found.ok_or(Refusal::NotThisPatient { got: *patient_id })?)
    }

    /// Runs steps at a hospital's own relay, or at those that were named: only the patient may
    /// choose another.
    pub(crate) fn run_at<T>(
        &mut self,
        hospital_id: &HospitalId,
        steps: impl AsyncFnOnce(&mut HttpSession<'_>, &Patient) -> Result<T, ClientError>,
    ) -> Result<T, Failure> {
        let relays = self.relays_of(hospital_id);
        let patient = &self.patient;
        self.connection
            .run(&relays, async |session| steps(session, patient).await)
    }

    /// Reads a persona anew, and takes its scopes into the patient's file.
    pub(crate) fn sync(&mut self, hospital_id: &HospitalId) -> Result<PatientId, Failure> {
        let patient_id = self.patient.id_at(hospital_id);
        self.run_at(hospital_id, async |session, _| {
            session.sync(&interests(patient_id)).await
        })?;
        self.adopt(hospital_id, &patient_id)?;
        Ok(patient_id)
    }

    /// The same, and what waits at the relay that was asked.
    pub(crate) fn sync_with_mempool(
        &mut self,
        hospital_id: &HospitalId,
    ) -> Result<(PatientId, Vec<Transaction>), Failure> {
        let patient_id = self.patient.id_at(hospital_id);
        let mempool = self.run_at(hospital_id, async |session, _| {
            // In this order what is mined in between is in the view, and so is not missed.
            let mempool = session.mempool().await?;
            session.sync(&interests(patient_id)).await?;
            Ok(mempool)
        })?;
        self.adopt(hospital_id, &patient_id)?;
        Ok((patient_id, mempool))
    }

    /// Finds the persona at a hospital, if that knows the patient.
    pub(crate) fn find(&mut self, hospital_id: &HospitalId) -> Result<Option<Found>, Failure> {
        let relays = self.relays_of(hospital_id);
        let (patient, hospital_id) = (&mut self.patient, *hospital_id);
        let found = self.connection.run(&relays, async |session| {
            patient::find(session, patient, hospital_id).await
        })?;
        if found.as_ref().is_some_and(|found| found.is_news) {
            self.save()?;
        }
        Ok(found)
    }

    fn adopt(&mut self, hospital_id: &HospitalId, patient_id: &PatientId) -> Result<(), Failure> {
        let view = self.connection.light.patient(patient_id);
        let has_account = view.filter(|view| view.account().is_some());
        if let Some(view) = has_account
            && self.patient.adopt(*hospital_id, view)
        {
            self.save()?;
        }
        Ok(())
    }

    fn relays_of(&self, hospital_id: &HospitalId) -> Vec<RelayUrl> {
        if !self.global.relays.is_empty() {
            return self.global.relays.clone();
        }
        let hospitals = self.hospitals();
        let addresses = hospitals.by_id(hospital_id).map(|named| {
            let urls = named.hospital.addresses.url_texts();
            urls.filter_map(|url| url.parse().ok()).collect()
        });
        addresses.unwrap_or_default()
    }
}

fn interests(patient_id: PatientId) -> [Interest; 2] {
    [Interest::Patient(patient_id), Interest::Directory]
}

/// The bytes of the patient's file.
pub(super) fn seal(patient: &Patient, passphrase: &str) -> Result<Vec<u8>, Failure> {
    let sealed = patient.seal(passphrase, VaultParameters::default(), &mut OsRng);
    sealed.map_err(|error| {
        Failure::new(
            Exit::Local,
            "vault",
            format!("The patient could not be wrapped: {error}."),
            "Make memory free; if there are very many scopes, use shorter labels.",
        )
    })
}
