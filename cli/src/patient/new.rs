//! `patient new` and `patient restore`: a home appears whole or not at all.

use std::{
    fs,
    path::{Path, absolute},
};

use keepwell_client::{
    NamedHospital, fetch_genesis,
    patient::{Found, Patient, Search},
};
use keepwell_keys::Phrase;
use keepwell_ledger::genesis::Genesis;
use rand_core::OsRng;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{PatientHome, opened_home::seal};
use crate::{
    answer::Answer,
    arguments::{GenesisArgument, GlobalOptions, PatientNew, PatientRestore},
    failure::{Exit, Failure},
    home::{Home, HomeFile, Owner, home_missing},
    http::first_reachable,
    new_directory::NewDirectory,
    passphrase::passphrase,
    private_file,
    runtime::block_on,
};

pub(super) fn new(global: &GlobalOptions, arguments: &PatientNew) -> Result<Answer, Failure> {
    let phrase = Phrase::generate(&mut OsRng);
    let directory = make_home(global, &arguments.genesis, &phrase)?;
    directory.finish()?;
    let words = phrase.expose_secret();
    Ok(Answer {
        json: json!({ "phrase": words.as_str() }),
        words: format!(
            "These 24 words are all that is needed to restore every record, and all that is needed \
             to read them.\nWrite them down, and keep them where nobody else looks.\n\n{}\n",
            numbered(&words)
        ),
    })
}

pub(super) fn restore(
    global: &GlobalOptions,
    arguments: &PatientRestore,
) -> Result<Answer, Failure> {
    let path = &arguments.phrase_file;
    let text = fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error))?;
    let text = Zeroizing::new(text);
    let phrase = Phrase::parse(&text).map_err(|error| {
        Failure::new(
            Exit::Local,
            "phrase",
            format!("{}: {error}.", path.display()),
            "Compare with what was written down, word by word.",
        )
    })?;
    let directory = make_home(global, &arguments.genesis, &phrase)?;
    let (known_at, not_asked) = find_personas(global, directory.path())?;
    directory.finish()?;
    Ok(Answer {
        json: json!({
            "phrase": phrase.expose_secret().as_str(),
            "found": known_at.iter().map(known_json).collect::<Vec<_>>(),
            "notAsked": not_asked.iter().map(hospital_json).collect::<Vec<_>>(),
        }),
        words: words(&known_at, &not_asked),
    })
}

/// Everything in the home but what the chain says.
fn make_home(
    global: &GlobalOptions,
    genesis: &GenesisArgument,
    phrase: &Phrase,
) -> Result<NewDirectory, Failure> {
    let home = global.home.as_deref().ok_or_else(home_missing)?;
    let home = absolute(home).map_err(|error| Failure::file(home, "found", &error))?;
    let directory = NewDirectory::beside(&home, "a home")?;
    let passphrase = passphrase(global)?;
    let genesis = self::genesis(global, genesis)?;
    let toml = genesis.file().to_toml().map_err(|error| {
        let message = format!("The genesis cannot be kept: {error}.");
        Failure::new(Exit::Local, "genesis", message, "Report this.")
    })?;
    let path = directory.path();
    let sealed = seal(&Patient::new(phrase.clone()), &passphrase)?;
    private_file::write_private(&path.join(Patient::KIND), &sealed)?;
    // Each persona is asked for at its own hospital's relay, so a patient's home names none.
    HomeFile::new(genesis.hash(), Vec::new(), Owner::Patient).write(path, &toml)?;
    Ok(directory)
}

fn genesis(global: &GlobalOptions, argument: &GenesisArgument) -> Result<Genesis, Failure> {
    match argument {
        GenesisArgument::File(path) => {
            let text = fs::read_to_string(path);
            let text = text.map_err(|error| Failure::file(path, "read", &error))?;
            Genesis::from_toml(&text).map_err(|error| {
                Failure::new(
                    Exit::Local,
                    "malformedGenesis",
                    format!("{}: {error}.", path.display()),
                    "Name the genesis.toml of the network, or its hash with --relay.",
                )
            })
        }
        GenesisArgument::Hash(hash) => first_reachable(&global.relays, global.timeout(), |relay| {
            Ok(block_on(fetch_genesis(relay, *hash))?)
        }),
    }
}

/// A hospital at which the patient is known.
struct KnownAt {
    hospital: NamedHospital,
    found: Found,
}

/// Asks each hospital's relay for the patient as that hospital would know them. Returns where they
/// are known, and whose relay could not be reached.
fn find_personas(
    global: &GlobalOptions,
    directory: &Path,
) -> Result<(Vec<KnownAt>, Vec<NamedHospital>), Failure> {
    let home = Home::read(directory)?;
    let mut opened = PatientHome::open(global, &home)?;
    let (mut known_at, mut not_asked) = (Vec::new(), Vec::new());
    let mut search = Search::default();
    while let Some(hospital) = search.next(&opened.hospitals()) {
        match opened.find(&hospital.id) {
            Ok(Some(found)) => known_at.push(KnownAt { hospital, found }),
            Ok(None) => {}
            Err(failure) if matches!(failure.exit, Exit::Unreachable | Exit::TimedOut) => {
                not_asked.push(hospital);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok((known_at, not_asked))
}

fn words(known_at: &[KnownAt], not_asked: &[NamedHospital]) -> String {
    let name = |hospital: &NamedHospital| hospital.hospital.name_text();
    let names: Vec<_> = known_at.iter().map(|known| name(&known.hospital)).collect();
    let mut words = match names.as_slice() {
        [] => String::from("Restored. No hospital has a record of this patient yet.\n"),
        names => format!("Restored. Known at: {}.\n", names.join(", ")),
    };
    for known in known_at
        .iter()
        .filter(|known| known.found.scopes_unmatched > 0)
    {
        words += &format!(
            "{} scopes at {} do not follow from these words; their records stay closed.\n",
            known.found.scopes_unmatched,
            name(&known.hospital)
        );
    }
    for hospital in not_asked {
        words += &format!(
            "{} could not be asked; `patient card` or `restore` later finds what is there.\n",
            name(hospital)
        );
    }
    words
}

fn hospital_json(hospital: &NamedHospital) -> Value {
    json!({ "hospitalId": hospital.id, "name": hospital.hospital.name_text() })
}

fn known_json(known: &KnownAt) -> Value {
    json!({
        "hospitalId": known.hospital.id,
        "name": known.hospital.hospital.name_text(),
        "patientId": known.found.patient_id,
        "records": known.found.records,
        "scopes": known.found.scopes_matched,
        "scopesUnmatched": known.found.scopes_unmatched,
    })
}

/// Four words a line, each with its number.
fn numbered(words: &str) -> String {
    let words: Vec<_> = words.split(' ').collect();
    let lines = words.chunks(4).zip((1..).step_by(4)).map(|(line, first)| {
        let numbered = line.iter().zip(first..);
        let words = numbered.map(|(word, number)| format!("{number:>4}. {word:<9}"));
        let line: String = words.collect();
        format!("{}\n", line.trim_end())
    });
    lines.collect()
}
