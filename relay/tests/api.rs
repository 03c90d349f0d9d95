//! The light-client API of a relay that runs in this process, asked over real connections.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: what fails there fails the test"
)]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use keepwell_keys::{
    GenesisHash, HospitalIdentity, HospitalPublicKeys, HostKeys, PatientId, SecretKey, sign,
    signing_digest,
};
use keepwell_ledger::{
    block::Target,
    genesis::{Genesis, GenesisFile, GenesisHospital, Network},
};
use keepwell_primitives::{BlobId, Hash, Milliseconds, Timestamp};
use keepwell_relay::service::{Service, ServiceError, Settings};
use keepwell_wire::api::{
    CHALLENGE_DOMAIN, Challenge, ChallengeQuestion, HeadAnswer, Problem, Role, Token, TokenQuestion,
};
use rand_core::OsRng;
use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};

/// A relay of the only hospital of a network.
struct World {
    runtime: Runtime,
    address: SocketAddr,
    genesis_hash: GenesisHash,
    hospital: HospitalIdentity,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), ServiceError>>,
    _dir: tempfile::TempDir,
}

/// Status, head and body of an answer.
struct Answered {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl World {
    fn start() -> Self {
        let (hospital, host) = (
            HospitalIdentity::generate(&mut OsRng),
            HostKeys::generate(&mut OsRng),
        );
        let target = Target::from_bytes([0xff; 32]);
        let genesis = Genesis::new(GenesisFile {
            network: Network {
                name: "Alone".to_owned(),
                created: Timestamp(1_700_000_000_000),
                interval: Milliseconds(2000),
                easiest_target: target,
                initial_target: target,
            },
            hospitals: vec![GenesisHospital {
                name: "North Hospital".to_owned(),
                keys: HospitalPublicKeys::of(&hospital, &host),
                urls: vec!["http://localhost:8701".to_owned()],
                peers: vec!["/ip4/127.0.0.1/tcp/9701".to_owned()],
            }],
        })
        .unwrap();
        let dir = tempfile::tempdir().unwrap();
        let (genesis_path, keys) = (
            dir.path().join("genesis.toml"),
            dir.path().join("host.keys"),
        );
        std::fs::write(&genesis_path, genesis.file().to_toml().unwrap()).unwrap();
        std::fs::write(&keys, &*host.to_file_text()).unwrap();
        let runtime = Runtime::new().unwrap();
        let settings = Settings {
            data: dir.path().join("data"),
            genesis: genesis_path,
            keys,
            listen: "127.0.0.1:0".parse().unwrap(),
            p2p: "/ip4/127.0.0.1/tcp/0".parse().unwrap(),
            peers: Vec::new(),
            files: None,
        };
        let service = runtime.block_on(Service::start(settings)).unwrap();
        let address = service.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let running = runtime.spawn(service.run(async {
            let _ = stopped.await;
        }));
        Self {
            runtime,
            address,
            genesis_hash: genesis.hash(),
            hospital,
            stop,
            running,
            _dir: dir,
        }
    }

    fn ask(&self, first_line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answered {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let mut head = format!("{first_line} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        // A relay that refuses a body for its length may not read it to its end.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(bytes[..end].to_vec())
            .unwrap()
            .to_lowercase();
        Answered {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head,
            body: bytes[end + 4..].to_vec(),
        }
    }

    fn ask_json(&self, path: &str, question: &impl serde::Serialize) -> Answered {
        let body = serde_json::to_vec(question).unwrap();
        let json = [("Content-Type", "application/json")];
        self.ask(&format!("POST {path}"), &json, &body)
    }

    fn sign_in(&self, role: Role, key: &SecretKey) -> Answered {
        let answered = self.ask_json("/v1/challenges", &ChallengeQuestion { role });
        let Challenge { challenge, .. } = serde_json::from_slice(&answered.body).unwrap();
        let digest = signing_digest(CHALLENGE_DOMAIN, &self.genesis_hash, challenge.as_bytes());
        let question = TokenQuestion {
            role,
            challenge,
            public_key: key.public_key(),
            signature: sign(key, &digest),
        };
        self.ask_json("/v1/tokens", &question)
    }

    fn bearer(&self, role: Role, key: &SecretKey) -> String {
        let answered = self.sign_in(role, key);
        let token: Token = serde_json::from_slice(&answered.body).unwrap();
        format!("Bearer {}", token.token)
    }

    fn staff(&self) -> String {
        self.bearer(Role::Hospital(self.hospital.id()), &self.hospital.authority)
    }
}

impl Answered {
    #[track_caller]
    fn is_problem(&self, status: u16, code: &str) {
        assert!(
            self.head.contains("application/problem+json"),
            "{}",
            self.head
        );
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!((self.status, problem.code.0.as_str()), (status, code));
    }
}

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
