//! Issuing a record: look up where it goes, seal it, upload it, submit it.

use keepwell_client::{
    Refusal, Wait,
    hospital::{self, NewRecord, Target},
};
use keepwell_primitives::Maybe;
use keepwell_seal::{Coding, RecordKey, Summary, SummaryFields};
use rand_core::OsRng;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::{
    crypt,
    engine::{
        desk::{Desk, now},
        voice::Job,
    },
    talk::{Failure, IssueTo, NewRecordForm, Outcome, Stage},
};

impl Desk {
    /// Looks at a file as issuing it would.
    pub(super) async fn recognise(&self, file: JsValue) -> Result<Outcome, Failure> {
        self.identity()?;
        let file = chosen(file)?;
        let original = crypt::Original::of(&file, &file.name()).await?;
        Ok(Outcome::Recognised {
            media_type: original.media_type,
            fhir_type: original.fhir_type,
        })
    }

    pub(super) async fn issue(
        &self,
        job: &Job<'_>,
        form: NewRecordForm,
    ) -> Result<Outcome, Failure> {
        let identity = self.identity()?;
        let file = chosen(form.file)?;
        let target = target(&form.to)?;
        let original = crypt::Original::of(&file, &file.name()).await?;
        let summary = Summary::new(SummaryFields {
            title: form.title.clone(),
            code: Coding {
                system: form.code_system,
                code: form.code,
            },
            fhir_type: original.fhir_type.clone(),
            media_type: original.media_type,
            issued_at: now(),
            period: Maybe(None),
        });
        let summary = summary.map_err(Refusal::Summary)?;

        // Looked up before anything is sealed, so that a closed scope costs no upload.
        let (relay, _) = self.relay_for(&identity.id()).await?;
        let destination = self.at_relay(&relay, async |session| {
            hospital::destination(session, identity.id(), &target, form.supersedes).await
        });
        let destination = destination.await?;

        let key = RecordKey::generate(&mut OsRng);
        let shown = |done, all| job.progress(Stage::Sealing, done, all);
        let (sealed, mut spool) = crypt::seal(&file, &key, shown).await?;
        let record = NewRecord {
            key,
            file: sealed,
            summary,
        };
        self.beside_relay(&relay, async |session| {
            let shown =
                |done: u32, all: u32| job.progress(Stage::Uploading, done.into(), all.into());
            hospital::upload(session, &identity, &record.file, &mut spool, shown).await
        })
        .await?;

        job.progress(Stage::Recording, 0, 0);
        let submitted = self.at_relay(&relay, async |session| {
            let wait = Wait::Mined;
            hospital::submit(session, &identity, &destination, &record, wait, &mut OsRng).await
        });
        let submitted = submitted.await?;
        self.remember_title(submitted.txid, form.title);
        // Issued it is; what is shown is read anew with the next block at the latest.
        let _ = self.refresh().await;
        Ok(Outcome::Issued {
            txid: submitted.txid,
        })
    }
}

fn chosen(file: JsValue) -> Result<web_sys::File, Failure> {
    file.dyn_into()
        .map_err(|_| Failure::local("noFile", "There is no file to issue.", "Choose a file."))
}

fn target(to: &IssueTo) -> Result<Target, Refusal> {
    Ok(match to {
        IssueTo::Card(text) => Target::Card(text.trim().parse().map_err(Refusal::Card)?),
        IssueTo::Scope {
            patient_id,
            disease_id,
        } => Target::Scope {
            patient_id: *patient_id,
            disease_id: *disease_id,
        },
    })
}
