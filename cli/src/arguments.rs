//! What stands on the command line. Parsed here, done elsewhere.

mod global;
mod hospital;
mod network;
mod patient;
mod wait;

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};
pub(crate) use global::GlobalOptions;
pub(crate) use hospital::{
    CodeArgument, HospitalOpen, HospitalRequest, HospitalSubmit, HospitalVerb,
};
use keepwell_ledger::block::BlockHash;
use keepwell_primitives::BlockIndex;
pub(crate) use network::{HospitalSpec, NetworkNew, NetworkVerb};
pub(crate) use patient::{
    GenesisArgument, PatientCard, PatientGrant, PatientNew, PatientOpen, PatientRecords,
    PatientRestore, PatientRevoke, PatientVerb,
};
pub(crate) use wait::WaitOption;

const EXAMPLES: &str = "\
Examples:
  Make a network of four hospitals, and look at it once its relays run:
    export KEEPWELL_PASSPHRASE='correct horse battery staple'
    keepwell network new --hospital Alder --hospital Birch --hospital Cedar --hospital Dogwood \\
      --out net
    keepwell --relay http://localhost:8701 status
    keepwell --home net/alder/home --json block 0

Exit codes:
  0  done
  1  something on this machine: a passphrase, a file, a directory
  2  the command line was wrong
  3  a rule refused it
  4  a relay's answer failed verification
  5  no relay could be reached
  6  it took longer than --timeout

On any other end than 0 nothing is on standard output, and the last line of standard error is
  {\"error\": {\"code\": …, \"message\": …, \"hint\": …, \"got\": …, \"expected\": …}}";

/// Keepwell, the patient-owned medical record, on the command line.
///
/// It does what the page in the browser does, for hospitals' scripts and for operators.
#[derive(Debug, Parser)]
#[command(name = "keepwell", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalOptions,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a network of hospitals.
    #[command(arg_required_else_help = true)]
    Network {
        #[command(subcommand)]
        verb: NetworkVerb,
    },
    /// What a hospital's staff do, with the hospital's home.
    #[command(arg_required_else_help = true)]
    Hospital {
        #[command(subcommand)]
        verb: HospitalVerb,
    },
    /// What a patient does, with the patient's home.
    #[command(arg_required_else_help = true)]
    Patient {
        #[command(subcommand)]
        verb: PatientVerb,
    },
    /// Show how far a relay is: its network, newest block, newest final block and peers.
    ///
    /// This is what the relay says of itself; nothing but the network's name is checked.
    #[command(after_help = "Example:\n  keepwell --relay http://localhost:8701 status")]
    Status,
    /// Show a block by its index or its hash.
    ///
    /// The hash, the Merkle root and every transaction are checked against the header. That the
    /// block belongs to the chain is the relay's word.
    #[command(after_help = "Examples:\n  keepwell --home net/alder/home block 0\n  \
                      keepwell --relay http://localhost:8701 --json block 12")]
    Block(BlockArguments),
}

#[derive(Debug, Args)]
pub(crate) struct BlockArguments {
    /// Its index, or its hash in 64 hex digits.
    #[arg(value_name = "INDEX|HASH", value_parser = parse_block)]
    pub(crate) block: BlockArgument,
}

/// A block by one of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockArgument {
    Index(BlockIndex),
    Hash(BlockHash),
}

/// What the command line ended in, short of a verb.
#[derive(Debug)]
pub(crate) struct NoVerb {
    /// Help, a version or an error.
    pub(crate) clap: clap::Error,
    /// Was `--json` among the arguments?
    pub(crate) is_json: bool,
}

impl Arguments {
    pub(crate) fn from_process() -> Result<Self, NoVerb> {
        Self::parse_line(std::env::args_os())
    }

    fn parse_line(line: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Self, NoVerb> {
        let line: Vec<OsString> = line.into_iter().map(Into::into).collect();
        let is_json = line.iter().any(|argument| argument == "--json");
        Self::try_parse_from(line).map_err(|clap| NoVerb { clap, is_json })
    }
}

fn parse_block(text: &str) -> Result<BlockArgument, String> {
    let is_index = !text.is_empty() && text.len() < 64 && text.bytes().all(|b| b.is_ascii_digit());
    if is_index {
        let index = text.parse().map(BlockArgument::Index);
        return index.map_err(|_| format!("no chain has {text} blocks"));
    }
    let hash = text
        .parse()
        .map(|hash| BlockArgument::Hash(BlockHash(hash)));
    hash.map_err(|error| format!("neither an index nor a hash: {error}"))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};
    use keepwell_primitives::Hash;

    use super::*;

    fn parse(line: &str) -> Result<Arguments, ErrorKind> {
        let words = ["keepwell"].into_iter().chain(line.split_whitespace());
        Arguments::parse_line(words).map_err(|ending| ending.clap.kind())
    }

    #[test]
    fn command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_or_after_the_verb() {
        for line in [
            "--json --relay http://a --relay http://b --home h --timeout 5 status",
            "status --json --relay http://a --relay http://b --home h --timeout 5",
        ] {
            let global = parse(line).unwrap().global;
            assert!(global.json);
            let relays: Vec<_> = global.relays.iter().map(|url| url.as_str()).collect();
            assert_eq!(relays, ["http://a", "http://b"]);
            assert_eq!(global.home.unwrap().to_str(), Some("h"));
            assert_eq!(global.timeout_seconds.get(), 5);
        }
    }

    #[test]
    fn block_is_named_by_index_or_hash() {
        let hash = "0".repeat(63) + "1";
        let mut bytes = [0; 32];
        bytes[31] = 1;
        for (text, expected) in [
            ("0", BlockArgument::Index(BlockIndex(0))),
            ("12", BlockArgument::Index(BlockIndex(12))),
            (hash.as_str(), BlockArgument::Hash(BlockHash(Hash(bytes)))),
        ] {
            assert_eq!(parse_block(text), Ok(expected));
        }
        assert_eq!(
            parse_block("0xff"),
            Err(String::from(
                "neither an index nor a hash: a hash has 64 hex digits, this has 4 characters"
            ))
        );
        assert!(parse_block("").is_err());
        assert!(parse_block(&"9".repeat(30)).is_err());
    }

    #[test]
    fn wrong_lines_are_refused_by_kind() {
        for (line, expected) in [
            ("statis", ErrorKind::InvalidSubcommand),
            ("status --relay ftp://a", ErrorKind::ValueValidation),
            ("status --timeout 0", ErrorKind::ValueValidation),
            ("block", ErrorKind::MissingRequiredArgument),
            ("network new --out d", ErrorKind::MissingRequiredArgument),
            (
                "network new --hospital A",
                ErrorKind::MissingRequiredArgument,
            ),
            (
                "network new --hospital A=http://a --out d",
                ErrorKind::ValueValidation,
            ),
        ] {
            assert_eq!(parse(line).err(), Some(expected), "{line}");
        }
    }

    #[test]
    fn help_teaches() {
        let help = Arguments::command().render_help().to_string();
        for exit in 0..=6 {
            assert!(help.contains(&format!("\n  {exit}  ")), "exit code {exit}");
        }
        let command = Arguments::command();
        let verbs = command.get_subcommands().flat_map(|verb| {
            let inner: Vec<_> = verb.get_subcommands().cloned().collect();
            if inner.is_empty() {
                vec![verb.clone()]
            } else {
                inner
            }
        });
        for mut verb in verbs {
            let help = verb.render_long_help().to_string();
            assert!(
                help.contains("Example"),
                "{} has no example",
                verb.get_name()
            );
        }
    }
}
