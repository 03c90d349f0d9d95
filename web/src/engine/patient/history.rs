//! The verified history, ready to be shown. Nothing gets here that was not verified.

use std::collections::BTreeMap;

use keepwell_client::patient::{self, Patient, PendingRecord, TimelineEntry};
use keepwell_keys::HospitalId;
use keepwell_ledger::{
    state::{Consent, Event, Scope, ScopeEntry},
    transaction::{Coverage, DiseaseId, Txid},
};
use keepwell_light::PatientView;
use keepwell_seal::Summary;

use crate::{
    engine::desk::Desk,
    talk::{
        CoverageLine, EventLine, Failure, GrantLine, History, PersonaHistory, RecordLine,
        ScopeLine, Standing, SummaryLine,
    },
};

impl Desk {
    /// All personas that the device knows, as they were verified last.
    pub(super) async fn history(&self) -> Result<History, Failure> {
        let patient = self.patient()?;
        let mut personas = Vec::new();
        for hospital_id in patient.hospitals() {
            let patient_id = patient.id_at(&hospital_id);
            let view = self
                .light(|light| light.patient(&patient_id).cloned())
                .await?;
            let standing = self.standings.borrow().get(&hospital_id).cloned();
            let mut lines = self.pending_lines(&hospital_id, view.as_ref());
            if let Some(view) = &view {
                lines.extend(records(patient::timeline(&patient, &hospital_id, view)));
            }
            personas.push(PersonaHistory {
                hospital_id,
                patient_id,
                standing: standing.unwrap_or_else(not_asked_yet),
                records: lines,
                scopes: view
                    .as_ref()
                    .map_or_else(Vec::new, |view| scopes(&patient, &hospital_id, view)),
                events: view.as_ref().map_or_else(Vec::new, events),
            });
        }
        Ok(History {
            personas,
            not_asked: self.not_asked.borrow().iter().copied().collect(),
        })
    }

    /// What waits at the hospital's relay and is in no block yet.
    fn pending_lines(
        &self,
        hospital_id: &HospitalId,
        view: Option<&PatientView>,
    ) -> Vec<RecordLine> {
        let pending = self.pending.borrow();
        let pending = pending.get(hospital_id).into_iter().flatten();
        let is_mined = |txid: &Txid| {
            let mut records = view.iter().flat_map(|view| view.records());
            records.any(|record| record.txid == *txid)
        };
        let lines = pending.filter(|pending| !is_mined(&pending.txid));
        lines.map(pending_line).collect()
    }
}

fn pending_line(pending: &PendingRecord) -> RecordLine {
    RecordLine {
        txid: pending.txid,
        index: None,
        disease_id: pending.submit.disease_id,
        size_bytes: pending.submit.blob_size,
        issued_at: pending.summary.fields().issued_at,
        state: pending.state,
        supersedes: pending.submit.supersedes.0.map(|old| old.txid),
        superseded_by: None,
        summary: Some(summary_line(pending.summary.clone())),
    }
}

/// What a summary says, as a line.
pub(in crate::engine) fn summary_line(summary: Summary) -> SummaryLine {
    let fields = summary.fields();
    SummaryLine {
        title: fields.title.clone(),
        code_system: fields.code.system.clone(),
        code: fields.code.code.clone(),
        fhir_type: fields.fhir_type.clone(),
        media_type: fields.media_type,
    }
}

fn not_asked_yet() -> Standing {
    Standing {
        relay: String::new(),
        verified_at: None,
        trouble: None,
        is_elsewhere: false,
    }
}

fn records(entries: Vec<TimelineEntry>) -> Vec<RecordLine> {
    let supersedes = |entry: &TimelineEntry| entry.record.supersedes.0.map(|old| old.txid);
    let superseded_by: BTreeMap<Txid, Txid> = entries
        .iter()
        .filter_map(|entry| Some((supersedes(entry)?, entry.reference.txid)))
        .collect();
    let lines = entries.into_iter().rev().map(|entry| RecordLine {
        txid: entry.reference.txid,
        index: Some(entry.reference.index),
        disease_id: entry.record.disease_id,
        size_bytes: entry.record.blob_size,
        issued_at: entry.record.issued_at,
        state: entry.state,
        supersedes: supersedes(&entry),
        superseded_by: superseded_by.get(&entry.reference.txid).copied(),
        summary: entry.summary.map(summary_line),
    });
    lines.collect()
}

fn scopes(patient: &Patient, hospital_id: &HospitalId, view: &PatientView) -> Vec<ScopeLine> {
    let line = |(disease_id, scope): (&DiseaseId, &Scope)| {
        let label = patient.scope_label(hospital_id, scope);
        let entries = scope.entries.iter();
        ScopeLine {
            disease_id: *disease_id,
            label: String::from(label.unwrap_or_default()),
            is_open: scope.closed_index.0.is_none(),
            grants: entries
                .map(|entry| grant(view, disease_id, entry))
                .collect(),
        }
    };
    let mut lines: Vec<ScopeLine> = view.scopes().iter().map(line).collect();
    lines.sort_by(|one, other| one.label.cmp(&other.label));
    lines
}

fn grant(view: &PatientView, disease_id: &DiseaseId, entry: &ScopeEntry) -> GrantLine {
    let hospital_id = entry.hospital_id;
    let was_served = patient::was_served(view, disease_id, &hospital_id);
    match &entry.consent {
        Consent::Granted(grant) => GrantLine {
            hospital_id,
            expires_at: Some(grant.expires_at),
            coverage: match &grant.coverage {
                Coverage::Scope => CoverageLine::Scope,
                Coverage::Records(records) => {
                    CoverageLine::Records(records.iter().map(|record| record.txid).collect())
                }
            },
            purpose: String::from(grant.purpose.as_str()),
            custodians: grant.custodians.to_vec(),
            threshold: grant.threshold,
            was_served,
            state: view.state_of(grant.index),
        },
        Consent::Revoked { index, .. } => GrantLine {
            hospital_id,
            expires_at: None,
            coverage: CoverageLine::Nothing,
            purpose: String::new(),
            custodians: Vec::new(),
            threshold: 0,
            was_served,
            state: view.state_of(*index),
        },
    }
}

fn events(view: &PatientView) -> Vec<EventLine> {
    let txid_of = |index: &u32| {
        let record = view.records().get(*index as usize);
        record.map(|record| record.txid)
    };
    let line = |event: &Event| EventLine {
        kind: event.kind,
        hospital_id: event.hospital_id,
        requester: event.request.0.map(|request| request.service_requester_id),
        disease_id: event.disease_id,
        records: event.records.iter().filter_map(txid_of).collect(),
        time: event.time,
        state: view.state_of(event.index),
    };
    view.events().iter().rev().map(line).collect()
}
