//! What the dependency trees must show: the libraries build where there is no system to give a
//! clock or randomness, and the relay cannot open what it keeps.

use anyhow::ensure;

use crate::{
    command,
    workspace::{Package, Workspace},
};

/// Has `core` and `alloc` only.
const WASM_WITHOUT_SYSTEM: &str = "wasm32v1-none";

/// Libraries that need the standard library, for the MessagePack that Umbral's objects travel in.
/// They show by their dependencies that they have no randomness of their own.
const NEEDS_STD: [&str; 3] = ["keepwell-seal", "keepwell-custody", "keepwell-client"];

pub(super) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let (needing_std, bare): (Vec<_>, Vec<_>) = workspace
        .libraries()
        .partition(|package| NEEDS_STD.contains(&package.name.as_str()));
    // One at a time: built together, they would share the features that any one of them turns on.
    for package in bare {
        command::run(
            command::cargo()
                .args(["check", "--locked", "--target", WASM_WITHOUT_SYSTEM])
                .args(["--package", &package.name])
                .current_dir(&workspace.root),
        )?;
    }
    for package in needing_std {
        has_no_randomness(workspace, package)?;
    }
    relay_cannot_open(workspace)
}

/// A relay is blind because what opens a record is not in it (`docs/protocol.md`, section 2).
fn relay_cannot_open(workspace: &Workspace) -> anyhow::Result<()> {
    let tree = command::output(
        command::cargo()
            .args([
                "tree",
                "--locked",
                "--all-features",
                "--edges",
                "normal,build",
            ])
            .args(["--prefix", "none", "--package", "keepwell-relay"])
            .current_dir(&workspace.root),
    )?;
    let depends = tree.lines().any(|line| line.starts_with("keepwell-seal "));
    ensure!(!depends, "keepwell-relay depends on keepwell-seal");
    Ok(())
}

fn has_no_randomness(workspace: &Workspace, package: &Package) -> anyhow::Result<()> {
    let tree = command::output(
        command::cargo()
            .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
            .args(["--target", super::WASM, "--package", &package.name])
            .current_dir(&workspace.root),
    )?;
    let randomness = tree.lines().find(|line| line.starts_with("getrandom "));
    ensure!(
        randomness.is_none(),
        "{} depends on {}; `cargo tree --edges normal --package {0} --invert getrandom` shows how",
        package.name,
        randomness.unwrap_or_default(),
    );
    Ok(())
}
