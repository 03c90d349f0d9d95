//! The `keepwell` command, as the demo's patients and staff use it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use serde::de::DeserializeOwned;

use super::PASSPHRASE;

/// The built command.
pub(super) struct Keepwell {
    program: PathBuf,
}

impl Keepwell {
    pub(super) const fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// Runs a verb that needs no home, and reads its answer.
    pub(super) fn json<T: DeserializeOwned>(&self, arguments: &[String]) -> anyhow::Result<T> {
        self.run(None, arguments)
    }

    /// Runs a verb as the owner of a home, and reads its answer.
    pub(super) fn at<T: DeserializeOwned>(
        &self,
        home: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<T> {
        let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
        self.run(Some(home), &arguments)
    }

    fn run<T: DeserializeOwned>(
        &self,
        home: Option<&Path>,
        arguments: &[String],
    ) -> anyhow::Result<T> {
        let mut command = Command::new(&self.program);
        command
            .arg("--json")
            .env("KEEPWELL_PASSPHRASE", PASSPHRASE)
            .stdin(Stdio::null());
        if let Some(home) = home {
            command.arg("--home").arg(home);
        }
        let output = command.args(arguments).output()?;
        let verb = arguments
            .iter()
            .take(2)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ");
        if !output.status.success() {
            bail!(
                "keepwell {verb}: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("the answer of keepwell {verb}"))
    }
}
