//! Issuing a record: where it goes, what it says, and the file on its way.

use alloc::vec::Vec;

use keepwell_custody::BlobId;
use keepwell_keys::{HospitalId, HospitalIdentity, PatientId, PublicKey};
use keepwell_ledger::{
    state::Scope,
    transaction::{
        DiseaseId, Payload, RecordReference, SubmitRecord, Txid, VisitCard, VisitCardText,
    },
};
use keepwell_light::{Interest, LightClient};
use keepwell_primitives::{BoundedBytes, Maybe};
use keepwell_seal::{RecordKey, SealedFile, SealedSummary, Summary, seal_record_key};
use keepwell_wire::api::Role;
use rand_core::CryptoRngCore;

use crate::{
    ChunkSource, ClientError, Clock, Refusal, Relay, Session, Wait, files, session::Signer,
};

/// Whose scope the record goes to, as staff name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The scope of a visit card, opened with it if it is not open yet.
    Card(VisitCardText),
    /// A scope that is open.
    Scope {
        /// Whose.
        patient_id: PatientId,
        /// Which.
        disease_id: DiseaseId,
    },
}

/// Where a record goes: looked up, and open to this hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    patient_id: PatientId,
    disease_id: DiseaseId,
    scope_public_key: PublicKey,
    opening: Option<VisitCard>,
    supersedes: Option<RecordReference>,
}

/// A sealed record that is not issued yet.
pub struct NewRecord {
    /// The key it was sealed under.
    pub key: RecordKey,
    /// What sealing gave.
    pub file: SealedFile,
    /// What the timeline shows.
    pub summary: Summary,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The record's transaction.
    pub txid: Txid,
    /// Whose.
    pub patient_id: PatientId,
    /// In which scope.
    pub disease_id: DiseaseId,
    /// Its place among the patient's records, once mined.
    pub record: Option<u32>,
    /// Its file.
    pub blob_id: BlobId,
}

/// Looks up where a record would go, before anything is sealed.
///
/// # Errors
/// [`Refusal`]: the card is no good, the scope is closed, not this hospital's, or unknown; the
/// record to supersede is not there. And those of the relay.
pub async fn destination<R: Relay, C: Clock>(
    session: &mut Session<'_, R, C>,
    own_id: HospitalId,
    target: &Target,
    supersedes: Option<Txid>,
) -> Result<Destination, ClientError> {
    let patient_id = match target {
        Target::Card(text) => text.card.patient_id,
        Target::Scope { patient_id, .. } => *patient_id,
    };
    session.sync(&[Interest::Patient(patient_id)]).await?;
    let light = &*session.light;
    let (scope_public_key, opening) = match target {
        Target::Card(text) => {
            let genesis_hash = session.genesis_hash();
            let opening = opening(light, &own_id, text, session.clock.now(), &genesis_hash)?;
            (text.card.scope_public_key, opening)
        }
        Target::Scope { disease_id, .. } => {
            let unknown = Refusal::UnknownScope {
                patient_id,
                disease_id: *disease_id,
            };
            let scope = scope(light, &patient_id, disease_id).ok_or(unknown)?;
            check_open(scope, disease_id, &own_id)?;
            (scope.public_key, None)
        }
    };
    let supersedes = supersedes.map(|txid| reference(light, &patient_id, txid));
    Ok(Destination {
        patient_id,
        disease_id: DiseaseId::of(&scope_public_key),
        scope_public_key,
        opening,
        supersedes: supersedes.transpose()?,
    })
}

/// Uploads a sealed file, as far as the relay lacks it. `progress` is told how many chunks of how
/// many are there.
///
/// # Errors
/// Those of the relay; [`ClientError::Chunks`] where the spool fails.
pub async fn upload<R: Relay, C: Clock>(
    session: &Session<'_, R, C>,
    identity: &HospitalIdentity,
    file: &SealedFile,
    source: &mut impl ChunkSource,
    progress: impl FnMut(u32, u32),
) -> Result<(), ClientError> {
    let role = Role::Hospital(identity.id());
    let token = session.token(role, &identity.authority).await?;
    files::upload(session.relay, &token, &file.leaves, source, progress).await
}

/// Submits a record whose sealed file was uploaded.
///
/// # Errors
/// Those of the relay. A file without its record is no harm: sealing again makes another.
pub async fn submit<R: Relay, C: Clock>(
    session: &mut Session<'_, R, C>,
    identity: &HospitalIdentity,
    destination: &Destination,
    record: &NewRecord,
    wait: Wait,
    rng: &mut impl CryptoRngCore,
) -> Result<Submitted, ClientError> {
    let own_id = identity.id();
    let key = &identity.authority;
    let interest = Interest::Hospital(own_id);
    session.sync(&[interest]).await?;
    let payload = Payload::SubmitRecord(payload(own_id, destination, record, rng)?);
    let txid = session.send(&Signer { key, interest }, payload).await?;
    let found = |light: &LightClient| {
        let mut scopes = light.hospital(&own_id)?.issued();
        let scope = scopes.find(|scope| {
            (scope.patient_id, scope.disease_id) == (destination.patient_id, destination.disease_id)
        })?;
        let mut records = scope.records.iter();
        let found = records.find(|indexed| indexed.record.txid == txid)?;
        Some((found.record.issued_index, found.index))
    };
    let index = session.wait_for(txid, &[interest], wait, found).await?;
    Ok(Submitted {
        txid,
        patient_id: destination.patient_id,
        disease_id: destination.disease_id,
        record: index,
        blob_id: record.file.leaves.blob_id(),
    })
}

/// The card, if its scope is still to be opened with it.
fn opening(
    light: &LightClient,
    own_id: &HospitalId,
    text: &VisitCardText,
    now: keepwell_primitives::Timestamp,
    genesis_hash: &keepwell_keys::GenesisHash,
) -> Result<Option<VisitCard>, Refusal> {
    let card = &text.card;
    let view = light.patient(&card.patient_id);
    let account = view.and_then(|view| view.account());
    let disease_id = card.disease_id();
    let scope = scope(light, &card.patient_id, &disease_id);
    let account_key = account.map(|account| &account.public_key);
    text.check(genesis_hash, own_id, account_key, now)?;
    match scope {
        Some(scope) => check_open(scope, &disease_id, own_id).map(|()| None),
        None => Ok(Some(card.clone())),
    }
}

fn scope<'l>(
    light: &'l LightClient,
    patient_id: &PatientId,
    disease_id: &DiseaseId,
) -> Option<&'l Scope> {
    light.patient(patient_id)?.scopes().get(disease_id)
}

fn check_open(scope: &Scope, disease_id: &DiseaseId, own_id: &HospitalId) -> Result<(), Refusal> {
    let disease_id = *disease_id;
    if scope.service_provider_id != *own_id {
        let (got, expected) = (*own_id, scope.service_provider_id);
        return Err(Refusal::ScopeOfOtherHospital {
            disease_id,
            got,
            expected,
        });
    }
    if scope.closed_index.0.is_some() {
        return Err(Refusal::ScopeClosed { disease_id });
    }
    Ok(())
}

fn reference(
    light: &LightClient,
    patient_id: &PatientId,
    txid: Txid,
) -> Result<RecordReference, Refusal> {
    let records = light.patient(patient_id).map(|view| view.records());
    let mut records = (0..).zip(records.unwrap_or_default());
    let found = records.find(|(_, record)| record.txid == txid);
    let (index, _) = found.ok_or(Refusal::UnknownRecord { txid })?;
    Ok(RecordReference { index, txid })
}

fn payload(
    own_id: HospitalId,
    destination: &Destination,
    record: &NewRecord,
    rng: &mut impl CryptoRngCore,
) -> Result<SubmitRecord, Refusal> {
    let sealed_key = seal_record_key(rng, &destination.scope_public_key, &record.key);
    let summary = SealedSummary::seal(rng, &record.key.summary_key(), &record.summary);
    Ok(SubmitRecord {
        patient_id: destination.patient_id,
        service_provider_id: own_id,
        disease_id: destination.disease_id,
        blob_id: record.file.leaves.blob_id(),
        blob_size: record.file.leaves.size().bytes(),
        content_commitment: record.file.content_commitment.0,
        capsule: bytes(sealed_key.capsule.as_bytes().to_vec())?,
        encrypted_record_key: bytes(sealed_key.encrypted_key.as_bytes().to_vec())?,
        sealed_summary: bytes(summary.as_bytes().to_vec())?,
        supersedes: Maybe(destination.supersedes),
        scope_opening: Maybe(destination.opening.clone()),
    })
}

fn bytes<const MAX: usize>(bytes: Vec<u8>) -> Result<BoundedBytes<MAX>, Refusal> {
    BoundedBytes::new(bytes).map_err(|error| Refusal::TooMany {
        what: "bytes",
        got: error.got,
        max: error.max,
    })
}
