//! Tests that run as wasm in a real browser: `tests/vectors.rs` of every library that has one, so
//! that a difference between wasm and native shows, and all of the page's `tests/`.

use std::{fs, path::Path};

use anyhow::Context as _;
use serde_json::json;

use crate::{
    browser::Browser,
    command,
    counts::Counts,
    tools::{self, Tool},
    workspace::Workspace,
};

/// The library test that also runs as wasm.
const VECTORS: &str = "vectors";
const PAGE: &str = "keepwell-web";

/// How long one file of tests may take in the browser, on a busy machine: some seal 64 MiB.
const TIMEOUT_SECONDS: &str = "180";

/// Nothing shown, nothing asked, nothing fetched. Without its sandbox, since that refuses to run as
/// root; all it is shown is these tests.
const CHROMIUM_ARGUMENTS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> anyhow::Result<()> {
    let browser = Browser::find()?;
    let programs = tools::installed(workspace, Tool::WasmBindgen)?;
    let scratch = tempfile::tempdir()?;
    let capabilities = scratch.path().join("webdriver.json");
    write_capabilities(&capabilities, &browser)?;

    let mut first_failure = Ok(());
    for (package, test) in tests(workspace) {
        let outcome = super::counted(
            command::cargo()
                .args(["test", "--locked", "--target", super::WASM])
                .args(["--package", package, "--test", test])
                .current_dir(&workspace.root)
                .env(
                    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                    programs.join("wasm-bindgen-test-runner"),
                )
                .env("CHROMEDRIVER", &browser.chromedriver)
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
                .env("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT_SECONDS),
            counts,
        )
        .with_context(|| format!("tests/{test}.rs of {package} as wasm"));
        first_failure = first_failure.and(outcome);
    }
    first_failure
}

/// Crates and their tests to run.
fn tests(workspace: &Workspace) -> impl Iterator<Item = (&str, &str)> {
    let of_libraries = workspace.libraries().flat_map(|package| {
        package
            .tests()
            .filter(|test| test.name == VECTORS)
            .map(|test| (package.name.as_str(), test.name.as_str()))
    });
    let of_page = workspace
        .packages
        .iter()
        .filter(|package| package.name == PAGE)
        .flat_map(|package| {
            package
                .tests()
                .map(|test| (package.name.as_str(), test.name.as_str()))
        });
    of_libraries.chain(of_page)
}

/// The file from which the test runner reads what browser to ask for.
fn write_capabilities(file: &Path, browser: &Browser) -> anyhow::Result<()> {
    let capabilities = json!({
        "goog:chromeOptions": { "binary": browser.chromium, "args": CHROMIUM_ARGUMENTS },
    });
    fs::write(file, capabilities.to_string())
        .with_context(|| format!("cannot write {}", file.display()))
}
