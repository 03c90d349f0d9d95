//! A home: the directory that holds who someone is, and what network they belong to.
//!
//! ```text
//! home.toml          whose it is, the network's name, and the relays to ask
//! genesis.toml       the network's genesis, checked against that name whenever it is read
//! identity.keepwell  a hospital's keys, under its passphrase
//! patient.keepwell   a patient's phrase, and what they call their scopes, under their passphrase
//! light.store        what of the chain was verified so far; made anew where it is lost
//! outbox             what was sent and is in no block yet, to be sent again
//! lock               held by the process that uses the home
//! ```

use std::{
    fs,
    path::{Path, PathBuf},
};

use keepwell_keys::{GenesisHash, HospitalId};
use keepwell_ledger::genesis::Genesis;
use serde::{Deserialize, Serialize};

use crate::{
    arguments::GlobalOptions,
    failure::{Exit, Failure},
    http::no_relay,
    private_file,
    relay_url::RelayUrl,
};

pub(crate) const HOME_FILE: &str = "home.toml";
pub(crate) const GENESIS_FILE: &str = "genesis.toml";

/// The version of [`HomeFile`] that this software reads and writes.
const VERSION: u32 = 1;

/// What `home.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HomeFile {
    version: u32,
    /// The network.
    pub(crate) genesis: GenesisHash,
    /// Asked in this order.
    pub(crate) relays: Vec<RelayUrl>,
    /// Whose home it is.
    pub(crate) owner: Owner,
}

/// Whose home it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub(crate) enum Owner {
    /// A hospital's staff.
    #[serde(rename_all = "camelCase")]
    Hospital { id: HospitalId, name: String },
    /// A patient.
    Patient,
}

/// A home that was read.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) directory: PathBuf,
    pub(crate) file: HomeFile,
    pub(crate) genesis: Genesis,
}

impl HomeFile {
    pub(crate) fn new(genesis: GenesisHash, relays: Vec<RelayUrl>, owner: Owner) -> Self {
        Self {
            version: VERSION,
            genesis,
            relays,
            owner,
        }
    }

    /// Writes it, and the genesis beside it, into a directory that has neither.
    pub(crate) fn write(&self, directory: &Path, genesis_toml: &str) -> Result<(), Failure> {
        let text = toml::to_string(self).map_err(|error| {
            Failure::new(Exit::Local, "home", error.to_string(), "Report this.")
        })?;
        private_file::write_private(&directory.join(HOME_FILE), text.as_bytes())?;
        private_file::write_public(&directory.join(GENESIS_FILE), genesis_toml.as_bytes())
    }
}

impl Home {
    /// The home that `--home` names, if it was given.
    pub(crate) fn optional(global: &GlobalOptions) -> Result<Option<Self>, Failure> {
        global.home.as_deref().map(Self::read).transpose()
    }

    /// The home that `--home` names, which this verb needs.
    pub(crate) fn required(global: &GlobalOptions) -> Result<Self, Failure> {
        Self::optional(global)?.ok_or_else(home_missing)
    }

    /// Reads a home and checks its genesis.
    pub(crate) fn read(directory: &Path) -> Result<Self, Failure> {
        let path = directory.join(HOME_FILE);
        let text = fs::read_to_string(&path).map_err(|error| not_a_home(&path, &error))?;
        let file: HomeFile = toml::from_str(&text).map_err(|error| damaged(&path, &error))?;
        if file.version != VERSION {
            let message = format!("{} was made by another version.", path.display());
            let hint = "Use the version of keepwell that made it, or a later one.";
            let failure = Failure::new(Exit::Local, "homeVersion", message, hint);
            return Err(failure.with_difference(file.version.to_string(), VERSION.to_string()));
        }
        let genesis = genesis(&directory.join(GENESIS_FILE), &file)?;
        Ok(Self {
            directory: directory.to_path_buf(),
            file,
            genesis,
        })
    }
}

/// The `--home` that a verb cannot do without.
pub(crate) fn home_missing() -> Failure {
    Failure::new(
        Exit::Usage,
        "homeMissing",
        "This needs to know who you are.",
        "Name your home with --home: a directory made by `keepwell network new`, `patient new` or \
         `patient restore`.",
    )
}

fn genesis(path: &Path, file: &HomeFile) -> Result<Genesis, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error))?;
    let genesis = Genesis::from_toml(&text).map_err(|error| damaged(path, &error))?;
    let (got, expected) = (genesis.hash(), file.genesis);
    if got == expected {
        return Ok(genesis);
    }
    let message = format!("{} is the genesis of another network.", path.display());
    let hint = "Put back the genesis file that the home was made with.";
    let failure = Failure::new(Exit::Local, "wrongGenesis", message, hint);
    Err(failure.with_difference(got.to_string(), expected.to_string()))
}

/// The relays to ask: those of the command line, else those of the home.
pub(crate) fn relays(
    global: &GlobalOptions,
    home: Option<&Home>,
) -> Result<Vec<RelayUrl>, Failure> {
    let of_home = || home.map(|home| home.file.relays.clone());
    let relays = match global.relays.as_slice() {
        [] => of_home().unwrap_or_default(),
        named => named.to_vec(),
    };
    if relays.is_empty() {
        return Err(no_relay());
    }
    Ok(relays)
}

fn not_a_home(path: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::file(path, "read", error);
    if error.kind() != std::io::ErrorKind::NotFound {
        return failure;
    }
    Failure {
        code: String::from("notAHome"),
        hint: String::from("Name with --home a directory made by `keepwell network new`."),
        ..failure
    }
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Exit::Local,
        "homeDamaged",
        format!("{} cannot be read: {error}", path.display()),
        "Mend the line that is named, or put back the file as it was made.",
    )
}
