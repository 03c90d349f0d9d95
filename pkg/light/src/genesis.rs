//! The trust anchor: the genesis whose hash the client was given by someone it trusts.

use keepwell_keys::GenesisHash;
use keepwell_ledger::genesis::{Genesis, GenesisError, GenesisFile};

/// Checks a genesis file, from wherever it came, against the hash that names the network.
///
/// # Errors
/// [`GenesisRefused::Malformed`] for a file that is no genesis; [`GenesisRefused::OtherNetwork`]
/// for one of another network.
pub fn check_genesis(file: GenesisFile, expected: GenesisHash) -> Result<Genesis, GenesisRefused> {
    let genesis = Genesis::new(file)?;
    let got = genesis.hash();
    if got != expected {
        return Err(GenesisRefused::OtherNetwork { got, expected });
    }
    Ok(genesis)
}

/// Why a genesis file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum GenesisRefused {
    /// No network could start from it.
    #[error("the genesis file is wrong: {0}")]
    Malformed(#[from] GenesisError),
    /// A good file, of another network.
    #[error("the genesis file is of network {got}, expected {expected}")]
    OtherNetwork {
        got: GenesisHash,
        expected: GenesisHash,
    },
}
