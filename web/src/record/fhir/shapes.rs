//! Which columns each kind of resource is shown with.
//!
//! Kinds that are not listed have the columns of [`OTHER`]: no kind is left out.

use super::{references::References, words};
use crate::record::json::Json;

/// How the resources of a kind are tabulated.
pub(crate) struct Shape {
    pub(crate) kind: &'static str,
    pub(crate) caption: &'static str,
    /// See [`super::table::Table::first_read`].
    pub(crate) first_read: bool,
    pub(crate) columns: &'static [Column],
}

/// A column: its heading, and its cell of one resource.
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    pub(crate) cell: fn(&References, &Json) -> String,
}

const fn column(heading: &'static str, cell: fn(&References, &Json) -> String) -> Column {
    Column { heading, cell }
}

const STATUS: Column = column("Status", |_, it| words::of_code(it.at("status").scalar()));
const DATE: Column = column("Date", |refs, it| refs.readable(when(it)));
const REASON: Column = column("Reason", |refs, it| {
    refs.joined([it.at("reasonCode"), it.at("reasonReference")], "; ")
});
const MEDICATION: Column = column("Medication", |refs, it| {
    refs.readable(it.choice("medication"))
});

/// In the order in which they are shown.
pub(crate) static SHAPES: [Shape; 17] = [
    Shape {
        kind: "Condition",
        caption: "Conditions",
        first_read: true,
        columns: &[
            column("Condition", |refs, it| refs.readable(it.at("code"))),
            column("Status", |refs, it| refs.readable(it.at("clinicalStatus"))),
            column("Began", |refs, it| refs.readable(it.choice("onset"))),
            column("Ended", |refs, it| refs.readable(it.choice("abatement"))),
        ],
    },
    Shape {
        kind: "AllergyIntolerance",
        caption: "Allergies",
        first_read: true,
        columns: &[
            column("Substance", |refs, it| refs.readable(it.at("code"))),
            column("Kind", |refs, it| {
                refs.joined([it.at("type"), it.at("category")], ", ")
            }),
            column("Criticality", |_, it| {
                words::of_code(it.at("criticality").scalar())
            }),
            column("Reaction", |refs, it| {
                let reactions = it.at("reaction").items();
                refs.joined(reactions.iter().map(|it| it.at("manifestation")), "; ")
            }),
            column("Status", |refs, it| refs.readable(it.at("clinicalStatus"))),
            column("Recorded", |refs, it| refs.readable(when(it))),
        ],
    },
    Shape {
        kind: "MedicationStatement",
        caption: "Medications taken",
        first_read: true,
        columns: &[
            MEDICATION,
            STATUS,
            column("Taken", |refs, it| refs.readable(it.choice("effective"))),
            column("Dosage", |refs, it| dosage(refs, it.at("dosage"))),
            REASON,
        ],
    },
    Shape {
        kind: "MedicationRequest",
        caption: "Medications prescribed",
        first_read: true,
        columns: &[
            MEDICATION,
            STATUS,
            column("Prescribed", |refs, it| refs.readable(it.at("authoredOn"))),
            column("Dosage", |refs, it| {
                dosage(refs, it.at("dosageInstruction"))
            }),
            REASON,
            column("Prescriber", |refs, it| refs.readable(it.at("requester"))),
        ],
    },
    Shape {
        kind: "MedicationAdministration",
        caption: "Medications given",
        first_read: true,
        columns: &[
            MEDICATION,
            STATUS,
            column("Given", |refs, it| refs.readable(it.choice("effective"))),
            column("Dose", |refs, it| refs.readable(it.at("dosage").at("dose"))),
            REASON,
        ],
    },
    Shape {
        kind: "MedicationDispense",
        caption: "Medications dispensed",
        first_read: false,
        columns: &[
            MEDICATION,
            STATUS,
            column("Handed over", |refs, it| {
                refs.readable(it.at("whenHandedOver"))
            }),
            column("Quantity", |refs, it| refs.readable(it.at("quantity"))),
        ],
    },
    Shape {
        kind: "Medication",
        caption: "Medications referred to",
        first_read: false,
        columns: &[
            column("Medication", |refs, it| refs.readable(it.at("code"))),
            column("Form", |refs, it| refs.readable(it.at("form"))),
            STATUS,
        ],
    },
    Shape {
        kind: OBSERVATION,
        caption: "Observations",
        first_read: true,
        columns: &[
            column("Observation", |refs, it| refs.readable(it.at("code"))),
            column("Value", observed),
            column("Assessment", |refs, it| {
                refs.readable(it.at("interpretation"))
            }),
            column("Reference range", |refs, it| {
                refs.readable(it.at("referenceRange"))
            }),
            DATE,
        ],
    },
    Shape {
        kind: "Immunization",
        caption: "Immunisations",
        first_read: true,
        columns: &[
            column("Vaccine", |refs, it| refs.readable(it.at("vaccineCode"))),
            DATE,
            STATUS,
            column("Lot", |refs, it| refs.readable(it.at("lotNumber"))),
        ],
    },
    Shape {
        kind: "Procedure",
        caption: "Procedures",
        first_read: true,
        columns: &[
            column("Procedure", |refs, it| refs.readable(it.at("code"))),
            column("Performed", |refs, it| {
                refs.readable(it.choice("performed"))
            }),
            STATUS,
            REASON,
        ],
    },
    Shape {
        kind: "DiagnosticReport",
        caption: "Reports",
        first_read: true,
        columns: &[
            column("Report", |refs, it| refs.readable(it.at("code"))),
            DATE,
            column("Conclusion", |refs, it| refs.readable(it.at("conclusion"))),
            column("Results", |refs, it| refs.readable(it.at("result"))),
            STATUS,
        ],
    },
    Shape {
        kind: "Encounter",
        caption: "Visits",
        first_read: true,
        columns: &[
            column("Visit", |refs, it| refs.joined([it.at("type")], "; ")),
            column("When", |refs, it| refs.readable(it.at("period"))),
            REASON,
            column("Where", |refs, it| refs.readable(it.at("serviceProvider"))),
            column("With", |refs, it| {
                let participants = it.at("participant").items();
                refs.joined(participants.iter().map(|it| it.at("individual")), "; ")
            }),
        ],
    },
    Shape {
        kind: "CarePlan",
        caption: "Care plans",
        first_read: true,
        columns: &[
            column("Plan", |refs, it| {
                refs.joined([it.at("title"), it.at("category")], "; ")
            }),
            column("When", |refs, it| refs.readable(it.at("period"))),
            column("Activities", |refs, it| {
                let activities = it.at("activity").items();
                let codes = activities.iter().map(|it| it.at("detail").at("code"));
                refs.joined(codes, "; ")
            }),
            column("Addresses", |refs, it| refs.readable(it.at("addresses"))),
            STATUS,
        ],
    },
    Shape {
        kind: "DocumentReference",
        caption: "Documents",
        first_read: false,
        columns: &[
            column("Document", |refs, it| {
                refs.joined([it.at("description"), it.at("type")], "; ")
            }),
            DATE,
            STATUS,
            column("Author", |refs, it| refs.readable(it.at("author"))),
        ],
    },
    Shape {
        kind: "Practitioner",
        caption: "Practitioners",
        first_read: false,
        columns: &[
            column("Name", |refs, it| refs.readable(it.at("name").first())),
            column("Contact", |refs, it| refs.readable(it.at("telecom"))),
            column("Address", |refs, it| refs.readable(it.at("address"))),
        ],
    },
    Shape {
        kind: "Organization",
        caption: "Organisations",
        first_read: false,
        columns: &[
            column("Name", |refs, it| refs.readable(it.at("name"))),
            column("Type", |refs, it| refs.readable(it.at("type"))),
            column("Contact", |refs, it| refs.readable(it.at("telecom"))),
            column("Address", |refs, it| refs.readable(it.at("address"))),
        ],
    },
    Shape {
        kind: "RelatedPerson",
        caption: "Related people",
        first_read: false,
        columns: &[
            column("Name", |refs, it| refs.readable(it.at("name").first())),
            column("Relationship", |refs, it| {
                refs.readable(it.at("relationship"))
            }),
            column("Contact", |refs, it| refs.readable(it.at("telecom"))),
        ],
    },
];

/// The kind that is tabulated by category.
pub(crate) const OBSERVATION: &str = "Observation";

/// The columns of any other kind. What it is called comes from the title.
pub(crate) static OTHER: [Column; 3] = [column("Name", |_, _| String::new()), DATE, STATUS];

/// The date that orders a resource among others of its kind: when it happened, then when it was
/// written down.
pub(crate) fn when(resource: &Json) -> &Json {
    let happened = ["effective", "occurrence", "performed", "onset", "started"];
    let written = [
        "authoredOn",
        "dateAsserted",
        "recordedDate",
        "period",
        "billablePeriod",
        "servicedPeriod",
        "date",
        "created",
        "recorded",
        "issued",
        "whenHandedOver",
        "sent",
    ];
    happened
        .into_iter()
        .map(|stem| resource.choice(stem))
        .chain(written.into_iter().map(|name| resource.at(name)))
        .find(|value| !value.is_null())
        .unwrap_or(resource.at("date"))
}

/// An observation's own value, then its components', as systolic and diastolic pressure; why there
/// is none, if it says so.
fn observed(references: &References, observation: &Json) -> String {
    let own = references.readable(observation.choice("value"));
    let components = observation.at("component").items().iter().map(|component| {
        let name = references.readable(component.at("code"));
        format!("{name}: {}", value_or_reason(references, component))
    });
    let own = (!own.is_empty()).then_some(own);
    let values: Vec<String> = own.into_iter().chain(components).collect();
    if values.is_empty() {
        return references.readable(observation.at("dataAbsentReason"));
    }
    values.join("; ")
}

fn value_or_reason(references: &References, component: &Json) -> String {
    let value = references.readable(component.choice("value"));
    if value.is_empty() {
        references.readable(component.at("dataAbsentReason"))
    } else {
        value
    }
}

fn dosage(references: &References, dosages: &Json) -> String {
    let texts = dosages.items().iter().map(|dosage| {
        let text = references.readable(dosage.at("text"));
        if !text.is_empty() {
            return text;
        }
        let doses = dosage.at("doseAndRate").items();
        let dose = references.joined(doses.iter().map(|it| it.choice("dose")), ", ");
        let repeat = dosage.at("timing").at("repeat");
        let times = repeat.at("frequency").scalar();
        if times.is_empty() {
            return dose;
        }
        let period = repeat.at("period").scalar();
        let unit = repeat.at("periodUnit").scalar();
        format!("{dose} {times} × per {period} {unit}")
            .trim()
            .to_owned()
    });
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blood_pressure_shows_both_values() {
        let observation = Json::read(
            r#"{"component": [
                {"code": {"text": "Systolic"}, "valueQuantity": {"value": 130.1, "unit": "mm[Hg]"}},
                {"code": {"text": "Diastolic"}, "dataAbsentReason": {"text": "not measured"}}
            ]}"#,
        );
        assert_eq!(
            observed(&References::default(), &observation.unwrap()),
            "Systolic: 130.1 mm[Hg]; Diastolic: not measured"
        );
    }

    #[test]
    fn a_dosage_without_text_is_put_together() {
        let dosages = Json::read(
            r#"[{"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                 "doseAndRate": [{"doseQuantity": {"value": 250, "unit": "mg"}}]},
                {"text": "as needed"}]"#,
        );
        assert_eq!(
            dosage(&References::default(), &dosages.unwrap()),
            "250 mg 2 × per 1 d; as needed"
        );
    }

    #[test]
    fn no_kind_is_listed_twice() {
        for (place, shape) in SHAPES.iter().enumerate() {
            let same = SHAPES.iter().position(|other| other.kind == shape.kind);
            assert_eq!(same, Some(place), "{}", shape.kind);
        }
    }
}
