//! The light-client API of a relay that runs in this process, asked over real connections.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests: what fails there fails the test"
)]

mod api_world;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use keepwell_keys::{PatientId, SecretKey};
use keepwell_primitives::{BlobId, Hash};
use keepwell_wire::api::{HeadAnswer, Role};
use rand_core::OsRng;

use api_world::World;

#[test]
fn everything_that_cannot_be_read_is_a_problem_with_a_code() {
    let world = World::start();
    let json = [("Content-Type", "application/json")];
    let long = vec![b' '; 2 * 1024 * 1024];
    for (first_line, headers, body, status, code) in [
        ("GET /nowhere", &[][..], &b""[..], 404, "noSuchPage"),
        ("GET /v1/nowhere", &[], b"", 404, "noSuchPage"),
        ("DELETE /v1/head", &[], b"", 405, "noSuchMethod"),
        ("GET /v1/blocks?from=x", &[], b"", 400, "query"),
        ("GET /v1/blocks/%FF", &[], b"", 400, "path"),
        ("GET /v1/blocks/x", &[], b"", 400, "blockName"),
        ("GET /v1/blocks/77", &[], b"", 404, "blockNotFound"),
        ("POST /v1/challenges", &[], b"{}", 415, "mediaType"),
        ("POST /v1/challenges", &json, b"{", 400, "question"),
        (
            "POST /v1/challenges",
            &json,
            b"{\"roles\":1}",
            400,
            "question",
        ),
        ("POST /v1/challenges", &json, &long, 413, "tooLong"),
        ("POST /v1/transactions", &[], &long, 413, "tooLong"),
        ("GET /v1/mailbox", &[], b"", 401, "signInFirst"),
        ("POST /v1/mine", &[], b"", 401, "signInFirst"),
    ] {
        println!("{first_line}");
        world
            .ask(first_line, headers, body)
            .is_problem(status, code);
    }
    let staff = world.staff();
    let signed_in = [("Authorization", staff.as_str())];
    world
        .ask("GET /v1/mailbox?since=x", &signed_in, b"")
        .is_problem(400, "query");
    world
        .ask("POST /v1/mailbox", &signed_in, b"{}")
        .is_problem(403, "patientsOnly");
}

#[test]
fn pages_of_other_hospitals_may_ask_and_see_why_not() {
    let world = World::start();
    let origin = ("Origin", "https://other.example");
    for (path, method) in [
        ("/v1/head", "GET"),
        ("/v1/proofs", "POST"),
        ("/v1/transactions", "POST"),
        ("/v1/files/x", "PUT"),
        ("/v1/mailbox", "POST"),
    ] {
        let preflight = [
            origin,
            ("Access-Control-Request-Method", method),
            (
                "Access-Control-Request-Headers",
                "authorization,content-type",
            ),
        ];
        let answered = world.ask(&format!("OPTIONS {path}"), &preflight, b"");
        let head = answered.head.to_lowercase();
        assert!(
            head.contains("access-control-allow-origin: *"),
            "{path}: {head}"
        );
        assert!(head.contains("authorization"), "{path}: {head}");
        assert!(head.contains(&method.to_lowercase()), "{path}: {head}");
    }
    let refused = world.ask("DELETE /v1/head", &[origin], b"");
    let head = refused.head.to_lowercase();
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
    refused.is_problem(405, "noSuchMethod");
}

#[test]
fn only_the_current_key_of_an_id_signs_in() {
    let world = World::start();
    let (key, other) = (
        SecretKey::generate(&mut OsRng),
        SecretKey::generate(&mut OsRng),
    );
    let patient = Role::Patient(PatientId::of(&key.public_key()));
    assert_eq!(world.sign_in(patient, &key).status, 200);
    world
        .sign_in(patient, &other)
        .is_problem(401, "notTheirKey");
    let hospital = Role::Hospital(world.hospital.id());
    world.sign_in(hospital, &key).is_problem(401, "notTheirKey");

    let token = world.bearer(patient, &key);
    let signed_in = [("Authorization", token.as_str())];
    world
        .ask("POST /v1/mine", &signed_in, b"")
        .is_problem(403, "hospitalsOnly");
}

#[test]
fn upload_that_is_not_what_its_name_says_leaves_nothing() {
    let world = World::start();
    let staff = world.staff();
    let name = BlobId(Hash([7; 32]));
    let upload = [
        ("Authorization", staff.as_str()),
        ("Content-Range", "bytes 0-4/5"),
    ];
    let signed_in = [("Authorization", staff.as_str())];
    world
        .ask(&format!("PUT /v1/files/{name}"), &upload, b"wrong")
        .is_problem(422, "notThatFile");
    let asked = world.ask(&format!("HEAD /v1/files/{name}"), &signed_in, b"");
    assert_eq!(asked.status, 404);
    world
        .ask(&format!("PUT /v1/files/{name}"), &signed_in, b"wrong")
        .is_problem(400, "contentRange");

    let key = SecretKey::generate(&mut OsRng);
    let patient = world.bearer(Role::Patient(PatientId::of(&key.public_key())), &key);
    let upload = [
        ("Authorization", patient.as_str()),
        ("Content-Range", "bytes 0-4/5"),
    ];
    world
        .ask(&format!("PUT /v1/files/{name}"), &upload, b"wrong")
        .is_problem(403, "hospitalsOnly");
    for path in [
        format!("/v1/files/{name}"),
        format!("/v1/files/{name}/leaves"),
    ] {
        world
            .ask(&format!("GET {path}"), &signed_in, b"")
            .is_problem(403, "noLiveGrant");
    }
}

#[test]
fn block_asked_for_by_the_operator_is_mined() {
    let world = World::start();
    let staff = world.staff();
    let signed_in = [("Authorization", staff.as_str())];
    assert_eq!(world.ask("POST /v1/mine", &signed_in, b"").status, 200);
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let head = world.ask("GET /v1/head", &[], b"").body;
        let head: HeadAnswer = serde_json::from_slice(&head).unwrap();
        if head.head.index.0 >= 1 {
            break;
        }
        assert!(Instant::now() < until, "no block is mined");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn open_stream_of_events_does_not_hold_up_the_end() {
    let world = World::start();
    let mut stream = TcpStream::connect(world.address).unwrap();
    stream
        .write_all(b"GET /v1/events HTTP/1.1\r\nHost: relay\r\n\r\n")
        .unwrap();
    assert!(stream.read(&mut [0; 64]).unwrap() > 0);
    let began = Instant::now();
    world.stop.send(()).unwrap();
    world.runtime.block_on(world.running).unwrap().unwrap();
    // Less than the time that unfinished answers are given.
    assert!(
        began.elapsed() < Duration::from_millis(2900),
        "{:?}",
        began.elapsed()
    );
}
