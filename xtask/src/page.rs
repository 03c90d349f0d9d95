//! Builds the page with the pinned tools, and compresses it for the relays that serve it.

mod compressed;
mod first_load;

use std::{path::PathBuf, process::Command};

use crate::{
    command,
    stage::stage,
    tools::{self, Tool},
    workspace::Workspace,
};

/// Builds for release into cargo's build folder, so that the checkout stays as it is; gives the
/// folder that holds the page.
///
/// # Errors
///
/// If a tool cannot be installed or the build fails.
pub(crate) fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let path = tools::path(workspace, &[Tool::Trunk, Tool::WasmBindgen])?;
    let folder = workspace.target_directory.join("dist");
    stage("build the page", || {
        // Trunk builds offline, as Trunk.toml says: what the page depends on comes first.
        command::run(
            command::cargo()
                .args(["fetch", "--locked", "--target", "wasm32-unknown-unknown"])
                .current_dir(&workspace.root),
        )?;
        command::run(
            Command::new("trunk")
                .args(["build", "--release", "--dist"])
                .arg(&folder)
                .env("PATH", path)
                // Trunk takes NO_COLOR=1, which is how others write it, for a mistake.
                .env_remove("NO_COLOR")
                .current_dir(&workspace.root),
        )
    })?;
    stage("compress the page", || {
        compressed::write(&folder, &workspace.target_directory.join("dist-compressed"))?;
        eprintln!("    {}", first_load::of(&folder)?);
        Ok(())
    })?;
    Ok(folder)
}
