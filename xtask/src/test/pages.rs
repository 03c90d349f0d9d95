//! Tests that need the built page and a browser: those of any crate behind the feature `browser`.

use crate::{browser::Browser, command, counts::Counts, page, workspace::Workspace};

/// Keeps such tests out of plain `cargo test`, which could not give them the page.
const FEATURE: &str = "browser";

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> anyhow::Result<()> {
    let browser = Browser::find()?;
    let page = page::build(workspace)?;
    let mut cargo = command::cargo();
    cargo
        // The whole workspace, as in the native tests: with nearly the same features, little that
        // those have built is built again.
        .args(["test", "--locked", "--workspace", "--no-fail-fast"])
        .current_dir(&workspace.root)
        .env("KEEPWELL_DIST", page)
        .env("KEEPWELL_CHROMIUM", browser.chromium)
        .env("KEEPWELL_CHROMEDRIVER", browser.chromedriver);
    for package in &workspace.packages {
        let tests = package
            .tests()
            .filter(|test| test.required_features.iter().any(|name| name == FEATURE));
        for test in tests {
            let feature = format!("{}/{FEATURE}", package.name);
            cargo.args(["--features", &feature, "--test", &test.name]);
        }
    }
    super::counted(&mut cargo, counts)
}
