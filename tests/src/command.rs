//! The `keepwell` command as a test uses it: its JSON, or the exit and the error it ended with.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use crate::network::{PASSPHRASE, program, wait_for};

/// The command at one home.
#[derive(Clone, Debug)]
pub struct Keepwell {
    home: PathBuf,
    passphrase: String,
    timeout_seconds: Option<u32>,
}

/// How a verb ended that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The exit code.
    pub exit: i32,
    /// The error's stable code.
    pub code: String,
    /// What it told people.
    pub message: String,
}

impl Keepwell {
    /// At this home, with the passphrase of all homes in tests.
    pub fn at(home: impl Into<PathBuf>) -> Self {
        Self {
            home: home.into(),
            passphrase: PASSPHRASE.to_owned(),
            timeout_seconds: Some(120),
        }
    }

    /// The same home, with another passphrase.
    #[must_use]
    pub fn with_passphrase(&self, passphrase: &str) -> Self {
        Self {
            passphrase: passphrase.to_owned(),
            ..self.clone()
        }
    }

    /// The same home, for verbs that are given a timeout themselves.
    #[must_use]
    pub fn with_timeout_of_its_own(&self) -> Self {
        Self {
            timeout_seconds: None,
            ..self.clone()
        }
    }

    /// Where it is.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Runs a verb and reads its answer.
    ///
    /// # Errors
    /// If it does not succeed; with what it said.
    pub fn json(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        answer(arguments, &self.command(arguments)?.output()?)
    }

    /// Runs a verb that must fail, and reads how.
    ///
    /// # Errors
    /// If it succeeds, or its ending is not of the form it must have.
    pub fn refused(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        match self.ended(arguments)? {
            Ok(_) => bail!("keepwell {} was not refused", arguments.join(" ")),
            Err(ended) => Ok(ended),
        }
    }

    /// Runs a verb to its end, whichever that is.
    ///
    /// # Errors
    /// If its ending is not of the form it must have.
    pub fn ended(&self, arguments: &[&str]) -> anyhow::Result<Result<Value, Ended>> {
        let output = self.command(arguments)?.output()?;
        if output.status.success() {
            return answer(arguments, &output).map(Ok);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.stdout.is_empty(), "something is on standard output");
        let last = said
            .lines()
            .last()
            .context("nothing is on standard error")?;
        let line: Value = serde_json::from_str(last).with_context(|| said.clone().into_owned())?;
        let part = |name: &str| {
            let text = line
                .pointer(&format!("/error/{name}"))
                .and_then(Value::as_str);
            text.map(str::to_owned)
                .with_context(|| format!("the error has no {name}: {last}"))
        };
        ensure!(
            !part("hint")?.is_empty(),
            "the error says nothing to do next: {last}"
        );
        Ok(Err(Ended {
            exit: output.status.code().context("ended by a signal")?,
            code: part("code")?,
            message: part("message")?,
        }))
    }

    /// Runs a verb and reads its answer, and the most memory that it had resident, in bytes.
    ///
    /// # Errors
    /// If it does not succeed; with what it said.
    pub fn measured(&self, arguments: &[&str]) -> anyhow::Result<(Value, u64)> {
        let mut command = self.command(arguments)?;
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let id = child.id();
        let mut peak_bytes = 0;
        wait_for(&format!("keepwell {}", arguments.join(" ")), || {
            // A high-water mark: what it was between two looks is in the second.
            peak_bytes = peak_bytes.max(peak_resident_bytes(id).unwrap_or(0));
            child.try_wait().transpose()
        })??;
        Ok((answer(arguments, &child.wait_with_output()?)?, peak_bytes))
    }

    /// Starts a verb, and leaves it to run; its caller ends it.
    ///
    /// # Errors
    /// If the command is not built or does not start.
    pub fn start(&self, arguments: &[&str]) -> anyhow::Result<Child> {
        let mut command = self.command(arguments)?;
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(quiet.spawn()?)
    }

    fn command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(program("keepwell")?);
        command
            .arg("--json")
            .arg("--home")
            .arg(&self.home)
            .args(arguments)
            .env("KEEPWELL_PASSPHRASE", &self.passphrase)
            .stdin(Stdio::null());
        if let Some(seconds) = self.timeout_seconds {
            command.args(["--timeout", &seconds.to_string()]);
        }
        Ok(command)
    }
}

fn answer(arguments: &[&str], output: &Output) -> anyhow::Result<Value> {
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "keepwell {}: {said}",
        arguments.join(" ")
    );
    serde_json::from_slice(&output.stdout).context("standard output is not one JSON value")
}

/// The most memory that a process has had resident: `VmHWM` of its status, which is gone once it
/// has ended.
pub(crate) fn peak_resident_bytes(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}
