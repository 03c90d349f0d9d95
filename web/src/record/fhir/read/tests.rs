//! The sample records, one by one, and what is not one.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::record::{fhir::chart::Chart, json::JsonError};

const JOHNNIE: &str = include_str!("../../../../../samples/fhir/johnnie.json");
const DARRELL: &str = include_str!("../../../../../samples/fhir/darrell.json");
const MIGUEL_ANGEL: &str = include_str!("../../../../../samples/fhir/miguel-angel.json");

fn chart(text: &str) -> Chart {
    read(text).unwrap()
}

fn table<'chart>(chart: &'chart Chart, caption: &str) -> &'chart Table {
    let found = chart.tables.iter().find(|table| table.caption == caption);
    found.unwrap_or_else(|| panic!("a table of {caption}"))
}

fn sizes(chart: &Chart) -> Vec<(&str, usize)> {
    let size = |table: &Table| table.rows.len();
    let sizes = chart.tables.iter();
    sizes.map(|it| (it.caption.as_str(), size(it))).collect()
}

#[test]
fn johnnie_has_a_table_for_each_kind() {
    let chart = chart(JOHNNIE);
    assert_eq!(chart.bundle.as_deref(), Some("transaction"));
    assert_eq!(chart.resources.len(), 237);
    assert_eq!(chart.remarks, []);
    assert_eq!(
        sizes(&chart),
        [
            ("Conditions", 4),
            ("Medications prescribed", 4),
            ("Observations: vital signs", 78),
            ("Observations: laboratory", 11),
            ("Observations: survey", 17),
            ("Immunisations", 35),
            ("Procedures", 10),
            ("Reports", 1),
            ("Visits", 22),
            ("Care plans", 3),
            ("Practitioners", 1),
            ("Organisations", 1),
            ("Claims", 26),
            ("Explanation of benefits", 22),
            ("Imaging studies", 1),
        ]
    );
}

#[test]
fn every_resource_of_every_sample_is_in_one_place_and_its_kinds_sum_up() {
    for (text, entries, kinds) in [
        (JOHNNIE, 237, 14),
        (DARRELL, 573, 23),
        (MIGUEL_ANGEL, 1435, 25),
    ] {
        let chart = chart(text);
        let mut count_by_kind: BTreeMap<&str, usize> = BTreeMap::new();
        for resource in &chart.resources {
            *count_by_kind.entry(&resource.kind).or_default() += 1;
        }
        assert_eq!(count_by_kind.values().sum::<usize>(), entries);
        assert_eq!(count_by_kind.len(), kinds);

        let of_tables = chart.tables.iter().flat_map(|table| &table.rows);
        let of_tables = of_tables.map(|row| row.resource);
        let of_patients = chart.patients.iter().map(|patient| patient.resource);
        let shown: Vec<ResourceNumber> = of_tables.chain(of_patients).collect();
        let distinct: BTreeSet<&ResourceNumber> = shown.iter().collect();
        assert_eq!(shown.len(), entries, "none is shown twice");
        assert_eq!(distinct.len(), entries, "none is left out");
        for number in distinct {
            let resource = chart.resource(*number).unwrap();
            let full_url = resource.full_url.as_deref().unwrap();
            assert_eq!(chart.references.resolve(full_url), Some(*number));
        }
    }
}

#[test]
fn every_cell_count_matches_its_headings_and_every_row_has_a_name() {
    for text in [JOHNNIE, DARRELL, MIGUEL_ANGEL] {
        for table in &chart(text).tables {
            for row in &table.rows {
                assert_eq!(row.cells.len(), table.headings.len(), "{}", table.caption);
                assert_ne!(row.cells[0], "", "{}", table.caption);
            }
        }
    }
}

#[test]
fn every_reference_of_the_samples_leads_to_a_resource() {
    fn references<'json>(value: &'json Json, found: &mut Vec<&'json str>) {
        for (name, field) in value.fields() {
            match field.text() {
                Some(text) if name == "reference" && !text.starts_with('#') => found.push(text),
                _ => references(field, found),
            }
        }
        if let Json::List(items) = value {
            for item in items {
                references(item, found);
            }
        }
    }
    for (text, count) in [(JOHNNIE, 749), (MIGUEL_ANGEL, 6405)] {
        let chart = chart(text);
        let mut found = Vec::new();
        for resource in &chart.resources {
            references(&resource.body, &mut found);
        }
        assert_eq!(found.len(), count);
        let lost = found
            .iter()
            .find(|reference| chart.references.resolve(reference).is_none());
        assert_eq!(lost, None);
    }
}

#[test]
fn johnnie_is_described() {
    let chart = chart(JOHNNIE);
    let [patient] = chart.patients.as_slice() else {
        panic!("one patient");
    };
    assert_eq!(patient.name, "Johnnie679 Hermiston71");
    let fact = |label| {
        let found = patient.facts.iter().find(|(name, _)| *name == label);
        found.map(|(_, text)| text.as_str())
    };
    assert_eq!(fact("Born"), Some("2009-03-20"));
    assert_eq!(fact("Gender"), Some("female"));
    assert_eq!(fact("Died"), None);
    assert_eq!(
        fact("Address"),
        Some("109 Auer Promenade Unit 45, West Springfield Town, Massachusetts, 01089, US")
    );
}

#[test]
fn johnnies_rows_are_newest_first_and_complete() {
    let chart = chart(JOHNNIE);
    let newest: [(&str, &[&str]); 6] = [
        (
            "Conditions",
            &[
                "Acute bronchitis (disorder)",
                "resolved",
                "2016-10-10 05:04",
                "2016-10-24 05:04",
            ],
        ),
        (
            "Medications prescribed",
            &[
                "Acetaminophen 325 MG Oral Tablet",
                "stopped",
                "2016-10-10 05:04",
                "",
                "Acute bronchitis (disorder)",
                "Dr. Keeley419 Yundt842",
            ],
        ),
        (
            "Observations: vital signs",
            &["Body Height", "135.27 cm", "", "", "2018-11-02 05:04"],
        ),
        (
            "Immunisations",
            &[
                "Influenza, seasonal, injectable, preservative free",
                "2018-11-02 05:04",
                "completed",
                "",
            ],
        ),
        (
            "Procedures",
            &[
                "Documentation of current medications",
                "2018-11-02 05:04 to 2018-11-02 05:19",
                "completed",
                "",
            ],
        ),
        (
            "Visits",
            &[
                "Encounter for check up (procedure)",
                "2018-11-02 05:04 to 2018-11-02 05:34",
                "",
                "HOLYOKE MEDICAL CENTER",
                "Dr. Keeley419 Yundt842",
            ],
        ),
    ];
    for (caption, cells) in newest {
        assert_eq!(table(&chart, caption).rows[0].cells, cells, "{caption}");
    }
    let visits = &table(&chart, "Visits").rows;
    let days: Vec<&str> = visits.iter().map(|row| &row.cells[1][..10]).collect();
    assert!(days.is_sorted_by(|newer, older| newer >= older), "{days:?}");
}

#[test]
fn miguel_angels_blood_pressure_has_both_values() {
    let chart = chart(MIGUEL_ANGEL);
    let vital_signs = table(&chart, "Observations: vital signs");
    assert_eq!(vital_signs.rows.len(), 421);
    let oldest = vital_signs
        .rows
        .iter()
        .rfind(|row| row.cells[0].starts_with("Blood pressure"));
    assert_eq!(
        oldest.unwrap().cells,
        [
            "Blood pressure panel with all children optional",
            "Systolic blood pressure: 130.1 mm[Hg]; Diastolic blood pressure: 77.4 mm[Hg]",
            "",
            "",
            "1998-08-23 18:30",
        ]
    );
}

#[test]
fn a_medication_is_called_by_the_resource_it_refers_to() {
    let chart = chart(
        r#"{"resourceType": "Bundle", "type": "collection", "entry": [
            {"fullUrl": "urn:uuid:m", "resource": {"resourceType": "Medication",
                "code": {"coding": [{"display": "Amoxicillin 250 MG"}]}}},
            {"resource": {"resourceType": "MedicationStatement", "id": "s", "status": "active",
                "medicationReference": {"reference": "urn:uuid:m"}}}
        ]}"#,
    );
    let taken = table(&chart, "Medications taken");
    assert_eq!(taken.rows[0].cells[0], "Amoxicillin 250 MG");
}

#[test]
fn a_single_resource_is_a_chart_of_one() {
    let chart = chart(r#"{"resourceType": "BodyStructure", "id": "b1"}"#);
    assert_eq!(chart.bundle, None);
    assert_eq!(sizes(&chart), [("Body structures", 1)]);
    assert_eq!(chart.tables[0].rows[0].cells[0], "Body structure b1");
}

#[test]
fn entries_that_hold_nothing_are_remarked_upon_and_the_rest_is_shown() {
    let chart = chart(
        r#"{"resourceType": "Bundle", "entry": [
            {"fullUrl": "urn:uuid:1"},
            {"resource": {"resourceType": "Claim"}},
            {"resource": {"id": "x"}},
            {"resource": {"resourceType": 7}},
            17
        ]}"#,
    );
    assert_eq!(chart.resources.len(), 1);
    assert_eq!(
        chart.remarks,
        [
            Remark::EntryWithoutResource { entry: 1 },
            Remark::EntryIsNotAResource { entry: 3 },
            Remark::EntryIsNotAResource { entry: 4 },
            Remark::EntryWithoutResource { entry: 5 },
        ]
    );
    let empty = read(r#"{"resourceType": "Bundle"}"#).unwrap();
    assert_eq!(empty.remarks, [Remark::NoEntries]);
}

#[test]
fn what_is_no_record_is_told_apart() {
    for (text, error) in [
        ("", FhirError::Json(JsonError::Truncated { line: 1 })),
        (
            "{\"resourceType\" \"Patient\"}",
            FhirError::Json(JsonError::Syntax {
                line: 1,
                column: 17,
            }),
        ),
        ("[]", FhirError::NotAResource),
        ("{}", FhirError::NotAResource),
        (r#"{"resourceType": 5}"#, FhirError::NotAResource),
        (r#"{"resourceType": " "}"#, FhirError::NotAResource),
        (
            r#"{"resourceType": "Bundle", "entry": {}}"#,
            FhirError::EntriesAreNotAList,
        ),
    ] {
        assert_eq!(read(text), Err(error), "{text}");
    }
}

#[test]
fn no_odd_field_makes_reading_fail() {
    // Each kind with each field of the wrong type: nothing is shown of it, and nothing breaks.
    let kinds = SHAPES.iter().map(|shape| shape.kind);
    for kind in kinds.chain(["Patient", "Claim"]) {
        for value in [
            "null",
            "1e400",
            "true",
            "[]",
            "[[]]",
            "{}",
            r#"[{"a": {}}]"#,
            r#""""#,
        ] {
            let names = [
                "id",
                "name",
                "code",
                "status",
                "category",
                "period",
                "component",
                "dosage",
                "dosageInstruction",
                "identifier",
                "telecom",
                "address",
                "participant",
                "activity",
                "reaction",
                "onset",
                "valueQuantity",
                "deceasedBoolean",
                "birthDate",
                "communication",
                "effectiveDateTime",
                "medicationReference",
                "type",
            ];
            let fields = names.map(|name| format!(r#", "{name}": {value}"#)).concat();
            let chart = chart(&format!(r#"{{"resourceType": "{kind}"{fields}}}"#));
            assert_eq!(chart.resources.len(), 1);
        }
    }
}

#[test]
fn a_record_cut_off_anywhere_is_an_error_and_no_panic() {
    for end in (0..JOHNNIE.len()).step_by(9973) {
        let cut = &JOHNNIE[..JOHNNIE.floor_char_boundary(end)];
        assert!(matches!(read(cut), Err(FhirError::Json(_))), "at {end}");
    }
}
