//! What differs between two views of the same interest.

use keepwell_ledger::state::{Event, Record};

/// What one view of a list has that an older one had not, and the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News<'a, T> {
    /// The index of the first of both.
    pub from: usize,
    /// New.
    pub gained: &'a [T],
    /// Undone: the block it was in was left for a chain with more work. Mostly it comes again, in
    /// another block.
    pub lost: &'a [T],
}

/// What is new to a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientNews<'a> {
    /// Records.
    pub records: News<'a, Record>,
    /// Lines of the log.
    pub events: News<'a, Event>,
}

impl<'a, T: PartialEq> News<'a, T> {
    pub(super) fn between(older: &'a [T], newer: &'a [T]) -> Self {
        let pairs = older.iter().zip(newer);
        let from = pairs.take_while(|(older, newer)| older == newer).count();
        Self {
            from,
            gained: newer.get(from..).unwrap_or_default(),
            lost: older.get(from..).unwrap_or_default(),
        }
    }

    /// Is there nothing new?
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

impl PatientNews<'_> {
    /// Is there nothing new?
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.events.is_empty()
    }
}
