//! Why a text is not a FHIR record that can be drawn. What can be done about it, its view says.

use crate::record::json::JsonError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FhirError {
    #[error("This is not a FHIR record: {0}.")]
    Json(#[from] JsonError),
    /// FHIR R4, "JSON Representation of Resources": every resource names its type.
    #[error("This is not a FHIR record: it does not say what kind of resource it is.")]
    NotAResource,
    #[error("This bundle's entries are not a list.")]
    EntriesAreNotAList,
}
