//! A relay that runs in this process, asked over real connections.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: each test uses some, and what fails there fails the test"
)]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use keepwell_keys::{
    GenesisHash, HospitalIdentity, HospitalPublicKeys, HostKeys, SecretKey, sign, signing_digest,
};
use keepwell_ledger::{
    block::Target,
    genesis::{Genesis, GenesisFile, GenesisHospital, Network},
};
use keepwell_primitives::{Milliseconds, Timestamp};
use keepwell_relay::service::{Service, ServiceError, Settings};
use keepwell_wire::api::{
    CHALLENGE_DOMAIN, Challenge, ChallengeQuestion, Problem, Role, Token, TokenQuestion,
};
use rand_core::OsRng;
use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};

/// A relay of the only hospital of a network.
pub struct World {
    pub runtime: Runtime,
    pub address: SocketAddr,
    pub genesis_hash: GenesisHash,
    pub hospital: HospitalIdentity,
    pub stop: oneshot::Sender<()>,
    pub running: JoinHandle<Result<(), ServiceError>>,
    _dir: tempfile::TempDir,
}

/// Status, head and body of an answer.
pub struct Answered {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl World {
    /// With one address in the directory, and nothing that need not be.
    pub fn start() -> Self {
        Self::start_with(&["http://localhost:8701"], |_| {}).unwrap()
    }

    /// With these addresses in the directory, and other settings.
    pub fn start_with(
        urls: &[&str],
        change: impl FnOnce(&mut Settings),
    ) -> Result<Self, ServiceError> {
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
                urls: urls.iter().map(|&url| url.to_owned()).collect(),
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
        let mut settings = Settings {
            data: dir.path().join("data"),
            genesis: genesis_path,
            keys,
            listen: "127.0.0.1:0".parse().unwrap(),
            p2p: "/ip4/127.0.0.1/tcp/0".parse().unwrap(),
            peers: Vec::new(),
            files: None,
            page: None,
            advertise: None,
            tls: None,
        };
        change(&mut settings);
        let service = runtime.block_on(Service::start(settings))?;
        let address = service.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let running = runtime.spawn(service.run(async {
            let _ = stopped.await;
        }));
        Ok(Self {
            runtime,
            address,
            genesis_hash: genesis.hash(),
            hospital,
            stop,
            running,
            _dir: dir,
        })
    }

    /// Over a connection of its own. A header `Host` takes the place of `relay`.
    pub fn ask(&self, first_line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answered {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let mut head = format!("{first_line} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head += "Host: relay\r\n";
        }
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

    pub fn ask_json(&self, path: &str, question: &impl serde::Serialize) -> Answered {
        let body = serde_json::to_vec(question).unwrap();
        let json = [("Content-Type", "application/json")];
        self.ask(&format!("POST {path}"), &json, &body)
    }

    pub fn sign_in(&self, role: Role, key: &SecretKey) -> Answered {
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

    pub fn bearer(&self, role: Role, key: &SecretKey) -> String {
        let answered = self.sign_in(role, key);
        let token: Token = serde_json::from_slice(&answered.body).unwrap();
        format!("Bearer {}", token.token)
    }

    pub fn staff(&self) -> String {
        self.bearer(Role::Hospital(self.hospital.id()), &self.hospital.authority)
    }
}

impl Answered {
    #[track_caller]
    pub fn is_problem(&self, status: u16, code: &str) {
        assert!(
            self.head.contains("application/problem+json"),
            "{}",
            self.head
        );
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!((self.status, problem.code.0.as_str()), (status, code));
    }
}
