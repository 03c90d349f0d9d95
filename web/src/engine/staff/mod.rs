//! What a hospital's staff ask for.

mod issue;
mod mine;
mod open;
mod request;
mod view;

use super::{desk::Desk, voice::Job};
use crate::talk::{Failure, Outcome, StaffVerb};

impl Desk {
    /// Runs a command of staff.
    pub(super) async fn run_staff(
        &self,
        job: &Job<'_>,
        verb: StaffVerb,
    ) -> Result<Outcome, Failure> {
        match verb {
            StaffVerb::Recognise { file } => self.recognise(file).await,
            StaffVerb::Issue(form) => self.issue(job, form).await,
            StaffVerb::Request {
                patient_id,
                disease_id,
                records,
            } => self.request(job, patient_id, disease_id, &records).await,
            StaffVerb::OpenRecord {
                patient_id,
                disease_id,
                txid,
            } => self.open_granted(job, patient_id, disease_id, txid).await,
            StaffVerb::MineNow => self.mine_now().await,
        }
    }
}
