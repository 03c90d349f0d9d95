//! `keepwell hospital …`

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand};
use keepwell_keys::PatientId;
use keepwell_ledger::transaction::{DiseaseId, Txid};
use keepwell_seal::Coding;

use super::WaitOption;

#[derive(Debug, Subcommand)]
pub(crate) enum HospitalVerb {
    /// Issue a record from a file: seal it, upload it, and put it on the chain.
    ///
    /// The file is FHIR in JSON, PDF, PNG, JPEG or DICOM. It is sealed for the patient before it
    /// leaves this machine.
    #[command(after_help = "\
Examples:
  With the card that the patient showed:
    keepwell --home net/alder/home hospital submit --card kwv1… \\
      --code 'http://snomed.info/sct|38341003' --title 'Discharge letter' letter.pdf
  Into a scope that is open, correcting an earlier record:
    keepwell --home net/alder/home hospital submit --patient kwp1… --disease 5f2c… \\
      --code 'http://snomed.info/sct|38341003' --title 'Discharge letter, corrected' \\
      --supersedes 91ab… letter.pdf")]
    Submit(HospitalSubmit),
    /// List what this hospital issued.
    #[command(after_help = "Example:\n  keepwell --home net/alder/home hospital issued")]
    Issued,
    /// List what this hospital was granted, as far as the grants are live.
    #[command(after_help = "Example:\n  keepwell --home net/birch/home hospital granted")]
    Granted,
    /// Ask the custodians for the keys of granted records.
    #[command(
        after_help = "Example:\n  keepwell --home net/birch/home hospital request --patient kwp1… \
                      --disease 5f2c… --wait final"
    )]
    Request(HospitalRequest),
    /// Open a granted record whose key was requested: check the custodians' answers, download,
    /// verify and decrypt.
    #[command(
        after_help = "Example:\n  keepwell --home net/birch/home hospital open --patient kwp1… \
                      --disease 5f2c… --record 91ab… --out letter.pdf"
    )]
    Open(HospitalOpen),
}

#[derive(Debug, Args)]
pub(crate) struct HospitalSubmit {
    /// The visit card that the patient showed.
    #[arg(long, value_name = "CARD", required_unless_present_all = ["patient", "disease"], conflicts_with_all = ["patient", "disease"])]
    pub(crate) card: Option<String>,
    /// Whose scope it goes to, if that is open already.
    #[arg(long, value_name = "P", requires = "disease")]
    pub(crate) patient: Option<PatientId>,
    /// Which scope.
    #[arg(long, value_name = "D", requires = "patient", value_parser = parse_disease)]
    pub(crate) disease: Option<DiseaseId>,
    /// The disease or reason, as the URI of a code system and a code of it.
    #[arg(long, value_name = "SYSTEM|CODE")]
    pub(crate) code: CodeArgument,
    /// What the record is called.
    #[arg(long, value_name = "T")]
    pub(crate) title: String,
    /// The record that this one corrects.
    #[arg(long, value_name = "TXID", value_parser = parse_txid)]
    pub(crate) supersedes: Option<Txid>,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
    /// The file.
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct HospitalRequest {
    /// Whose records.
    #[arg(long, value_name = "P")]
    pub(crate) patient: PatientId,
    /// In which scope.
    #[arg(long, value_name = "D", value_parser = parse_disease)]
    pub(crate) disease: DiseaseId,
    /// Which; without it all that the grant covers.
    #[arg(long = "record", value_name = "TXID", value_parser = parse_txid)]
    pub(crate) records: Vec<Txid>,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
}

#[derive(Debug, Args)]
pub(crate) struct HospitalOpen {
    /// Whose record.
    #[arg(long, value_name = "P")]
    pub(crate) patient: PatientId,
    /// In which scope.
    #[arg(long, value_name = "D", value_parser = parse_disease)]
    pub(crate) disease: DiseaseId,
    /// Which.
    #[arg(long, value_name = "TXID", value_parser = parse_txid)]
    pub(crate) record: Txid,
    /// Where to; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// A code as `SYSTEM|CODE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeArgument(pub(crate) Coding);

impl FromStr for CodeArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('|') {
            Some((system, code)) if !system.is_empty() && !code.is_empty() => Ok(Self(Coding {
                system: String::from(system),
                code: String::from(code),
            })),
            _ => Err(String::from(
                "a code is written as its system's URI, a bar, and the code: \
                 'http://snomed.info/sct|38341003'",
            )),
        }
    }
}

pub(super) fn parse_disease(text: &str) -> Result<DiseaseId, String> {
    let hash = text.parse().map(DiseaseId);
    hash.map_err(|error| error.to_string())
}

pub(super) fn parse_txid(text: &str) -> Result<Txid, String> {
    let hash = text.parse().map(Txid);
    hash.map_err(|error| error.to_string())
}
