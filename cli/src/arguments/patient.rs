//! `keepwell patient …`

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand};
use keepwell_keys::{GenesisHash, PatientId};
use keepwell_ledger::transaction::{DiseaseId, PurposeCode, Txid};

use super::{
    WaitOption,
    hospital::{parse_disease, parse_txid},
};
use crate::until::Until;

#[derive(Debug, Subcommand)]
pub(crate) enum PatientVerb {
    /// Make a new patient: 24 words, and a home for them.
    ///
    /// The words are printed once and are all that is needed to restore everything. Whoever has
    /// them can read every record.
    #[command(
        after_help = "Example:\n  keepwell --home rosa patient new --genesis net/genesis.toml"
    )]
    New(PatientNew),
    /// Make a home for a patient who has their 24 words, and find their hospitals again.
    ///
    /// Each hospital's own relay is asked for the patient as that hospital knows them.
    #[command(
        after_help = "Example:\n  keepwell --home rosa2 patient restore --genesis net/genesis.toml \
                      --phrase-file words.txt"
    )]
    Restore(PatientRestore),
    /// Make a visit card, by which a hospital can write into a scope.
    ///
    /// It names one hospital, lapses after a day, and opens its scope once.
    #[command(
        after_help = "Examples:\n  keepwell --home rosa patient card --hospital Alder\n  \
                      keepwell --home rosa patient card --hospital Alder --new-scope 'skin'"
    )]
    Card(PatientCard),
    /// List the patient's records, verified, with their titles.
    #[command(after_help = "Example:\n  keepwell --home rosa patient records --at-least 1")]
    Records(PatientRecords),
    /// Open a record: download, verify and decrypt.
    #[command(
        after_help = "Example:\n  keepwell --home rosa patient open --patient kwp1… --record 91ab… \
                      --out letter.pdf"
    )]
    Open(PatientOpen),
    /// Let a hospital open a scope until a date.
    ///
    /// It replaces that hospital's earlier grant on the scope as a whole.
    #[command(
        after_help = "Examples:\n  keepwell --home rosa patient grant --patient kwp1… --disease \
                      5f2c… --to Birch --until 7d\n  keepwell --home rosa patient grant --patient \
                      kwp1… --disease 5f2c… --to Birch --until 2027-03-01 --record 91ab… \
                      --custodian Alder --custodian Cedar"
    )]
    Grant(PatientGrant),
    /// Take a grant back.
    ///
    /// What the hospital has opened it has. Named on the hospital that issued the records, it only
    /// closes the scope.
    #[command(
        after_help = "Example:\n  keepwell --home rosa patient revoke --patient kwp1… --disease \
                      5f2c… --from Birch"
    )]
    Revoke(PatientRevoke),
    /// Show what happened to the patient's records: complete, and proved to be.
    #[command(after_help = "Example:\n  keepwell --home rosa patient log")]
    Log,
}

#[derive(Debug, Args)]
pub(crate) struct PatientNew {
    /// The network: its genesis file, or its hash and a relay to get the file from.
    #[arg(long, value_name = "HASH|FILE")]
    pub(crate) genesis: GenesisArgument,
}

#[derive(Debug, Args)]
pub(crate) struct PatientRestore {
    /// The network: its genesis file, or its hash and a relay to get the file from.
    #[arg(long, value_name = "HASH|FILE")]
    pub(crate) genesis: GenesisArgument,
    /// A file with the 24 words.
    #[arg(long, value_name = "F")]
    pub(crate) phrase_file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PatientCard {
    /// The hospital, by name or id.
    #[arg(long, value_name = "H")]
    pub(crate) hospital: String,
    /// Open a scope of its own under this name, instead of the general one.
    #[arg(long, value_name = "LABEL")]
    pub(crate) new_scope: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PatientRecords {
    /// Wait until there are as many.
    #[arg(long, value_name = "N", default_value = "0")]
    pub(crate) at_least: usize,
}

#[derive(Debug, Args)]
pub(crate) struct PatientOpen {
    /// The id under which the issuing hospital knows the patient.
    #[arg(long, value_name = "P")]
    pub(crate) patient: PatientId,
    /// Which record.
    #[arg(long, value_name = "TXID", value_parser = parse_txid)]
    pub(crate) record: Txid,
    /// Where to; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PatientGrant {
    /// The id under which the issuing hospital knows the patient.
    #[arg(long, value_name = "P")]
    pub(crate) patient: PatientId,
    /// The scope.
    #[arg(long, value_name = "D", value_parser = parse_disease)]
    pub(crate) disease: DiseaseId,
    /// The hospital that may open it, by name or id.
    #[arg(long, value_name = "H")]
    pub(crate) to: String,
    /// When it ends: 12h, 7d, 2w or 1y from now, through a day, at a moment, or when revoked.
    #[arg(long, value_name = "7d|DATE|revoked")]
    pub(crate) until: Until,
    /// These records only; without it all of the scope, later ones too.
    #[arg(long = "record", value_name = "TXID", value_parser = parse_txid)]
    pub(crate) records: Vec<Txid>,
    /// What for, as a code of HL7's PurposeOfUse.
    #[arg(long, value_name = "CODE", default_value = "TREAT")]
    pub(crate) purpose: PurposeCode,
    /// Who holds the keys' fragments, by name or id; without it the issuer and two others.
    #[arg(long = "custodian", value_name = "H")]
    pub(crate) custodians: Vec<String>,
    /// How many of them must answer; two unless the issuer is alone.
    #[arg(long, value_name = "T")]
    pub(crate) threshold: Option<u32>,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
}

#[derive(Debug, Args)]
pub(crate) struct PatientRevoke {
    /// The id under which the issuing hospital knows the patient.
    #[arg(long, value_name = "P")]
    pub(crate) patient: PatientId,
    /// The scope.
    #[arg(long, value_name = "D", value_parser = parse_disease)]
    pub(crate) disease: DiseaseId,
    /// The hospital that loses access, by name or id.
    #[arg(long, value_name = "H")]
    pub(crate) from: String,
    /// Close the scope too: later records must go to another.
    #[arg(long)]
    pub(crate) close_scope: bool,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
}

/// A network, as a patient is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GenesisArgument {
    Hash(GenesisHash),
    File(PathBuf),
}

impl FromStr for GenesisArgument {
    type Err = std::convert::Infallible;

    /// 64 hex digits are a hash; a file of such a name is named as `./…`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.parse() {
            Ok(hash) => Self::Hash(GenesisHash(hash)),
            Err(_) => Self::File(PathBuf::from(text)),
        })
    }
}
