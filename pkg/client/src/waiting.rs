//! What waits at a relay: its word, as far as a word can be checked.

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use keepwell_keys::GenesisHash;
use keepwell_ledger::transaction::{MalformedTransaction, Transaction, Txid};
use keepwell_wire::api::{TransactionAnswer, TransactionState};

use crate::{ClientError, Clock, Relay, Session, api};

/// Why a transaction that is said to wait cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum WaitingError {
    /// Its bytes are not canonical, or of another network.
    #[error("the transaction {txid} cannot be read: {error}")]
    Malformed {
        txid: Txid,
        error: MalformedTransaction,
    },
    /// The bytes are those of another transaction.
    #[error("a transaction is called {got}, its name is {expected}")]
    Name { got: Txid, expected: Txid },
    /// What waits stands in no block.
    #[error("the transaction {txid} is said to wait and to be mined")]
    Mined { txid: Txid },
    /// It would be shown twice.
    #[error("the transaction {txid} is said to wait twice")]
    Twice { txid: Txid },
}

impl<R: Relay, C: Clock> Session<'_, R, C> {
    /// What waits at the relay, in the order it came there. Each is canonical, of this network, and
    /// there once; whether its signatures are good, and whether the rules allow it, is not known yet. A relay
    /// shows the first 256, and that it shows all of them is its word.
    ///
    /// # Errors
    /// Those of the relay; [`ClientError::Waiting`] for what cannot wait.
    pub async fn mempool(&self) -> Result<Vec<Transaction>, ClientError> {
        waiting(self.relay, &self.genesis_hash()).await
    }
}

/// What waits at a relay; see [`Session::mempool`].
pub(crate) async fn waiting(
    relay: &impl Relay,
    genesis_hash: &GenesisHash,
) -> Result<Vec<Transaction>, ClientError> {
    let answer = api::mempool(relay).await?;
    let mut names = BTreeSet::new();
    let waiting = answer.transactions.iter();
    let checked = waiting.map(|waiting| {
        let txid = waiting.txid;
        if !names.insert(txid) {
            return Err(WaitingError::Twice { txid });
        }
        check(waiting, genesis_hash)
    });
    let checked = checked.collect::<Result<_, _>>();
    checked.map_err(|error| ClientError::Waiting {
        relay: String::from(relay.name()),
        error,
    })
}

fn check(
    waiting: &TransactionAnswer,
    genesis_hash: &GenesisHash,
) -> Result<Transaction, WaitingError> {
    let txid = waiting.txid;
    if waiting.state != TransactionState::Pending || waiting.block.is_some() {
        return Err(WaitingError::Mined { txid });
    }
    let transaction = Transaction::from_bytes(&waiting.bytes, genesis_hash)
        .map_err(|error| WaitingError::Malformed { txid, error })?;
    let expected = transaction.txid();
    if txid != expected {
        return Err(WaitingError::Name {
            got: txid,
            expected,
        });
    }
    Ok(transaction)
}
