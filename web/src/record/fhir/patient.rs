//! The patient that a record is about, as a short list of facts.

use super::{references::References, resource::ResourceNumber, words};
use crate::record::json::Json;

/// The head of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patient {
    pub(crate) resource: ResourceNumber,
    pub(crate) name: String,
    /// What is known, in a fixed order; nothing empty.
    pub(crate) facts: Vec<(&'static str, String)>,
}

impl Patient {
    pub(crate) fn of(references: &References, resource: ResourceNumber, body: &Json) -> Self {
        let facts = [
            ("Born", references.readable(body.at("birthDate"))),
            ("Gender", words::of_code(body.at("gender").scalar())),
            ("Died", died(references, body)),
            ("Also called", other_names(references, body)),
            ("Address", references.readable(body.at("address"))),
            ("Contact", references.readable(body.at("telecom"))),
            ("Languages", {
                let spoken = body.at("communication").items();
                references.joined(spoken.iter().map(|it| it.at("language")), ", ")
            }),
            (
                "Marital status",
                references.readable(body.at("maritalStatus")),
            ),
            (
                "General practitioner",
                references.readable(body.at("generalPractitioner")),
            ),
            ("Identifiers", identifiers(references, body)),
        ];
        let name = references.readable(body.at("name").first());
        Self {
            resource,
            name: if name.is_empty() {
                "Without a name".to_owned()
            } else {
                name
            },
            facts: facts
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .collect(),
        }
    }
}

/// When, if that is known. A living patient has no such fact.
fn died(references: &References, body: &Json) -> String {
    match body.choice("deceased") {
        Json::Bool(false) => String::new(),
        deceased => references.readable(deceased),
    }
}

fn other_names(references: &References, body: &Json) -> String {
    references.joined(body.at("name").items().iter().skip(1), "; ")
}

fn identifiers(references: &References, body: &Json) -> String {
    let identifiers = body.at("identifier").items().iter().filter_map(|it| {
        let value = it.at("value").text()?;
        let kind = references.readable(it.at("type"));
        Some(if kind.is_empty() {
            value.to_owned()
        } else {
            format!("{kind}: {value}")
        })
    });
    identifiers.collect::<Vec<_>>().join("; ")
}
