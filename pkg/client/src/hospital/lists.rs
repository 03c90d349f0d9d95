//! What a hospital issued, and what it was granted.

use alloc::vec::Vec;

use keepwell_light::{HospitalView, IndexedRecord, ScopeView};
use keepwell_primitives::Timestamp;

/// A scope as it is listed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ListedScope<'v> {
    /// The scope, whole.
    pub scope: &'v ScopeView,
    /// When the grant ends; `None` for what the hospital issued itself.
    pub expires_at: Option<Timestamp>,
}

/// Every scope that the hospital opened.
pub fn issued(view: &HospitalView) -> Vec<ListedScope<'_>> {
    let listed = view.issued().map(|scope| ListedScope {
        scope,
        expires_at: None,
    });
    listed.collect()
}

/// Every scope on which the hospital has a grant that is live at this time.
pub fn granted(view: &HospitalView, now: Timestamp) -> Vec<ListedScope<'_>> {
    let listed = view.granted().filter_map(|scope| {
        let grant = scope.scope.live_grant(view.hospital_id(), now)?;
        Some(ListedScope {
            scope,
            expires_at: Some(grant.expires_at),
        })
    });
    listed.collect()
}

impl<'v> ListedScope<'v> {
    /// The records that the hospital may ask for: all of its own scope, those covered of a granted
    /// one.
    pub fn records(&self, view: &HospitalView) -> Vec<&'v IndexedRecord> {
        let entry = self.scope.scope.entry(view.hospital_id());
        let coverage = entry
            .and_then(|entry| entry.consent.grant())
            .map(|grant| &grant.coverage);
        let is_covered = |record: &&IndexedRecord| {
            self.expires_at.is_none()
                || coverage.is_some_and(|coverage| coverage.covers(&record.reference()))
        };
        self.scope.records.iter().filter(is_covered).collect()
    }
}
