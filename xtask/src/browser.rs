//! Finds the browser that the tests run in.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

/// A Chromium and the driver of the same version.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

impl Browser {
    /// # Errors
    ///
    /// If either is missing; says what to install.
    pub(crate) fn find() -> anyhow::Result<Self> {
        Self::look().context(
            "the tests need a real browser: install Chromium and its driver (Debian: apt-get \
             install chromium chromium-driver), or name them in KEEPWELL_CHROMIUM and \
             KEEPWELL_CHROMEDRIVER",
        )
    }

    fn look() -> anyhow::Result<Self> {
        let chromium = ["chromium", "chromium-browser", "google-chrome"];
        Ok(Self {
            chromium: program("KEEPWELL_CHROMIUM", &chromium)?,
            chromedriver: program("KEEPWELL_CHROMEDRIVER", &["chromedriver"])?,
        })
    }
}

fn program(variable: &str, names: &[&str]) -> anyhow::Result<PathBuf> {
    if let Some(path) = env::var_os(variable) {
        let path = PathBuf::from(path);
        if !path.is_file() {
            bail!("{variable} names {}, which is no file", path.display());
        }
        return Ok(path);
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    names
        .iter()
        .find_map(|name| in_folders(&folders, name))
        .with_context(|| format!("none of {} is in PATH", names.join(", ")))
}

fn in_folders(folders: &OsStr, name: &str) -> Option<PathBuf> {
    env::split_paths(folders)
        .map(|folder| folder.join(name))
        .find(|path| Path::is_file(path))
}
