//! A network of real relay processes on loopback, made by the real command.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use keepwell_keys::{GenesisHash, HospitalId, HospitalIdentity};
use keepwell_ledger::genesis::Genesis;
use tempfile::TempDir;
use url::Url;

use crate::{api::Api, command::peak_resident_bytes};

/// The passphrase of every hospital's staff in tests.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// Long enough for two shared cores to mine some blocks while they build something else.
const PATIENCE: Duration = Duration::from_secs(120);

/// Some hospitals and their relays. Dropped, the processes are ended.
pub struct Network {
    /// The relays, in the order of the genesis file.
    pub relays: Vec<Relay>,
    /// What the genesis file says.
    pub genesis: Genesis,
    dir: TempDir,
}

/// A hospital's relay: a process that can be killed and started again.
pub struct Relay {
    /// The hospital's name.
    pub name: String,
    /// Its API.
    pub api: Api,
    /// The home of its staff.
    pub home: PathBuf,
    /// The data directory.
    pub data: PathBuf,
    genesis: PathBuf,
    genesis_hash: GenesisHash,
    keys: PathBuf,
    listen: String,
    p2p: String,
    log: PathBuf,
    process: Option<Child>,
}

impl Network {
    /// Makes a network with so many hospitals, starts their relays, and waits until each is
    /// connected to all others.
    ///
    /// # Errors
    /// If a program is missing, fails, or takes too long.
    pub fn start(hospitals: usize) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let ports = free_ports(hospitals * 2)?;
        let mut command = Command::new(program("keepwell")?);
        command
            .args(["--json", "network", "new"])
            .env("KEEPWELL_PASSPHRASE", PASSPHRASE);
        for (position, pair) in ports.chunks_exact(2).enumerate() {
            let [http, p2p] = pair else {
                bail!("ports come in pairs")
            };
            let place = format!("http://localhost:{http},/ip4/127.0.0.1/tcp/{p2p}");
            command.args(["--hospital", &format!("Hospital {position}={place}")]);
        }
        let out = dir.path().join("network");
        let made = command.arg("--out").arg(&out).output()?;
        ensure!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let answer: serde_json::Value = serde_json::from_slice(&made.stdout)?;
        let file = out.join("genesis.toml");
        let genesis = Genesis::from_toml(&fs::read_to_string(&file)?)?;
        let entries = answer
            .get("hospitals")
            .and_then(serde_json::Value::as_array)
            .context("no hospitals in the answer")?;
        let relays = entries
            .iter()
            .zip(ports.chunks_exact(2))
            .map(|(entry, pair)| {
                let [http, p2p] = pair else {
                    bail!("ports come in pairs")
                };
                Relay::new(entry, &file, genesis.hash(), dir.path(), *http, *p2p)
            });
        let relays = relays.collect::<anyhow::Result<_>>()?;
        let mut network = Self {
            relays,
            genesis,
            dir,
        };
        network.relays.iter_mut().try_for_each(Relay::start)?;
        network.wait_until_connected()?;
        Ok(network)
    }

    /// Waits until every relay that runs is connected to all others that run.
    ///
    /// # Errors
    /// If that takes too long.
    pub fn wait_until_connected(&self) -> anyhow::Result<()> {
        let running: Vec<_> = self
            .relays
            .iter()
            .filter(|relay| relay.is_running())
            .collect();
        for relay in &running {
            wait_for(&format!("{} to be connected", relay.name), || {
                let head = relay.api.head().ok()?;
                (head.peers as usize == running.len() - 1).then_some(())
            })?;
        }
        Ok(())
    }

    /// Waits until all running relays have the same newest block, at least of this index.
    ///
    /// # Errors
    /// If that takes too long.
    pub fn wait_until_agreed(&self, index: u64) -> anyhow::Result<()> {
        wait_for("the relays to agree on the newest block", || {
            let running = self.relays.iter().filter(|relay| relay.is_running());
            let heads: Option<Vec<_>> = running.map(|relay| relay.api.head().ok()).collect();
            let heads = heads?;
            let first = heads.first()?.head;
            let same = heads.iter().all(|head| head.head == first);
            (same && first.index.0 >= index).then_some(())
        })
    }

    /// The relay at this position.
    ///
    /// # Errors
    /// If there is none.
    pub fn relay(&self, position: usize) -> anyhow::Result<&Relay> {
        self.relays.get(position).context("no such relay")
    }

    /// The id of the hospital at this position.
    ///
    /// # Errors
    /// If there is none.
    pub fn hospital_id(&self, position: usize) -> anyhow::Result<HospitalId> {
        let hospital = self.genesis.hospitals().get(position);
        hospital.map(|(id, _)| *id).context("no such hospital")
    }

    /// Where files of this network may be put.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }
}

impl Relay {
    fn new(
        entry: &serde_json::Value,
        genesis: &Path,
        genesis_hash: GenesisHash,
        dir: &Path,
        http: u16,
        p2p: u16,
    ) -> anyhow::Result<Self> {
        let text = |name: &str| {
            entry
                .get(name)
                .and_then(serde_json::Value::as_str)
                .map(str::to_owned)
                .context("not a text")
        };
        let name = text("name")?;
        let slug = name.to_lowercase().replace(' ', "-");
        Ok(Self {
            api: Api::new(format!("http://localhost:{http}")),
            home: text("home")?.into(),
            data: dir.join(&slug).join("data"),
            genesis: genesis.to_owned(),
            genesis_hash,
            keys: text("keys")?.into(),
            listen: format!("127.0.0.1:{http}"),
            p2p: format!("/ip4/127.0.0.1/tcp/{p2p}"),
            log: dir.join(format!("{slug}.log")),
            name,
            process: None,
        })
    }

    /// Starts the process and waits until it answers.
    ///
    /// # Errors
    /// If it ends, or does not answer in time; with what it logged.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)?;
        let mut process = self.command()?.stdin(Stdio::null()).stderr(log).spawn()?;
        let started = wait_for(&format!("{} to answer", self.name), || {
            match process.try_wait() {
                Ok(Some(status)) => Some(Err(status)),
                _ => self.api.head().ok().map(Ok),
            }
        });
        match started {
            Ok(Ok(_)) => self.process = Some(process),
            Ok(Err(status)) => bail!("{} ended with {status}: {}", self.name, self.log()),
            Err(error) => {
                process.kill()?;
                return Err(error.context(self.log()));
            }
        }
        Ok(())
    }

    /// Runs another process on the same data directory to its end: its exit and what it logged.
    ///
    /// # Errors
    /// If it cannot be run.
    pub fn second_process(&self) -> anyhow::Result<(bool, String)> {
        let ports = free_ports(2)?;
        let [http, p2p] = ports.as_slice() else {
            bail!("two ports")
        };
        let other = Self {
            name: self.name.clone(),
            api: Api::new(format!("http://localhost:{http}")),
            home: self.home.clone(),
            data: self.data.clone(),
            genesis: self.genesis.clone(),
            genesis_hash: self.genesis_hash,
            keys: self.keys.clone(),
            listen: format!("127.0.0.1:{http}"),
            p2p: format!("/ip4/127.0.0.1/tcp/{p2p}"),
            log: self.log.clone(),
            process: None,
        };
        let output = other.command()?.stdin(Stdio::null()).output()?;
        Ok((
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ))
    }

    /// Kills the process as a power cut would: it cannot write another byte.
    ///
    /// # Errors
    /// If it is not running.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        let mut process = self.process.take().context("the relay is not running")?;
        process.kill()?;
        process.wait()?;
        Ok(())
    }

    /// Whether the process was started and not killed.
    pub fn is_running(&self) -> bool {
        self.process.is_some()
    }

    /// The most memory that the process has had resident, in bytes.
    ///
    /// # Errors
    /// If it is not running.
    pub fn peak_resident_bytes(&self) -> anyhow::Result<u64> {
        let process = self.process.as_ref();
        let id = process.context("the relay is not running")?.id();
        peak_resident_bytes(id).context("a process that runs has a status")
    }

    /// Where the hospital's page is, as a patient is given it: with the network that it must find
    /// there.
    ///
    /// # Errors
    /// If no page was built for this test.
    pub fn page_url(&self) -> anyhow::Result<Url> {
        ensure!(
            env::var_os("KEEPWELL_DIST").is_some(),
            "KEEPWELL_DIST is not set: run this test by `cargo xtask test`, which builds the page"
        );
        let mut url = Url::parse(self.api.origin())?;
        url.set_fragment(Some(&format!("genesis={}", self.genesis_hash)));
        Ok(url)
    }

    /// The keys of the hospital's staff.
    ///
    /// # Errors
    /// If the home cannot be read.
    pub fn identity(&self) -> anyhow::Result<HospitalIdentity> {
        let file = fs::read(self.home.join("identity.keepwell"))?;
        Ok(HospitalIdentity::open(&file, PASSPHRASE)?)
    }

    /// What the process logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn command(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(program("keepwell-relay")?);
        command
            .arg("--data")
            .arg(&self.data)
            .arg("--genesis")
            .arg(&self.genesis)
            .arg("--keys")
            .arg(&self.keys)
            .args(["--listen", &self.listen, "--p2p", &self.p2p]);
        // Tests of the page give it; for all others the relay has none.
        if let Some(page) = env::var_os("KEEPWELL_DIST") {
            command.arg("--page").arg(page);
        }
        Ok(command)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Asks until there is an answer.
///
/// # Errors
/// If there is none within two minutes.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> anyhow::Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return Ok(answer);
        }
        ensure!(
            Instant::now() < deadline,
            "waited {PATIENCE:?} in vain for {what}"
        );
        std::thread::park_timeout(Duration::from_millis(25));
    }
}

/// A program of this workspace, where `cargo test --workspace` puts it: beside the folder of the
/// test itself.
pub(crate) fn program(name: &str) -> anyhow::Result<PathBuf> {
    let test = env::current_exe()?;
    let folder = test
        .ancestors()
        .nth(2)
        .context("a test lies in target/PROFILE/deps")?;
    let program = folder.join(name);
    ensure!(
        program.is_file(),
        "{} is not built: run `cargo xtask test`, or `cargo test --workspace`",
        program.display()
    );
    Ok(program)
}

/// Ports that were free a moment ago, each another one.
fn free_ports(count: usize) -> anyhow::Result<Vec<u16>> {
    let bound: Result<Vec<_>, _> = (0..count)
        .map(|_| TcpListener::bind(("127.0.0.1", 0)))
        .collect();
    bound?
        .iter()
        .map(|listener| Ok(listener.local_addr()?.port()))
        .collect()
}
