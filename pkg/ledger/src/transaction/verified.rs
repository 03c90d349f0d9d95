//! A transaction whose signatures have been checked.

use alloc::vec::Vec;

use keepwell_keys::{SignatureCheck, SignatureError};

use super::{Transaction, Txid};

/// Built only where every signature inside the transaction was found good. It keeps the bytes and
/// the name, so that neither is computed twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedTransaction {
    transaction: Transaction,
    bytes: Vec<u8>,
    txid: Txid,
}

impl VerifiedTransaction {
    /// Checks the signatures here and now.
    ///
    /// # Errors
    /// [`SignatureError`] of the first bad signature.
    pub fn verify(transaction: Transaction) -> Result<Self, SignatureError> {
        transaction
            .signature_checks()
            .try_for_each(|check| check.verify())?;
        Ok(Self::assembled(transaction))
    }

    /// Checks the signatures of many transactions with `check_all`, which may work in parallel and
    /// must fail unless every one is good.
    ///
    /// # Errors
    /// Whatever `check_all` returns.
    pub fn verify_all<E>(
        transactions: Vec<Transaction>,
        check_all: impl FnOnce(&[SignatureCheck]) -> Result<(), E>,
    ) -> Result<Vec<Self>, E> {
        let checks: Vec<_> = transactions
            .iter()
            .flat_map(Transaction::signature_checks)
            .collect();
        check_all(&checks)?;
        Ok(transactions.into_iter().map(Self::assembled).collect())
    }

    /// The transaction itself.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// Its canonical bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its name.
    pub fn txid(&self) -> Txid {
        self.txid
    }

    fn assembled(transaction: Transaction) -> Self {
        let (bytes, txid) = (transaction.to_bytes(), transaction.txid());
        Self {
            transaction,
            bytes,
            txid,
        }
    }
}
