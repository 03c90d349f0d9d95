//! The options that every verb takes.

use std::{num::NonZeroU64, path::PathBuf, time::Duration};

use clap::Args;

use crate::relay_url::RelayUrl;

#[derive(Debug, Args)]
pub(crate) struct GlobalOptions {
    /// The directory that holds who you are: a hospital's or a patient's home.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// A relay to ask, instead of the home's own; give more to have others when it is out.
    #[arg(long = "relay", global = true, value_name = "URL")]
    pub(crate) relays: Vec<RelayUrl>,
    /// Print one JSON value, and no progress.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read the home's passphrase from this file, not from the variable KEEPWELL_PASSPHRASE.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// How long to wait for one answer of a relay, or for the chain, at most.
    #[arg(
        long = "timeout",
        global = true,
        value_name = "SECONDS",
        default_value = "60"
    )]
    pub(crate) timeout_seconds: NonZeroU64,
}

impl GlobalOptions {
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.get())
    }
}
