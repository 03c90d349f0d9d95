//! Visit cards, and finding the personas that the chain knows of.

use keepwell_client::{
    Hospitals,
    patient::{self, Search},
};
use keepwell_keys::HospitalId;
use keepwell_light::Interest;

use crate::{
    engine::desk::{Desk, now},
    talk::{Failure, Outcome},
};

impl Desk {
    /// A card for a hospital. That its relay cannot be asked is no obstacle: only that a scope was
    /// closed on another device is not seen then.
    pub(super) async fn make_card(
        &self,
        hospital_id: HospitalId,
        new_scope: Option<String>,
    ) -> Result<Outcome, Failure> {
        self.read_persona(hospital_id).await?;
        let mut patient = self.patient()?;
        let patient_id = patient.id_at(&hospital_id);
        let (genesis_hash, view) = self
            .light(|light| (light.network().hash(), light.patient(&patient_id).cloned()))
            .await?;
        let label = new_scope.as_deref().map(str::trim);
        let label = label.filter(|label| !label.is_empty());
        let card = patient::card(
            &mut patient,
            genesis_hash,
            hospital_id,
            view.as_ref(),
            label,
            now(),
        );
        // Before it is shown: a scope key that was forgotten would open nothing.
        self.keep_patient(patient).await?;
        Ok(Outcome::Card {
            text: card.to_string(),
            not_after: card.card.not_after,
        })
    }

    /// Asks every hospital's relay for the patient as that hospital would know them, as after
    /// restoring.
    pub(super) async fn find_records(&self) -> Result<Outcome, Failure> {
        let mut search = Search::default();
        loop {
            // The directory grows while it is read.
            let hospitals = self.light(Hospitals::of).await?;
            let Some(named) = search.next(&hospitals) else {
                break;
            };
            if !self.read_persona(named.id).await? {
                self.not_asked.borrow_mut().insert(named.id);
            }
        }
        self.refresh().await
    }

    /// Reads a persona anew, and takes its scopes into what the device knows. Whether its relay
    /// answered.
    pub(super) async fn read_persona(&self, hospital_id: HospitalId) -> Result<bool, Failure> {
        let patient_id = self.patient()?.id_at(&hospital_id);
        let interests = [Interest::Patient(patient_id), Interest::Directory];
        let waiting = self.catch_up(hospital_id, async |session| {
            // First what waits: what is mined in between is then in the state.
            let waiting = session.mempool().await?;
            session.sync(&interests).await?;
            Ok(waiting)
        });
        let waiting = waiting.await;
        let has_answered = waiting.is_some();
        if let Some(waiting) = waiting {
            let patient = self.patient()?;
            let pending = self
                .light(|light| patient::pending(&patient, &hospital_id, light, &waiting, now()))
                .await?;
            self.pending.borrow_mut().insert(hospital_id, pending);
            self.not_asked.borrow_mut().remove(&hospital_id);
        }
        let view = self
            .light(|light| light.patient(&patient_id).cloned())
            .await?;
        if let Some(view) = view.filter(|view| view.account().is_some()) {
            let mut patient = self.patient()?;
            if patient.adopt(hospital_id, &view) {
                self.keep_patient(patient).await?;
            }
        }
        Ok(has_answered)
    }
}
