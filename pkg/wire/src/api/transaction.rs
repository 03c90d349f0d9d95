//! `POST /v1/transactions` (canonical bytes), `GET /v1/transactions/{txid}`, `GET /v1/mempool`.

use alloc::vec::Vec;

use keepwell_ledger::transaction::Txid;
use keepwell_primitives::{BoundedBytes, limits};
use serde::{Deserialize, Serialize};

use super::BlockName;

/// How far a transaction is. Final means buried, until the network has certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TransactionState {
    /// Waiting at this node.
    Pending,
    /// In a block of the best chain.
    Mined,
    /// In a final block.
    Final,
}

/// The relay has taken the transaction, or had it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitAnswer {
    /// The transaction's name.
    pub txid: Txid,
    /// How far it is.
    pub state: TransactionState,
}

/// A transaction and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransactionAnswer {
    /// Its name.
    pub txid: Txid,
    /// How far it is.
    pub state: TransactionState,
    /// The block it stands in, once mined.
    pub block: Option<BlockName>,
    /// Its canonical bytes.
    pub bytes: BoundedBytes<{ limits::TRANSACTION_BYTES_MAX }>,
}

/// `GET /v1/mempool`: what waits at this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MempoolAnswer {
    /// In the order they would be mined.
    pub transactions: Vec<TransactionAnswer>,
}
