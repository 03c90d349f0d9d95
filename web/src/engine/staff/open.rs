//! Opening a record that was granted: the custodians' answers, then the file.

use keepwell_client::hospital;
use keepwell_keys::PatientId;
use keepwell_ledger::transaction::{DiseaseId, Txid};
use keepwell_seal::SealedSummary;
use keepwell_wire::api::Role;

use crate::{
    crypt::OpenSink,
    engine::{UNKNOWN_TYPE, desk::Desk, patient::summary_line, voice::Job},
    talk::{Failure, OpenedFile, Outcome, Stage, SummaryLine},
};

impl Desk {
    pub(super) async fn open_granted(
        &self,
        job: &Job<'_>,
        patient_id: PatientId,
        disease_id: DiseaseId,
        txid: Txid,
    ) -> Result<Outcome, Failure> {
        let identity = self.identity()?;
        let own_id = identity.id();
        let (relay, _) = self.relay_for(&own_id).await?;
        job.progress(Stage::Waiting, 0, 0);
        let record = self.at_relay(&relay, async |session| {
            hospital::openable(session, &identity, patient_id, disease_id, txid).await
        });
        let record = record.await?;
        let summary = self.granted_summary(&own_id, txid, &record).await?;
        let media_type = summary
            .as_ref()
            .map_or(UNKNOWN_TYPE, |summary| summary.media_type.as_str());

        let mut sink = OpenSink::new(&record.key, record.content_commitment, media_type);
        self.beside_relay(&relay, async |session| {
            let shown = |done: u32, all: u32| job.progress(Stage::Opening, done.into(), all.into());
            let (role, key) = (Role::Hospital(own_id), &identity.authority);
            session.download(role, key, &record, &mut sink, shown).await
        })
        .await?;
        Ok(Outcome::Opened(OpenedFile {
            blob: sink.finish()?.into(),
            summary,
        }))
    }

    /// Who can open a record can read its summary.
    async fn granted_summary(
        &self,
        own_id: &keepwell_keys::HospitalId,
        txid: Txid,
        openable: &keepwell_client::OpenableRecord,
    ) -> Result<Option<SummaryLine>, Failure> {
        self.light(|light| {
            let mut scopes = light.hospital(own_id)?.granted();
            let found = scopes.find_map(|scope| {
                let mut records = scope.records.iter();
                records.find(|indexed| indexed.record.txid == txid)
            })?;
            let sealed = SealedSummary::from_bytes(&found.record.sealed_summary).ok()?;
            let summary = sealed.open(&openable.key.summary_key()).ok()?;
            Some(summary_line(summary))
        })
        .await
    }
}
