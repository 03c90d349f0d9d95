//! One resource of a record.

use crate::record::json::Json;

/// A resource's place in the chart, by which it is found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ResourceNumber(pub(crate) usize);

/// A resource, as it stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resource {
    /// Its `resourceType`.
    pub(crate) kind: String,
    /// The bundle's name for it, to which references point.
    pub(crate) full_url: Option<String>,
    pub(crate) body: Json,
}

impl Resource {
    /// `None` if the value does not name its kind.
    pub(crate) fn new(body: Json, full_url: Option<String>) -> Option<Self> {
        let kind = body.at("resourceType").text()?.to_owned();
        let named = !kind.trim().is_empty();
        named.then_some(Self {
            kind,
            full_url,
            body,
        })
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.body.at("id").text()
    }
}
