//! The workspace as `cargo metadata` tells it: where it is, its crates, its pinned tools.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::Deserialize;

use crate::command;

#[derive(Deserialize)]
pub(crate) struct Workspace {
    /// The folder of the root Cargo.toml.
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    /// Where cargo builds; may be outside the root.
    pub(crate) target_directory: PathBuf,
    pub(crate) packages: Vec<Package>,
    /// `[workspace.metadata]` of the root Cargo.toml.
    pub(crate) metadata: Metadata,
}

#[derive(Deserialize)]
pub(crate) struct Metadata {
    /// Version by name of the tool.
    pub(crate) tools: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// A version requirement, `=0.2.129`.
    pub(crate) req: String,
}

#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    kind: Vec<String>,
    #[serde(rename = "required-features", default)]
    pub(crate) required_features: Vec<String>,
}

impl Workspace {
    /// Asks cargo about the workspace that this command belongs to.
    ///
    /// # Errors
    ///
    /// If cargo fails, or the root Cargo.toml has no `[workspace.metadata.tools]`.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let printed = command::output(
            command::cargo()
                .args(["metadata", "--no-deps", "--format-version", "1"])
                .arg("--manifest-path")
                .arg(manifest),
        )?;
        serde_json::from_str(&printed).context("what cargo metadata printed")
    }

    /// The libraries under `pkg/`.
    pub(crate) fn libraries(&self) -> impl Iterator<Item = &Package> {
        let folder = self.root.join("pkg");
        self.packages
            .iter()
            .filter(move |package| package.manifest_path.starts_with(&folder))
    }
}

impl Dependency {
    /// The version, if the requirement admits only one.
    pub(crate) fn exact_version(&self) -> Option<&str> {
        self.req.strip_prefix('=')
    }
}

impl Package {
    /// The integration tests, files under `tests/`.
    pub(crate) fn tests(&self) -> impl Iterator<Item = &Target> {
        self.targets
            .iter()
            .filter(|target| target.kind.iter().any(|kind| kind == "test"))
    }
}
