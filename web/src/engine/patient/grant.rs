//! Granting and revoking.

use keepwell_client::{
    Refusal, Wait,
    patient::{self, WantedGrant},
};
use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::transaction::DiseaseId;
use rand_core::OsRng;

use crate::{
    engine::{desk::Desk, voice::Job},
    talk::{Failure, GrantTerms, Outcome, Stage},
};

impl Desk {
    pub(super) async fn grant(&self, job: &Job<'_>, terms: GrantTerms) -> Result<Outcome, Failure> {
        let patient = self.patient()?;
        let issuer = self.hospital_of(&patient, terms.patient_id).await?;
        let purpose = terms.purpose.parse().map_err(|error| {
            let message = format!("The purpose is no code: {error}.");
            Failure::local("purpose", message, "Choose one of the list.")
        })?;
        let wanted = WantedGrant {
            disease_id: terms.disease_id,
            requester: terms.to,
            expires_at: terms.expires_at,
            records: terms.records,
            purpose,
            custodians: terms.custodians,
            threshold: terms.threshold,
        };
        job.progress(Stage::Recording, 0, 0);
        let (relay, _) = self.relay_for(&issuer).await?;
        let granted = self.at_relay(&relay, async |session| {
            patient::grant(session, &patient, issuer, &wanted, Wait::Mined, &mut OsRng).await
        });
        let granted = granted.await?;
        self.refresh().await?;
        Ok(Outcome::Granted {
            ready: granted.custodians_ready,
            custodians: granted.custodians,
        })
    }

    pub(super) async fn revoke(
        &self,
        job: &Job<'_>,
        patient_id: PatientId,
        disease_id: DiseaseId,
        from: HospitalId,
        close_scope: bool,
    ) -> Result<Outcome, Failure> {
        let patient = self.patient()?;
        let issuer = self.hospital_of(&patient, patient_id).await?;
        if from == issuer && !close_scope {
            let hospital_id = from;
            return Err(Refusal::NothingToRevoke {
                hospital_id,
                disease_id,
            }
            .into());
        }
        job.progress(Stage::Recording, 0, 0);
        let (relay, _) = self.relay_for(&issuer).await?;
        let revoked = self.at_relay(&relay, async |session| {
            let wait = Wait::Mined;
            patient::revoke(
                session,
                &patient,
                issuer,
                disease_id,
                from,
                close_scope,
                wait,
            )
            .await
        });
        let revoked = revoked.await?;
        self.refresh().await?;
        Ok(Outcome::Revoked {
            opened_before: revoked.opened_before,
        })
    }
}
