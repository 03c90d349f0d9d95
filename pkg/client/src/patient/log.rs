//! The patient's log: every line below the counter, proved.

use alloc::vec::Vec;

use keepwell_keys::PatientId;
use keepwell_ledger::state::Event;
use keepwell_light::PatientView;
use keepwell_wire::api::TransactionState;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// As whom the patient is known there.
    pub patient_id: PatientId,
    /// What happened.
    pub event: Event,
    /// Mined or final.
    pub state: TransactionState,
}

/// Every line of these views, oldest first.
pub fn log<'v>(views: impl IntoIterator<Item = &'v PatientView>) -> Vec<LogEntry> {
    let lines = views.into_iter().flat_map(|view| {
        view.events().iter().map(|event| LogEntry {
            patient_id: *view.patient_id(),
            event: event.clone(),
            state: view.state_of(event.index),
        })
    });
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by_key(|line| line.event.index);
    lines
}
