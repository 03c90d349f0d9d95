//! `/openapi.json` against the routes that there are and against what they answer.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: what fails there fails the test"
)]

mod api_world;

use std::collections::BTreeSet;

use keepwell_keys::{PatientId, SecretKey};
use keepwell_relay::api;
use keepwell_wire::api::{ChallengeQuestion, Problem, Role};
use rand_core::OsRng;
use serde_json::{Value, json};

use api_world::{Answered, World};

const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

fn document(world: &World) -> Value {
    let answered = world.ask("GET /openapi.json", &[], b"");
    assert!(answered.head.contains("content-type: application/json"));
    serde_json::from_slice(&answered.body).unwrap()
}

/// The code of the problem, if it is one.
fn code(answered: &Answered) -> Option<String> {
    let problem: Problem = serde_json::from_slice(&answered.body).ok()?;
    Some(problem.code.0)
}

#[test]
fn every_route_is_described_and_nothing_else_is() {
    let world = World::start();
    let document = document(&world);
    let described = document["paths"].as_object().unwrap();
    let there: BTreeSet<_> = api::paths().into_iter().collect();
    let named: BTreeSet<_> = described.keys().cloned().collect();
    assert_eq!(named, there);
    for (path, operations) in described {
        let example = path.replace(['{', '}'], "");
        for method in METHODS {
            // A stream without an end has no answer to wait for.
            if (method, path.as_str()) == ("get", "/v1/events") {
                continue;
            }
            let first_line = format!("{} {example}", method.to_uppercase());
            let code = code(&world.ask(&first_line, &[], b""));
            assert_ne!(code.as_deref(), Some("noSuchPage"), "{first_line}");
            assert_eq!(
                code.as_deref() != Some("noSuchMethod"),
                operations.get(method).is_some(),
                "{first_line}"
            );
        }
    }
}

#[test]
fn every_reference_names_what_is_there() {
    let world = World::start();
    let document = document(&world);
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    if let Some(reference) = value.get("$ref") {
        references.insert(reference.as_str().unwrap().to_owned());
    }
    let fields = value
        .as_object()
        .into_iter()
        .flat_map(|object| object.values());
    let items = value.as_array().into_iter().flatten();
    for inner in fields.chain(items) {
        collect(inner, references);
    }
}

#[test]
fn answers_are_of_the_form_that_is_described() {
    let world = World::start();
    let document = document(&world);
    let patient = Role::Patient(PatientId::of(&SecretKey::generate(&mut OsRng).public_key()));
    let challenge = world.ask_json("/v1/challenges", &ChallengeQuestion { role: patient });
    let block: Value =
        serde_json::from_slice(&world.ask("GET /v1/blocks/0", &[], b"").body).unwrap();
    let proofs = json!({ "blockHash": block["hash"], "hospitals": ["00"] });
    let staff = world.staff();
    let signed_in = [("Authorization", staff.as_str())];
    for (answered, schema) in [
        (world.ask("GET /v1/genesis", &[], b""), "Genesis"),
        (world.ask("GET /v1/head", &[], b""), "Head"),
        (world.ask("GET /v1/hospitals", &[], b""), "Hospitals"),
        (world.ask("GET /v1/peers", &[], b""), "Peers"),
        (world.ask("GET /v1/blocks?from=0", &[], b""), "Blocks"),
        (
            world.ask("GET /v1/blocks?from=0&headersOnly=true", &[], b""),
            "Blocks",
        ),
        (world.ask("GET /v1/mempool", &[], b""), "Mempool"),
        (world.ask("GET /v1/mailbox", &signed_in, b""), "Mailbox"),
        (world.ask("POST /v1/mine", &signed_in, b""), "Head"),
        (world.ask_json("/v1/proofs", &proofs), "ProofAnswer"),
        (challenge, "Challenge"),
        (
            world.sign_in(
                Role::Hospital(world.hospital.id()),
                &world.hospital.authority,
            ),
            "Token",
        ),
        (world.ask("GET /v1/mailbox", &[], b""), "Problem"),
    ] {
        let answer: Value = serde_json::from_slice(&answered.body).unwrap();
        check(
            &document,
            &document["components"]["schemas"][schema],
            &answer,
            schema,
        );
    }
}

/// JSON Schema, as far as the document uses it for answers; patterns aside, which the types of the
/// answers enforce.
fn check(document: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema.get("$ref") {
        let pointer = reference.as_str().unwrap().trim_start_matches('#');
        return check(document, document.pointer(pointer).unwrap(), value, at);
    }
    if let Some(choices) = schema.get("oneOf") {
        // Only ever something or nothing, in answers.
        if !value.is_null() {
            check(document, &choices[0], value, at);
        }
        return;
    }
    if let Some(names) = schema.get("enum") {
        assert!(names.as_array().unwrap().contains(value), "{at}: {value}");
        return;
    }
    match schema["type"].as_str().unwrap() {
        "integer" => assert!(value.is_u64(), "{at}: {value}"),
        "string" => {
            let length = value
                .as_str()
                .unwrap_or_else(|| panic!("{at}: {value}"))
                .len();
            let pattern = schema
                .get("pattern")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let digits = pattern.strip_prefix("^[0-9a-f]{");
            let digits = digits.and_then(|rest| rest.split('}').next()?.parse::<usize>().ok());
            assert_eq!(length, digits.unwrap_or(length), "{at}: {value}");
        }
        "array" => {
            for item in value.as_array().unwrap_or_else(|| panic!("{at}: {value}")) {
                check(document, &schema["items"], item, &format!("{at}[]"));
            }
        }
        "object" => {
            let fields = value.as_object().unwrap_or_else(|| panic!("{at}: {value}"));
            let properties = schema["properties"].as_object().unwrap();
            for name in schema["required"].as_array().unwrap() {
                assert!(
                    fields.contains_key(name.as_str().unwrap()),
                    "{at} lacks {name}"
                );
            }
            for (name, field) in fields {
                let described = properties.get(name);
                let described = described.unwrap_or_else(|| panic!("{at}.{name} is not described"));
                check(document, described, field, &format!("{at}.{name}"));
            }
        }
        other => panic!("{at}: {other}"),
    }
}
