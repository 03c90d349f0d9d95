//! To which resource of the record a reference points.

use std::collections::HashMap;

use super::resource::{Resource, ResourceNumber};
use crate::record::json::Json;

/// The names under which a record's resources are referred to, and what each is called.
///
/// FHIR R4, "Bundle": within a bundle a reference is the full URL of an entry, or relative
/// (`Patient/17`). Synthea also writes `Practitioner?identifier=system|value`, a conditional
/// reference. `#id` points into the referring resource itself and is not looked up here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct References {
    places: HashMap<String, ResourceNumber>,
    titles: Vec<String>,
}

impl References {
    pub(crate) fn of(resources: &[Resource]) -> Self {
        let mut references = Self::default();
        for (number, resource) in resources.iter().enumerate() {
            for name in names(resource) {
                // The first of two with one name: the order of the record is all there is to go by.
                references
                    .places
                    .entry(name)
                    .or_insert(ResourceNumber(number));
            }
        }
        // Twice, since some are called after what they refer to, as a role after its practitioner.
        for _ in 0..2 {
            let titles = resources.iter().map(|resource| references.title(resource));
            references.titles = titles.collect();
        }
        references
    }

    /// The resource that a reference's text points to, if the record holds it.
    pub(crate) fn resolve(&self, reference: &str) -> Option<ResourceNumber> {
        let without_version = match reference.split_once("/_history/") {
            Some((name, _)) => name,
            None => reference,
        };
        let exact = self.places.get(without_version);
        let relative = || self.places.get(last_two_segments(without_version)?);
        exact.or_else(relative).copied()
    }

    /// What a resource is called, empty if it says nothing of itself.
    pub(crate) fn title_of(&self, number: ResourceNumber) -> &str {
        self.titles.get(number.0).map_or("", String::as_str)
    }

    fn title(&self, resource: &Resource) -> String {
        let body = &resource.body;
        let title = |stem| self.readable(body.choice(stem).first());
        // What names the thing itself comes before what names its sort.
        [
            "name",
            "title",
            "deviceName",
            "code",
            "vaccineCode",
            "medication",
            "item",
            "practitioner",
            "type",
            "description",
            "category",
            "class",
        ]
        .into_iter()
        .map(title)
        .find(|title| !title.is_empty())
        .unwrap_or_default()
    }
}

fn names(resource: &Resource) -> impl Iterator<Item = String> {
    let kind = &resource.kind;
    let relative = resource.id().map(|id| format!("{kind}/{id}"));
    let identifiers = resource.body.at("identifier").items();
    let conditional = identifiers.iter().filter_map(move |identifier: &Json| {
        let value = identifier.at("value").text()?;
        let system = identifier.at("system").text()?;
        Some(format!("{kind}?identifier={system}|{value}"))
    });
    let full_url = resource.full_url.clone();
    full_url.into_iter().chain(relative).chain(conditional)
}

/// `Patient/17` of `https://example.org/fhir/Patient/17`.
fn last_two_segments(url: &str) -> Option<&str> {
    let (head, _) = url.rsplit_once('/')?;
    let start = head.rfind('/').map_or(0, |slash| slash + 1);
    url.get(start..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references() -> References {
        let resource = |text: &str, full_url: Option<&str>| {
            Resource::new(Json::read(text).unwrap(), full_url.map(str::to_owned)).unwrap()
        };
        References::of(&[
            resource(
                r#"{"resourceType": "Practitioner", "id": "p", "name": [{"family": "Yundt"}],
                    "identifier": [{"system": "npi", "value": "110"}]}"#,
                Some("urn:uuid:1"),
            ),
            resource(
                r#"{"resourceType": "PractitionerRole", "practitioner": {"reference": "urn:uuid:1"}}"#,
                None,
            ),
        ])
    }

    #[test]
    fn every_way_to_refer_finds_the_resource() {
        let references = references();
        for reference in [
            "urn:uuid:1",
            "Practitioner/p",
            "Practitioner/p/_history/2",
            "https://example.org/fhir/Practitioner/p",
            "Practitioner?identifier=npi|110",
        ] {
            let found = references.resolve(reference);
            assert_eq!(found, Some(ResourceNumber(0)), "{reference}");
        }
        for reference in ["", "p", "Patient/p", "urn:uuid:2", "#p", "/"] {
            assert_eq!(references.resolve(reference), None, "{reference}");
        }
    }

    #[test]
    fn a_role_is_called_after_its_practitioner() {
        assert_eq!(references().title_of(ResourceNumber(1)), "Yundt");
    }
}
