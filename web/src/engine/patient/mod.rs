//! What a patient asks for.

mod card;
mod grant;
mod history;
mod open;

pub(super) use history::summary_line;

use super::{desk::Desk, voice::Job};
use crate::talk::{Failure, News, Outcome, PatientVerb, Who};

impl Desk {
    /// Runs a patient's command.
    pub(super) async fn run_patient(
        &self,
        job: &Job<'_>,
        verb: PatientVerb,
    ) -> Result<Outcome, Failure> {
        match verb {
            PatientVerb::ShowPhrase { passphrase } => self.phrase(passphrase).await,
            PatientVerb::FindRecords => self.find_records().await,
            PatientVerb::MakeCard {
                hospital_id,
                new_scope,
            } => self.make_card(hospital_id, new_scope).await,
            PatientVerb::OpenRecord { patient_id, txid } => {
                self.open_record(job, patient_id, txid).await
            }
            PatientVerb::Grant(terms) => self.grant(job, terms).await,
            PatientVerb::Revoke {
                patient_id,
                disease_id,
                from,
                close_scope,
            } => {
                self.revoke(job, patient_id, disease_id, from, close_scope)
                    .await
            }
            PatientVerb::AskElsewhere { hospital_id } => {
                self.elsewhere.borrow_mut().insert(hospital_id);
                self.refresh().await
            }
        }
    }

    /// Reads anew what is shown of whoever is signed in; of the network alone if nobody is. Asked while that goes on, it is read once
    /// more when that is done.
    pub(super) async fn refresh(&self) -> Result<Outcome, Failure> {
        self.is_stale.set(true);
        if self.is_refreshing.replace(true) {
            return Ok(Outcome::Nothing);
        }
        let mut read = Ok(());
        while self.is_stale.replace(false) && read.is_ok() {
            read = match self.who() {
                Who::Nobody => {
                    self.read_network().await;
                    Ok(())
                }
                Who::Patient => self.refresh_history().await,
                Who::Staff(hospital_id) => self.refresh_staff(hospital_id).await,
            };
        }
        self.is_refreshing.set(false);
        read?;
        self.tell_network().await?;
        Ok(Outcome::Nothing)
    }

    /// Reads every known persona anew, and shows what was verified as it comes.
    async fn refresh_history(&self) -> Result<(), Failure> {
        self.tell_history().await?;
        for hospital_id in self.patient()?.hospitals().collect::<Vec<_>>() {
            self.read_persona(hospital_id).await?;
            self.tell_history().await?;
        }
        Ok(())
    }

    async fn tell_history(&self) -> Result<(), Failure> {
        let history = self.history().await?;
        // Locked in the meantime: nothing of it is told any more.
        self.patient()?;
        self.voice.tell(News::History(history));
        Ok(())
    }
}
