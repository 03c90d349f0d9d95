//! Runs other programs: loudly, or for what they print.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to success. What it prints goes to standard error, so that standard output holds only
/// what was asked for.
///
/// # Errors
///
/// If it does not start or does not succeed.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command
        .stdin(Stdio::null())
        .stdout(io::stderr())
        .status()
        .with_context(|| format!("{command:?} does not start"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

/// Runs to success and gives its standard output.
///
/// # Errors
///
/// If it does not start, does not succeed, or prints what is not UTF-8.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{command:?} does not start"))?;
    if !output.status.success() {
        bail!("{command:?} ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("what {command:?} printed"))
}

/// Runs to its end, showing what it prints as it comes; gives its standard output and whether it
/// succeeded.
///
/// # Errors
///
/// If it does not start, or its output cannot be read.
pub(crate) fn watched(command: &mut Command) -> anyhow::Result<(String, bool)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{command:?} does not start"))?;
    let mut printed = String::new();
    if let Some(stdout) = child.stdout.take() {
        let mut stdout = BufReader::new(stdout);
        let mut line = Vec::new();
        while stdout.read_until(b'\n', &mut line)? > 0 {
            io::stdout().write_all(&line)?;
            printed.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    Ok((printed, child.wait()?.success()))
}
