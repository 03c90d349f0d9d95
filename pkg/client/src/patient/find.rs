//! Finding a patient's personas again, from the phrase alone (`docs/protocol.md`, section 3).
//!
//! Each hospital ever enrolled is asked, at its own relay, for the patient as it would know them:
//!
//! ```text
//! let mut search = Search::default();
//! while let Some(hospital) = search.next(&Hospitals::of(&light)) {
//!     // a session with that hospital's relay, or with none if it is out
//!     find(&mut session, &mut patient, hospital.id).await?;
//! }
//! ```

use alloc::vec::Vec;

use keepwell_keys::{HospitalId, PatientId};
use keepwell_light::{Interest, PatientView};

use super::Patient;
use crate::{ClientError, Clock, Hospitals, NamedHospital, Relay, Session};

/// Which hospitals are still to be asked. The directory grows while it is read, so it is looked at
/// anew for each.
#[derive(Clone, Debug, Default)]
pub struct Search {
    named: Vec<HospitalId>,
}

/// A persona that a hospital knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// As whom the hospital knows the patient.
    pub patient_id: PatientId,
    /// How many records there are.
    pub records: usize,
    /// Scopes whose keys follow from the phrase.
    pub scopes_matched: usize,
    /// Scopes that are on the chain and whose keys were not found: beyond
    /// [`SCOPE_GAP_MAX`](super::SCOPE_GAP_MAX), or not of this patient's making.
    pub scopes_unmatched: usize,
    /// The last place in the derivation that a scope was found at.
    pub highest_number: Option<u32>,
    /// Whether this device learned of a scope: the patient's file is to be kept.
    pub is_news: bool,
}

impl Search {
    /// The next hospital of the directory that was not named before, retired ones too.
    pub fn next(&mut self, hospitals: &Hospitals) -> Option<NamedHospital> {
        let mut all = hospitals.all().iter();
        let next = all.find(|named| !self.named.contains(&named.id))?;
        self.named.push(next.id);
        Some(next.clone())
    }
}

/// Asks for the persona at a hospital, and takes its scopes into what this device knows. `None` if,
/// proved, the hospital has no record of this patient. The session is with that hospital's relay;
/// with another only where the patient has agreed, for that relay learns which id is asked for.
///
/// # Errors
/// Those of the relay.
pub async fn find<R: Relay, C: Clock>(
    session: &mut Session<'_, R, C>,
    patient: &mut Patient,
    hospital_id: HospitalId,
) -> Result<Option<Found>, ClientError> {
    let patient_id = patient.id_at(&hospital_id);
    let interests = [Interest::Patient(patient_id), Interest::Directory];
    session.sync(&interests).await?;
    let view = session.light.patient(&patient_id);
    let with_account = view.filter(|view| view.account().is_some());
    Ok(with_account.map(|view| found(patient, hospital_id, view)))
}

fn found(patient: &mut Patient, hospital_id: HospitalId, view: &PatientView) -> Found {
    let is_news = patient.adopt(hospital_id, view);
    let scopes = view.scopes().values();
    let public_keys: Vec<_> = scopes.map(|scope| scope.public_key).collect();
    let numbers = patient.scope_numbers(&hospital_id, &public_keys);
    Found {
        patient_id: *view.patient_id(),
        records: view.records().len(),
        scopes_matched: numbers.len(),
        scopes_unmatched: public_keys.len() - numbers.len(),
        highest_number: numbers.last().copied(),
        is_news,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_network::light_client;

    #[test]
    fn search_names_every_hospital_of_the_directory_once() {
        let hospitals = Hospitals::of(&light_client());
        let mut search = Search::default();
        let mut named = Vec::new();
        while let Some(hospital) = search.next(&hospitals) {
            named.push(hospital.id);
        }
        let all: Vec<_> = hospitals.all().iter().map(|named| named.id).collect();
        assert_eq!(named, all);
        assert_eq!(all.len(), 4);
    }
}
