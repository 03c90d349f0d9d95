//! Runs every test and closes with their counts.
//!
//! A part that fails does not keep the others from running. A part that ran no test where there
//! should be one has failed.

mod native;
mod pages;
mod portable;
mod wasm;

use std::process::{Command, ExitCode};

use anyhow::bail;
use clap::ValueEnum;

use crate::{browser::Browser, command, counts::Counts, stage::stage, workspace::Workspace};

/// The target of the page, and of tests that run in a browser.
const WASM: &str = "wasm32-unknown-unknown";

/// A part of the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Slice {
    /// Every crate's tests on this machine.
    Native,
    /// That the libraries build where there is no system to give a clock or randomness.
    Portable,
    /// The libraries' vectors and the page's ports, as wasm in a real browser.
    Wasm,
    /// The built page in a real browser.
    Browser,
}

/// Runs the given parts, or all if none is given.
///
/// # Errors
///
/// If a part needs a browser and there is none. A part that fails is told in the exit code.
pub(crate) fn run(workspace: &Workspace, only: &[Slice]) -> anyhow::Result<ExitCode> {
    let chosen = |slice: &&Slice| only.is_empty() || only.contains(slice);
    let slices: Vec<_> = Slice::value_variants().iter().filter(chosen).collect();
    if slices.iter().any(|slice| slice.needs_browser()) {
        // Before the long work: nobody should wait to hear what to install.
        Browser::find()?;
    }

    let mut counts = Counts::default();
    let mut failures = Vec::new();
    for slice in slices {
        let failed_before = counts.failed;
        if let Err(failure) = slice.run(workspace, &mut counts) {
            failures.push(failure);
            // What broke before any test could fail, such as a build, counts as one that did.
            counts.failed = counts.failed.max(failed_before + 1);
        }
    }
    for failure in &failures {
        println!("failed: {failure:#}");
    }
    println!("{counts}");
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl Slice {
    fn needs_browser(self) -> bool {
        matches!(self, Self::Wasm | Self::Browser)
    }

    fn run(self, workspace: &Workspace, counts: &mut Counts) -> anyhow::Result<()> {
        match self {
            Self::Native => stage("native tests", || native::run(workspace, counts)),
            Self::Portable => stage("portable libraries", || portable::run(workspace)),
            Self::Wasm => stage("wasm tests", || wasm::run(workspace, counts)),
            Self::Browser => stage("page tests", || pages::run(workspace, counts)),
        }
    }
}

/// Runs a command that runs tests, and adds to the counts.
///
/// # Errors
///
/// If it does not succeed, or ran no test.
fn counted(command: &mut Command, counts: &mut Counts) -> anyhow::Result<()> {
    let (printed, succeeded) = command::watched(command)?;
    let ran = Counts::read(&printed);
    *counts = *counts + ran;
    if !succeeded {
        bail!("{command:?} failed: {ran}");
    }
    if ran.passed == 0 {
        bail!("{command:?} ran no test");
    }
    Ok(())
}
