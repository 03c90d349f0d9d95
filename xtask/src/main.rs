//! `cargo xtask`: builds the page and runs every test, set-up included.
//!
//! It needs rustup, a C compiler and, for the tests, Chromium with its driver. What else it needs it
//! installs once, outside the checkout.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what this command says is its work"
)]

mod browser;
mod command;
mod counts;
mod demo;
mod page;
mod stage;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{demo::DemoArguments, test::Slice, tools::Tool, workspace::Workspace};

/// Builds Keepwell's page and runs its tests, set-up included.
#[derive(Parser)]
#[command(
    bin_name = "cargo xtask",
    after_help = "Tools are kept in $KEEPWELL_CACHE, or ~/.cache/keepwell if that is not set; never in the \
                  checkout."
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run a whole network on this machine, with sample records, until Ctrl-C.
    #[command(
        after_help = "Run again, it continues. While it runs, demo.json in its folder tells programs what there \
                      is.\n\nExamples:\n  cargo xtask demo\n  cargo xtask demo --fresh --port 9001"
    )]
    Demo(DemoArguments),
    /// Build the page for release; prints the folder that holds it.
    Build,
    /// Run every test and close with their counts.
    #[command(
        after_help = "A browser is looked for in PATH; KEEPWELL_CHROMIUM and KEEPWELL_CHROMEDRIVER name others.\n\n\
                      Examples:\n  cargo xtask test\n  cargo xtask test --only native --only wasm"
    )]
    Test {
        /// Run this part only; may be given more than once.
        #[arg(long, value_enum, value_name = "PART")]
        only: Vec<Slice>,
    },
    /// Install the pinned tools if they are missing; prints the folder of each.
    Tools {
        /// The tools to install; all if none is named.
        #[arg(value_enum)]
        tools: Vec<Tool>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::read()?;
    match task {
        Task::Demo(arguments) => demo::run(&workspace, &arguments),
        Task::Build => {
            println!("{}", page::build(&workspace)?.display());
            Ok(ExitCode::SUCCESS)
        }
        Task::Test { only } => test::run(&workspace, &only),
        Task::Tools { tools } => {
            for tool in tools::chosen(&tools) {
                println!("{}", tools::installed(&workspace, *tool)?.display());
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
