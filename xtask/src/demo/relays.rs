//! The demo's relays: one process for each hospital, their logs in files.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};

use super::{
    place::{Hospital, Network, Place},
    stop::Stop,
};

/// How long the relays may take to start and to find each other.
const START_WITHIN: Duration = Duration::from_secs(60);

/// How long a relay may take to stop before it is killed.
const STOP_WITHIN: Duration = Duration::from_secs(10);

pub(super) struct Relays<'a> {
    place: &'a Place,
    program: PathBuf,
    page: PathBuf,
    running: Vec<Running>,
}

/// A relay that was started.
pub(super) struct Running {
    name: String,
    process: Child,
    /// The command line it was started with.
    pub(super) command: Vec<String>,
    /// Where it logs.
    pub(super) log: PathBuf,
}

impl Running {
    pub(super) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl<'a> Relays<'a> {
    pub(super) const fn new(place: &'a Place, program: PathBuf, page: PathBuf) -> Self {
        Self {
            place,
            program,
            page,
            running: Vec::new(),
        }
    }

    /// Starts all and waits until each is connected to all others.
    pub(super) fn start(&mut self, network: &Network, stop: &Stop) -> anyhow::Result<()> {
        for hospital in &network.hospitals {
            let running = self.started(network, hospital)?;
            self.running.push(running);
        }
        let deadline = Instant::now() + START_WITHIN;
        for hospital in &network.hospitals {
            while peers(hospital.port) != Some(network.hospitals.len() - 1) {
                stop.check()?;
                self.check_alive()?;
                ensure!(
                    Instant::now() < deadline,
                    "{} has not found the other relays; see {}",
                    hospital.name,
                    self.log(&hospital.name).display()
                );
                stop.moment();
            }
        }
        Ok(())
    }

    /// The relays in the order of the network's hospitals.
    pub(super) fn running(&self) -> &[Running] {
        &self.running
    }

    /// Where a hospital's relay keeps its data.
    pub(super) fn data(&self, name: &str) -> PathBuf {
        self.place.file("data").join(name.to_lowercase())
    }

    /// Waits until the demo is asked to stop.
    pub(super) fn wait(&mut self, stop: &Stop) -> anyhow::Result<()> {
        while !stop.is_asked() {
            self.check_alive()?;
            stop.moment();
        }
        Ok(())
    }

    /// Asks all to stop and waits for them.
    pub(super) fn stop(&mut self) -> anyhow::Result<()> {
        for relay in &self.running {
            let pid = i32::try_from(relay.pid())
                .ok()
                .and_then(rustix::process::Pid::from_raw);
            if let Some(pid) = pid {
                // One that has ended already cannot be asked.
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            }
        }
        let deadline = Instant::now() + STOP_WITHIN;
        for relay in &mut self.running {
            while relay.process.try_wait()?.is_none() {
                if Instant::now() >= deadline {
                    eprintln!("{} did not stop and is killed", relay.name);
                    relay.process.kill()?;
                }
                std::thread::park_timeout(Duration::from_millis(20));
            }
        }
        self.running.clear();
        Ok(())
    }

    fn started(&self, network: &Network, hospital: &Hospital) -> anyhow::Result<Running> {
        let (data, log) = (self.data(&hospital.name), self.log(&hospital.name));
        fs::create_dir_all(&data)?;
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let listen = format!("127.0.0.1:{}", hospital.port);
        let command: Vec<String> = [
            self.program.display().to_string(),
            "--data".to_owned(),
            data.display().to_string(),
            "--genesis".to_owned(),
            network.genesis_file.display().to_string(),
            "--keys".to_owned(),
            hospital.keys.display().to_string(),
            "--listen".to_owned(),
            listen,
            "--p2p".to_owned(),
            hospital.p2p(),
            "--page".to_owned(),
            self.page.display().to_string(),
        ]
        .into();
        let file = File::options().create(true).append(true).open(&log)?;
        let process = Command::new(&self.program)
            .args(command.iter().skip(1))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .with_context(|| format!("{} does not start", self.program.display()))?;
        Ok(Running {
            name: hospital.name.clone(),
            process,
            command,
            log,
        })
    }

    fn log(&self, name: &str) -> PathBuf {
        self.place
            .file("logs")
            .join(format!("{}.log", name.to_lowercase()))
    }

    fn check_alive(&mut self) -> anyhow::Result<()> {
        for relay in &mut self.running {
            if let Some(status) = relay.process.try_wait()? {
                let log = fs::read_to_string(&relay.log).unwrap_or_default();
                let last: Vec<&str> = log.lines().rev().take(3).collect();
                let last: Vec<&str> = last.into_iter().rev().collect();
                bail!(
                    "the relay of {} ended with {status}:\n{}",
                    relay.name,
                    last.join("\n")
                );
            }
        }
        Ok(())
    }
}

impl Drop for Relays<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("a relay could not be stopped: {error}");
        }
    }
}

/// How many nodes a relay is connected to; none while it does not answer.
fn peers(port: u16) -> Option<usize> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let question = "GET /v1/head HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(question.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let head: serde_json::Value = serde_json::from_str(body).ok()?;
    usize::try_from(head.get("peers")?.as_u64()?).ok()
}
