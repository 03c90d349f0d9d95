//! Asking for keys.

use keepwell_client::{Wait, hospital};
use keepwell_keys::PatientId;
use keepwell_ledger::transaction::{DiseaseId, Txid};

use crate::{
    engine::{desk::Desk, voice::Job},
    talk::{Failure, Outcome, Stage},
};

impl Desk {
    pub(super) async fn request(
        &self,
        job: &Job<'_>,
        patient_id: PatientId,
        disease_id: DiseaseId,
        records: &[Txid],
    ) -> Result<Outcome, Failure> {
        let identity = self.identity()?;
        job.progress(Stage::Recording, 0, 0);
        let (relay, _) = self.relay_for(&identity.id()).await?;
        let requested = self.at_relay(&relay, async |session| {
            let wait = Wait::Mined;
            hospital::request(session, &identity, patient_id, disease_id, records, wait).await
        });
        requested.await?;
        // Requested it is; what is shown is read anew with the next block at the latest.
        let _ = self.refresh().await;
        Ok(Outcome::Requested)
    }
}
