//! What a FHIR record holds, ordered for reading.

use super::{
    patient::Patient,
    references::References,
    resource::{Resource, ResourceNumber},
    table::Table,
};

/// A FHIR record as values to draw. Every resource is a patient, or in exactly one table's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chart {
    /// What sort of bundle it is (`document`, `transaction`); `None` for a single resource.
    pub(crate) bundle: Option<String>,
    /// In the record's order: a [`ResourceNumber`] is a place in it.
    pub(crate) resources: Vec<Resource>,
    pub(crate) references: References,
    pub(crate) patients: Vec<Patient>,
    pub(crate) tables: Vec<Table>,
    pub(crate) remarks: Vec<Remark>,
}

/// What a reader should know about a record that is not as it should be. Entries count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Remark {
    #[error("This bundle is empty.")]
    NoEntries,
    #[error("Entry {entry} of this bundle holds no resource.")]
    EntryWithoutResource { entry: usize },
    #[error("Entry {entry} of this bundle does not say what kind of resource it is.")]
    EntryIsNotAResource { entry: usize },
}

impl Chart {
    pub(crate) fn resource(&self, number: ResourceNumber) -> Option<&Resource> {
        self.resources.get(number.0)
    }
}
