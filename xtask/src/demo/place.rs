//! The folder that holds the demo: made once, locked while it runs, continued the next time.

use std::{
    fs::{self, File, TryLockError},
    io::{self, BufRead as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::{NAMES, keepwell::Keepwell};

/// An open demo folder. No other demo can open it until this is dropped.
pub(super) struct Place {
    dir: PathBuf,
    _lock: File,
}

/// What `network new` made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Network {
    pub(super) genesis: String,
    pub(super) hospitals: Vec<Hospital>,
    #[serde(skip)]
    pub(super) genesis_file: PathBuf,
}

/// A hospital of the demo.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Hospital {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) home: PathBuf,
    pub(super) keys: PathBuf,
    #[serde(default)]
    pub(super) port: u16,
}

impl Hospital {
    /// Where the page and the API are.
    pub(super) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The page's address, which says what network it must find there.
    pub(super) fn page_url(&self, genesis: &str) -> String {
        format!("{}/#genesis={genesis}", self.url())
    }

    /// Where other nodes connect.
    pub(super) fn p2p(&self) -> String {
        format!("/ip4/127.0.0.1/tcp/{}", p2p_port(self.port))
    }
}

/// Peers meet on ports of their own.
pub(super) const fn p2p_port(port: u16) -> u16 {
    port.saturating_add(1000)
}

impl Place {
    /// Opens the folder, or makes it; with `fresh` empties it first.
    pub(super) fn open(dir: PathBuf, fresh: bool, yes: bool) -> anyhow::Result<Self> {
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let dir = dir.canonicalize()?;
        let lock = File::create(dir.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "a demo is running in {}: stop it first, or choose another folder with --data",
                dir.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let place = Self { dir, _lock: lock };
        if fresh && place.file("network").exists() {
            if !yes && !asked_to_delete(&place.dir)? {
                bail!("nothing was deleted; without --fresh the demo continues what is there");
            }
            place.empty()?;
        }
        Ok(place)
    }

    /// A file or folder inside.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The network that is here, or a new one.
    pub(super) fn network(
        &self,
        keepwell: &Keepwell,
        first_port: u16,
        hospitals: u8,
    ) -> anyhow::Result<Network> {
        let note = self.file("network.json");
        let mut network: Network = if note.exists() {
            let text = fs::read(&note)?;
            let earlier: Network = serde_json::from_slice(&text)
                .with_context(|| format!("{} cannot be read; try --fresh", note.display()))?;
            check_same(&earlier, first_port, hospitals)?;
            earlier
        } else {
            let made = self.new_network(keepwell, first_port, hospitals)?;
            write_whole(&note, &serde_json::to_vec_pretty(&made)?)?;
            made
        };
        network.genesis_file = self.file("network").join("genesis.toml");
        Ok(network)
    }

    fn new_network(
        &self,
        keepwell: &Keepwell,
        first_port: u16,
        hospitals: u8,
    ) -> anyhow::Result<Network> {
        let out = self.file("network");
        if out.exists() {
            // Left by a run that was stopped before it could note what it had made.
            fs::remove_dir_all(&out)?;
        }
        let mut arguments = vec!["network".to_owned(), "new".to_owned()];
        for (name, port) in NAMES.iter().take(hospitals.into()).zip(first_port..) {
            let place = format!(
                "{name}=http://localhost:{port},/ip4/127.0.0.1/tcp/{}",
                p2p_port(port)
            );
            arguments.extend(["--hospital".to_owned(), place]);
        }
        arguments.extend(["--out".to_owned(), out.display().to_string()]);
        let mut network: Network = keepwell.json(&arguments)?;
        for (hospital, port) in network.hospitals.iter_mut().zip(first_port..) {
            hospital.port = port;
        }
        Ok(network)
    }

    /// Deletes everything but the lock.
    fn empty(&self) -> anyhow::Result<()> {
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            if entry.file_name() == "lock" {
                continue;
            }
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Writes a file whole or not at all.
pub(super) fn write_whole(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut parts = file.as_os_str().to_owned();
    parts.push(".new");
    let new = PathBuf::from(parts);
    let mut opened = File::create(&new)?;
    opened.write_all(bytes)?;
    opened.sync_all()?;
    fs::rename(&new, file).with_context(|| format!("cannot write {}", file.display()))
}

/// A network keeps its ports and hospitals: they are in its genesis file.
fn check_same(network: &Network, first_port: u16, hospitals: u8) -> anyhow::Result<()> {
    let port = network
        .hospitals
        .first()
        .map_or(0, |hospital| hospital.port);
    if port == first_port && network.hospitals.len() == usize::from(hospitals) {
        return Ok(());
    }
    bail!(
        "the network here has {} hospitals from port {port}: run with --hospitals {0} --port \
         {port}, or start over with --fresh",
        network.hospitals.len(),
    )
}

fn asked_to_delete(dir: &Path) -> anyhow::Result<bool> {
    eprint!(
        "Delete the demo in {} and all its records? [y/N] ",
        dir.display()
    );
    io::stderr().flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(
        line.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}
