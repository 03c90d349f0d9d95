//! `--wait`, of verbs that write.

use clap::{Args, ValueEnum};
use keepwell_client::Wait;

#[derive(Debug, Args)]
pub(crate) struct WaitOption {
    /// How far it must be before the verb is done.
    #[arg(long, value_enum, default_value = "mined")]
    wait: WaitArgument,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum WaitArgument {
    /// A relay has taken it.
    None,
    /// It is in a verified block.
    Mined,
    /// That block is final.
    Final,
}

impl WaitOption {
    pub(crate) fn wait(&self) -> Wait {
        match self.wait {
            WaitArgument::None => Wait::None,
            WaitArgument::Mined => Wait::Mined,
            WaitArgument::Final => Wait::Final,
        }
    }
}
