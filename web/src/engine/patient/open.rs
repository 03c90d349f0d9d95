//! Opening a record of one's own.

use keepwell_client::{Hospitals, Refusal, patient};
use keepwell_keys::PatientId;
use keepwell_ledger::transaction::Txid;

use super::history::summary_line;
use crate::{
    crypt::OpenSink,
    engine::{UNKNOWN_TYPE, desk::Desk, voice::Job},
    talk::{Failure, OpenedFile, Outcome, Stage},
};

impl Desk {
    pub(super) async fn open_record(
        &self,
        job: &Job<'_>,
        patient_id: PatientId,
        txid: Txid,
    ) -> Result<Outcome, Failure> {
        let patient = self.patient()?;
        let hospital_id = self.hospital_of(&patient, patient_id).await?;
        let view = self
            .light(|light| light.patient(&patient_id).cloned())
            .await?;
        let view = view.ok_or(Refusal::UnknownRecord { txid })?;
        let record = patient::openable(&patient, &hospital_id, &view, &txid)?;
        let timeline = patient::timeline(&patient, &hospital_id, &view);
        let mut entries = timeline.into_iter();
        let summary = entries.find(|entry| entry.reference.txid == txid);
        let summary = summary.and_then(|entry| entry.summary).map(summary_line);
        let media_type = summary
            .as_ref()
            .map_or(UNKNOWN_TYPE, |summary| summary.media_type.as_str());

        let mut sink = OpenSink::new(&record.key, record.content_commitment, media_type);
        let (relay, _) = self.relay_for(&hospital_id).await?;
        let (role, key) = patient.role_at(&hospital_id);
        self.beside_relay(&relay, async |session| {
            let shown = |done: u32, all: u32| job.progress(Stage::Opening, done.into(), all.into());
            session
                .download(role, &key, &record, &mut sink, shown)
                .await
        })
        .await?;
        Ok(Outcome::Opened(OpenedFile {
            blob: sink.finish()?.into(),
            summary,
        }))
    }

    /// The hospital at which the patient has this id.
    pub(super) async fn hospital_of(
        &self,
        patient: &patient::Patient,
        patient_id: PatientId,
    ) -> Result<keepwell_keys::HospitalId, Failure> {
        let hospitals = self.light(Hospitals::of).await?;
        let ids = hospitals.all().iter().map(|named| &named.id);
        let found = patient.hospital_of(&patient_id, ids);
        Ok(found.ok_or(Refusal::NotThisPatient { got: patient_id })?)
    }
}
