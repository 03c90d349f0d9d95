//! The timeline, and what it takes to open a record.

use alloc::vec::Vec;

use keepwell_custody::{Capsule, EncryptedKey};
use keepwell_keys::HospitalId;
use keepwell_ledger::{
    state::Record,
    transaction::{RecordReference, Txid},
};
use keepwell_light::PatientView;
use keepwell_seal::{
    ContentCommitment, RecordKey, SealedRecordKey, SealedSummary, Summary, open_as_patient,
};
use keepwell_wire::api::TransactionState;

use super::Patient;
use crate::{Refusal, session::OpenableRecord};

/// A record of a verified view, with its summary opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// Its place and its transaction.
    pub reference: RecordReference,
    /// Its leaf.
    pub record: Record,
    /// Mined or final.
    pub state: TransactionState,
    /// What it is called. `None` where the summary does not open: its issuer sealed it wrongly.
    pub summary: Option<Summary>,
}

/// Every record of a view, in the order they were issued.
pub fn timeline(
    patient: &Patient,
    hospital_id: &HospitalId,
    view: &PatientView,
) -> Vec<TimelineEntry> {
    let records = (0..).zip(view.records());
    let entries = records.map(|(index, record)| TimelineEntry {
        reference: RecordReference {
            index,
            txid: record.txid,
        },
        state: view.state_of(record.issued_index),
        summary: summary(patient, hospital_id, view, record),
        record: record.clone(),
    });
    entries.collect()
}

/// What opens a record of a view.
///
/// # Errors
/// [`Refusal::UnknownRecord`]; [`Refusal::UnknownScope`] for a scope that was not made from this
/// phrase; [`Refusal::RecordKey`] where the issuer sealed the key wrongly.
pub fn openable(
    patient: &Patient,
    hospital_id: &HospitalId,
    view: &PatientView,
    txid: &Txid,
) -> Result<OpenableRecord, Refusal> {
    let mut records = view.records().iter();
    let record = records.find(|record| record.txid == *txid);
    let record = record.ok_or(Refusal::UnknownRecord { txid: *txid })?;
    Ok(OpenableRecord {
        key: record_key(patient, hospital_id, view, record)?,
        blob_id: record.blob_id,
        content_commitment: ContentCommitment(record.content_commitment),
    })
}

fn summary(
    patient: &Patient,
    hospital_id: &HospitalId,
    view: &PatientView,
    record: &Record,
) -> Option<Summary> {
    let key = record_key(patient, hospital_id, view, record).ok()?;
    let sealed = SealedSummary::from_bytes(&record.sealed_summary).ok()?;
    sealed.open(&key.summary_key()).ok()
}

fn record_key(
    patient: &Patient,
    hospital_id: &HospitalId,
    view: &PatientView,
    record: &Record,
) -> Result<RecordKey, Refusal> {
    let scope = super::scopes::scope(view, &record.disease_id)?;
    let unknown = Refusal::UnknownScope {
        patient_id: *view.patient_id(),
        disease_id: record.disease_id,
    };
    let scope_key = patient.scope_key(hospital_id, &scope.public_key);
    let sealed = sealed_key(record)?;
    Ok(open_as_patient(&scope_key.ok_or(unknown)?, &sealed)?)
}

/// The record key as the chain has it.
///
/// # Errors
/// [`Refusal::RecordKey`] where the issuer wrote something else than a capsule and a key.
pub(crate) fn sealed_key(record: &Record) -> Result<SealedRecordKey, Refusal> {
    sealed_key_of(&record.capsule, &record.encrypted_record_key)
}

pub(super) fn sealed_key_of(
    capsule: &[u8],
    encrypted_key: &[u8],
) -> Result<SealedRecordKey, Refusal> {
    let capsule = Capsule::from_bytes(capsule).ok();
    let encrypted_key = EncryptedKey::from_bytes(encrypted_key).ok();
    let both = capsule.zip(encrypted_key);
    let (capsule, encrypted_key) = both.ok_or(keepwell_seal::OpenRecordKeyError::OtherKey)?;
    Ok(SealedRecordKey {
        capsule,
        encrypted_key,
    })
}
