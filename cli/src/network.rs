//! `keepwell network new`: the genesis of a network and the keys of its hospitals.
//!
//! The directory is made beside its place and moved there whole. A hospital's authority and
//! encryption keys go into its home, node and custody keys apart, for the relay's host.

use std::path::{Path, absolute};

use keepwell_keys::{
    HospitalId, HospitalIdentity, HospitalPublicKeys, HostKeys, VaultError, VaultParameters,
};
use keepwell_ledger::{
    block::Target,
    genesis::{Genesis, GenesisError, GenesisFile, GenesisHospital, Network},
};
use keepwell_primitives::{Milliseconds, Timestamp};
use rand_core::{CryptoRngCore, OsRng};
use serde_json::{Value, json};

use crate::{
    answer::Answer,
    arguments::{GlobalOptions, HospitalSpec, NetworkNew},
    failure::{Exit, Failure},
    home::{GENESIS_FILE, HomeFile, Owner},
    new_directory::NewDirectory,
    passphrase::passphrase,
    private_file,
    relay_url::RelayUrl,
    slug::slugs,
    times::now,
};

/// The time from block to block that the retarget aims at (`docs/protocol.md`, section 6).
const INTERVAL: Milliseconds = Milliseconds(2000);

/// No block takes fewer hashes than 2 to this, on average: a hundredth of a second of one thread
/// of a small machine, so that a chain of few transactions does not run away with its timestamps.
const EASIEST_HASHES_LOG2: u32 = 18;

/// Hashes for the first blocks: four relays with one thread each, on two cores, need about a second.
const INITIAL_HASHES_LOG2: u32 = 20;

/// How far above the port of its API a relay on this machine listens for others.
const PEER_PORT_OFFSET: u16 = 1000;

const HOST_KEYS_FILE: &str = "host.keys";
const HOME_DIRECTORY: &str = "home";

/// A hospital with all its secrets, on its way to the disk.
struct NewHospital {
    directory: String,
    url: RelayUrl,
    entry: GenesisHospital,
    identity: HospitalIdentity,
    host: HostKeys,
}

pub(crate) fn new(global: &GlobalOptions, arguments: &NetworkNew) -> Result<Answer, Failure> {
    let out =
        absolute(&arguments.out).map_err(|error| Failure::file(&arguments.out, "found", &error))?;
    let new_directory = NewDirectory::beside(&out, "a network")?;
    let passphrase = passphrase(global)?;
    let hospitals = generate(&arguments.hospitals, arguments.first_port, &mut OsRng)?;
    let genesis = genesis(&hospitals, now()).map_err(|error| refused(&error))?;
    let toml = genesis.file().to_toml().map_err(|error| refused(&error))?;

    let directory = new_directory.path();
    private_file::write_public(&directory.join(GENESIS_FILE), toml.as_bytes())?;
    for hospital in &hospitals {
        write_hospital(directory, hospital, &genesis, &toml, &passphrase)?;
    }
    new_directory.finish()?;
    Ok(answer(&out, &genesis, &hospitals))
}

fn generate(
    specs: &[HospitalSpec],
    first_port: u16,
    rng: &mut impl CryptoRngCore,
) -> Result<Vec<NewHospital>, Failure> {
    let directories = slugs(specs.iter().map(|spec| spec.name.as_str()));
    let mut ports = Some(first_port);
    let mut hospitals = Vec::new();
    for (spec, directory) in specs.iter().zip(directories) {
        let (url, multiaddr) = match &spec.addresses {
            Some(addresses) => (addresses.url.clone(), addresses.multiaddr.clone()),
            None => local_addresses(&mut ports)?,
        };
        let identity = HospitalIdentity::generate(rng);
        let host = HostKeys::generate(rng);
        hospitals.push(NewHospital {
            directory,
            entry: GenesisHospital {
                name: spec.name.clone(),
                keys: HospitalPublicKeys::of(&identity, &host),
                urls: vec![url.to_string()],
                peers: vec![multiaddr],
            },
            url,
            identity,
            host,
        });
    }
    Ok(hospitals)
}

/// Takes the next port of this machine.
fn local_addresses(ports: &mut Option<u16>) -> Result<(RelayUrl, String), Failure> {
    let next = ports.and_then(|port| Some((port, port.checked_add(PEER_PORT_OFFSET)?)));
    let Some((port, peer_port)) = next else {
        return Err(Failure::new(
            Exit::Usage,
            "portsSpent",
            "There are no ports left for that many hospitals.",
            "Start at a lower one with --first-port.",
        ));
    };
    *ports = port.checked_add(1);
    let multiaddr = format!("/ip4/127.0.0.1/tcp/{peer_port}");
    Ok((RelayUrl::on_this_machine(port), multiaddr))
}

fn genesis(hospitals: &[NewHospital], created: Timestamp) -> Result<Genesis, GenesisError> {
    Genesis::new(GenesisFile {
        network: Network {
            name: String::from("Keepwell"),
            created,
            interval: INTERVAL,
            easiest_target: target_of_hashes(EASIEST_HASHES_LOG2),
            initial_target: target_of_hashes(INITIAL_HASHES_LOG2),
        },
        hospitals: hospitals.iter().map(|new| new.entry.clone()).collect(),
    })
}

/// The target that takes 2 to this many hashes on average: so many zero bits, and ones after them.
fn target_of_hashes(log2: u32) -> Target {
    let mut bytes = [0xff_u8; 32];
    let mut zero_bits = log2;
    for byte in &mut bytes {
        let here = zero_bits.min(u8::BITS);
        *byte = byte.checked_shr(here).unwrap_or(0);
        zero_bits -= here;
    }
    Target::from_bytes(bytes)
}

fn write_hospital(
    network: &Path,
    hospital: &NewHospital,
    genesis: &Genesis,
    genesis_toml: &str,
    passphrase: &str,
) -> Result<(), Failure> {
    let directory = network.join(&hospital.directory);
    let home = directory.join(HOME_DIRECTORY);
    private_file::make_private_directory(&directory)?;
    private_file::make_private_directory(&home)?;
    let identity = hospital
        .identity
        .seal(passphrase, VaultParameters::default(), &mut OsRng)
        .map_err(|error| no_vault(&error))?;
    private_file::write_private(&home.join(HospitalIdentity::KIND), &identity)?;
    let owner = Owner::Hospital {
        id: hospital.identity.id(),
        name: hospital.entry.name.clone(),
    };
    HomeFile::new(genesis.hash(), vec![hospital.url.clone()], owner).write(&home, genesis_toml)?;
    let host = hospital.host.to_file_text();
    private_file::write_private(&directory.join(HOST_KEYS_FILE), host.as_bytes())?;
    private_file::sync_directory(&home)?;
    private_file::sync_directory(&directory)
}

fn answer(out: &Path, genesis: &Genesis, hospitals: &[NewHospital]) -> Answer {
    let file = out.join(GENESIS_FILE);
    let entry = |hospital: &NewHospital| -> Value {
        let id: HospitalId = hospital.identity.id();
        let directory = out.join(&hospital.directory);
        json!({
            "id": id,
            "name": hospital.entry.name,
            "home": text_of(&directory.join(HOME_DIRECTORY)),
            "keys": text_of(&directory.join(HOST_KEYS_FILE)),
        })
    };
    let lines = hospitals.iter().map(|hospital| {
        let home = out.join(&hospital.directory).join(HOME_DIRECTORY);
        let (name, id) = (&hospital.entry.name, hospital.identity.id());
        format!(
            "  {name}\n    id    {id}\n    relay {}\n    home  {}\n",
            hospital.url,
            home.display()
        )
    });
    let lines: String = lines.collect();
    Answer {
        json: json!({
            "genesis": genesis.hash(),
            "file": text_of(&file),
            "hospitals": hospitals.iter().map(entry).collect::<Vec<_>>(),
        }),
        words: format!(
            "Made a network of {} hospitals in {}.\n  genesis {}\n\n{lines}\n\
             Next: start each relay with its host.keys and {}.\n",
            hospitals.len(),
            out.display(),
            genesis.hash(),
            file.display(),
        ),
    }
}

/// A path in JSON; what is not UTF-8 in it shows as �.
fn text_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn refused(error: &GenesisError) -> Failure {
    Failure::new(
        Exit::Refused,
        "genesis",
        format!("No network can start like this: {error}."),
        "Change the hospitals' names or addresses.",
    )
}

fn no_vault(error: &VaultError) -> Failure {
    Failure::new(
        Exit::Local,
        "vault",
        format!("The keys could not be wrapped: {error}."),
        "Make memory free, then run it again.",
    )
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use clap::Parser;
    use keepwell_ledger::block::Work;

    use super::*;
    use crate::{
        arguments::{Arguments, NetworkVerb, Verb},
        home::Home,
    };

    /// Runs `network new` with a passphrase file; more arguments after a space each.
    fn run(out: &Path, arguments: &str) -> Result<Answer, Failure> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, "staff\n").unwrap();
        let path = file.path().to_str().unwrap();
        let line = ["keepwell", "--passphrase-file", path, "network", "new"];
        let line = line.into_iter().chain(arguments.split_whitespace());
        let line = line.chain(["--out", out.to_str().unwrap()]);
        let arguments = Arguments::try_parse_from(line).unwrap();
        match &arguments.verb {
            Verb::Network {
                verb: NetworkVerb::New(new_arguments),
            } => new(&arguments.global, new_arguments),
            _ => unreachable!("the line above says network new"),
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn network_survives_its_files_and_its_secrets_are_private() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("net");
        let hospitals = "--hospital Alder --hospital Birch=https://b.example,/dns4/b.example/tcp/9 \
                         --hospital Cedar --first-port 9001";
        let answer = run(&out, hospitals).unwrap();

        let toml = fs::read_to_string(out.join("genesis.toml")).unwrap();
        let genesis = Genesis::from_toml(&toml).unwrap();
        assert_eq!(answer.json["genesis"], json!(genesis.hash()));
        assert_eq!(
            answer.json["file"],
            json!(text_of(&out.join("genesis.toml")))
        );
        assert_eq!(genesis.hospitals().len(), 3);
        for (at, (id, hospital)) in genesis.hospitals().iter().enumerate() {
            let entry = &answer.json["hospitals"][at];
            assert_eq!(entry["id"], json!(id));
            assert_eq!(entry["name"], json!(hospital.name_text()));
            let home = Path::new(entry["home"].as_str().unwrap());
            let keys = Path::new(entry["keys"].as_str().unwrap());
            let file = home.join("identity.keepwell");
            assert_eq!([mode(&file), mode(keys), mode(home)], [0o600, 0o600, 0o700]);

            let identity = HospitalIdentity::open(&fs::read(file).unwrap(), "staff").unwrap();
            let host = HostKeys::from_file_text(&fs::read_to_string(keys).unwrap()).unwrap();
            assert_eq!(identity.id(), *id);
            assert_eq!(
                HospitalPublicKeys::of(&identity, &host),
                hospital.public_keys
            );
            let home = Home::read(home).unwrap();
            assert_eq!(home.file.genesis, genesis.hash());
            let urls: Vec<String> = hospital.addresses.url_texts().collect();
            let relays: Vec<&str> = home.file.relays.iter().map(RelayUrl::as_str).collect();
            assert_eq!(relays, urls);
        }
        let urls = genesis.file().hospitals.iter().map(|h| h.urls[0].as_str());
        let expected = [
            "http://localhost:9001",
            "https://b.example",
            "http://localhost:9002",
        ];
        assert!(urls.eq(expected));
        let peers = genesis.file().hospitals.iter().map(|h| h.peers[0].as_str());
        let expected = [
            "/ip4/127.0.0.1/tcp/10001",
            "/dns4/b.example/tcp/9",
            "/ip4/127.0.0.1/tcp/10002",
        ];
        assert!(peers.eq(expected));
    }

    #[test]
    fn network_appears_whole_or_not_at_all_and_is_never_written_over() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("net");
        fs::create_dir(&out).unwrap();
        let too_long = format!("--hospital {}", "x".repeat(300));
        let failure = run(&out, &too_long).unwrap_err();
        assert_eq!(
            (failure.exit, failure.code.as_str()),
            (Exit::Refused, "genesis")
        );
        let entries = |path: &Path| fs::read_dir(path).unwrap().count();
        assert_eq!((entries(directory.path()), entries(&out)), (1, 0));

        run(&out, "--hospital A").unwrap();
        let before = fs::read(out.join("genesis.toml")).unwrap();
        let failure = run(&out, "--hospital B").unwrap_err();
        assert_eq!(
            (failure.exit, failure.code.as_str()),
            (Exit::Local, "directoryNotEmpty")
        );
        assert_eq!(fs::read(out.join("genesis.toml")).unwrap(), before);
        assert_eq!(entries(directory.path()), 1);
    }

    #[test]
    fn genesis_of_another_network_is_noticed_in_a_home() {
        let directory = tempfile::tempdir().unwrap();
        let (one, other) = (directory.path().join("one"), directory.path().join("other"));
        run(&one, "--hospital A").unwrap();
        run(&other, "--hospital A").unwrap();
        let home = one.join("a/home");
        fs::copy(other.join("genesis.toml"), home.join("genesis.toml")).unwrap();
        let failure = Home::read(&home).unwrap_err();
        assert_eq!(failure.code, "wrongGenesis");
        assert_ne!(failure.got, failure.expected);
    }

    #[test]
    fn hospitals_beyond_the_last_port_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("net");
        let failure = run(&out, "--hospital A --hospital B --first-port 64535").unwrap_err();
        assert_eq!(
            (failure.exit, failure.code.as_str()),
            (Exit::Usage, "portsSpent")
        );
        assert!(!out.exists());
    }

    #[test]
    fn target_takes_the_hashes_it_says() {
        let work = |hashes: u64| {
            let mut bytes = [0; 32];
            bytes[24..].copy_from_slice(&hashes.to_be_bytes());
            Work::from_bytes(bytes)
        };
        for log2 in [0, 1, 8, 18, 20] {
            assert_eq!(target_of_hashes(log2).work(), work(1 << log2));
        }
    }
}
