//! `cargo xtask demo`: a whole network on this machine, seeded with sample records through the
//! same verbs that users have.

mod account;
mod keepwell;
mod open;
mod place;
mod ports;
mod relays;
mod seed;
mod stop;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, ensure};
use clap::Args;

use crate::{command, page, stage::stage, workspace::Workspace};

/// The passphrase of everybody in the demo. It protects nothing: the records are made up.
const PASSPHRASE: &str = "keepwell demo";

/// What the hospitals are called, as far as the names last.
const NAMES: [&str; 8] = [
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gingko", "Hawthorn",
];

#[derive(Args)]
pub(crate) struct DemoArguments {
    /// Start over: delete what an earlier run has left, after asking.
    #[arg(long)]
    fresh: bool,
    /// With --fresh: delete without asking.
    #[arg(long, requires = "fresh")]
    yes: bool,
    /// Where the demo keeps its network [default: demo in cargo's build folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The first relay's port; the others count on, and peers meet 1000 above.
    #[arg(long, value_name = "FIRST", default_value_t = 8701)]
    port: u16,
    /// How many hospitals. A grant needs an issuer, a requester and another custodian.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(3..=8))]
    hospitals: u8,
    /// Do not open the first hospital's page in a browser.
    #[arg(long)]
    no_open: bool,
}

/// Runs the demo until it is interrupted.
///
/// # Errors
///
/// If something cannot be built, a port or the data directory is taken, or a relay ends by itself.
pub(crate) fn run(workspace: &Workspace, arguments: &DemoArguments) -> anyhow::Result<ExitCode> {
    let stop = stop::Stop::new()?;
    let default = || workspace.target_directory.join("demo");
    let place = place::Place::open(
        arguments.data.clone().unwrap_or_else(default),
        arguments.fresh,
        arguments.yes,
    )?;
    ports::check_free(arguments.port, arguments.hospitals)?;
    let page = page::build(workspace)?;
    let programs = stage("build the relay and the command", || build(workspace))?;
    let keepwell = keepwell::Keepwell::new(programs.join("keepwell"));
    let network = stage("make the network", || {
        place.network(&keepwell, arguments.port, arguments.hospitals)
    })?;
    let mut relays = relays::Relays::new(&place, programs.join("keepwell-relay"), page);
    let account = stage("start the relays", || {
        relays.start(&network, &stop)?;
        Ok(account::Account::of(&place, &network, &relays))
    })?;
    let patients = stage("issue the sample records", || {
        seed::seed(
            &place,
            &keepwell,
            &network,
            &workspace.root.join("samples"),
            &stop,
        )
    })?;
    let account = account.with_patients(patients);
    let _written = account.write(&place)?;
    account.print();
    if let Some(hospital) = network.hospitals.first().filter(|_| !arguments.no_open) {
        open::in_browser(&hospital.page_url(&network.genesis));
    }
    let ended = relays.wait(&stop);
    stage("stop the relays", || relays.stop())?;
    ended.map(|()| ExitCode::SUCCESS)
}

/// Builds both programs; gives the folder they are in.
fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    command::run(
        command::cargo()
            .args([
                "build",
                "--locked",
                "--package",
                "keepwell-relay",
                "--package",
                "keepwell-cli",
            ])
            .current_dir(&workspace.root),
    )?;
    let folder = workspace.target_directory.join("debug");
    for name in ["keepwell", "keepwell-relay"] {
        ensure!(
            folder.join(name).is_file(),
            "{name} was not built into {}",
            folder.display()
        );
    }
    folder
        .canonicalize()
        .with_context(|| format!("{}", folder.display()))
}
