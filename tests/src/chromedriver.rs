//! One chromedriver process on a free port, ended with the browsers that it started.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::Context as _;

/// A cold start on a busy machine takes seconds.
const STARTED_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Chromedriver {
    process: Child,
    port: u16,
}

impl Chromedriver {
    /// Starts what `KEEPWELL_CHROMEDRIVER` names, or else `chromedriver`.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let program = env::var_os("KEEPWELL_CHROMEDRIVER");
        let mut process = Command::new(program.unwrap_or_else(|| "chromedriver".into()))
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context(
                "chromedriver does not start: install it (Debian: apt-get install \
                 chromium-driver), or name it in KEEPWELL_CHROMEDRIVER",
            )?;
        let stdout = process.stdout.take();
        // From here on `process` is ended on every way out.
        let mut driver = Self { process, port: 0 };
        driver.port = announced_port(stdout.context("chromedriver's output is not piped")?)?;
        Ok(driver)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Asks it to close its browsers; has no answer until they are closed.
    fn shut_down(&self) -> io::Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // Best effort, in this order: a driver that is killed first leaves its browsers running.
        let _ = self.shut_down();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads the port it chose from its greeting, and keeps reading so that it never blocks on output.
fn announced_port(stdout: ChildStdout) -> anyhow::Result<u16> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let port = line
                .split_once("started successfully on port ")
                .and_then(|(_, port)| port.trim_end_matches('.').parse().ok());
            if let Some(port) = port {
                let _ = sender.send(port);
            }
        }
    });
    receiver
        .recv_timeout(STARTED_WITHIN)
        .context("chromedriver did not say what port it listens on")
}
