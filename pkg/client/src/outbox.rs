//! What was sent and is in no block yet, as far as this device knows.
//!
//! A relay that has taken a transaction can lose it: with its disk, or by not telling the others
//! before it is out for good. So all of them are sent again with each new one, until the verified
//! chain shows that they are settled (`docs/protocol.md`, section 6).

use alloc::vec::Vec;

use keepwell_keys::{GenesisHash, HospitalId, PatientId};
use keepwell_ledger::{
    execute::Sender,
    transaction::{Envelope, MalformedTransaction, Ordering, Payload, Transaction, Txid},
};
use keepwell_light::{Interest, LightClient};
use keepwell_primitives::{
    BoundedBytes, CanonicalError, decode_canonical, encode_canonical, limits,
};

/// Transactions that are kept: all that four personas may have waiting. Beyond, the oldest go.
pub const OUTBOX_TRANSACTIONS_MAX: usize = 4 * limits::PENDING_PER_SENDER_MAX;

/// An outbox read back from storage: as many transactions of the largest kind, with their heads.
const OUTBOX_BYTES_MAX: usize = OUTBOX_TRANSACTIONS_MAX * (limits::TRANSACTION_BYTES_MAX + 8);

/// Own signed transactions that relays have taken and that are not settled, oldest first.
///
/// Canonically the list of their canonical bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    entries: Vec<Outgoing>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    txid: Txid,
    envelope: Envelope<Payload, Ordering>,
}

/// Why stored bytes are no outbox.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboxError {
    /// Not a list of transactions.
    #[error("the outbox cannot be read: {0}")]
    Bytes(#[from] CanonicalError),
    /// One of them is none, or of another network.
    #[error("a transaction of the outbox cannot be read: {0}")]
    Transaction(#[from] MalformedTransaction),
}

impl Outbox {
    /// What is not settled, oldest first.
    pub fn entries(&self) -> &[Outgoing] {
        &self.entries
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        let bytes = self.entries.iter().map(Outgoing::to_bytes);
        let bounded = bytes.filter_map(|bytes| Stored::new(bytes).ok());
        encode_canonical(&bounded.collect::<Vec<_>>())
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn from_bytes(bytes: &[u8], genesis_hash: &GenesisHash) -> Result<Self, OutboxError> {
        let stored: Vec<Stored> = decode_canonical(bytes, OUTBOX_BYTES_MAX)?;
        let mut outbox = Self::default();
        for bytes in &stored {
            outbox.keep(&Transaction::from_bytes(bytes, genesis_hash)?);
        }
        Ok(outbox)
    }

    /// Takes in what a relay has taken. It stands in the place of one with the same sender and
    /// nonce, of which only one can be mined.
    pub(crate) fn keep(&mut self, transaction: &Transaction) {
        // Answers are sent by hosts, which keep their own.
        let Transaction::Sent(envelope) = transaction else {
            return;
        };
        let kept = Outgoing {
            txid: transaction.txid(),
            envelope: envelope.clone(),
        };
        let place = |entry: &Outgoing| (entry.sender(), entry.order().nonce);
        self.entries.retain(|entry| place(entry) != place(&kept));
        if self.entries.len() >= OUTBOX_TRANSACTIONS_MAX {
            self.entries.remove(0);
        }
        self.entries.push(kept);
    }

    /// Lets go of what the verified chain has settled: mined, its nonce used by another, or lapsed.
    pub(crate) fn forget_settled(&mut self, light: &LightClient) {
        let head = light.head().index();
        self.entries.retain(|entry| {
            let order = entry.order();
            let next = next_nonce(light, &interest(&entry.sender())).unwrap_or(0);
            order.nonce >= next && order.valid_until_index > head
        });
    }

    /// What is of this sender, in the order of its nonces.
    pub(crate) fn of(&self, sender: &Interest) -> Vec<Outgoing> {
        let entries = self.entries.iter();
        let of_sender = entries.filter(|entry| interest(&entry.sender()) == *sender);
        let mut of_sender: Vec<_> = of_sender.cloned().collect();
        of_sender.sort_by_key(|entry| entry.order().nonce);
        of_sender
    }
}

impl Outgoing {
    /// Its name.
    pub fn txid(&self) -> Txid {
        self.txid
    }

    /// The persona or hospital that sends it.
    pub fn sender(&self) -> Sender {
        Sender::of(&self.envelope.payload)
    }

    /// Its place among the sender's, and when it lapses.
    pub fn order(&self) -> Ordering {
        self.envelope.order
    }

    /// What it does.
    pub fn payload(&self) -> &Payload {
        &self.envelope.payload
    }

    /// Its canonical bytes, as they are sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        Transaction::Sent(self.envelope.clone()).to_bytes()
    }
}

/// The next nonce of a sender by the verified state; `None` for one that was not read, or that the
/// state does not know.
pub(crate) fn next_nonce(light: &LightClient, sender: &Interest) -> Option<u64> {
    let patient = |id: &PatientId| Some(light.patient(id)?.account()?.nonce);
    let hospital = |id: &HospitalId| Some(light.hospital(id)?.hospital()?.nonce);
    match sender {
        Interest::Patient(id) => patient(id),
        Interest::Hospital(id) => hospital(id),
        Interest::Directory => None,
    }
}

fn interest(sender: &Sender) -> Interest {
    match sender {
        Sender::Patient(id) => Interest::Patient(*id),
        Sender::Hospital(id) => Interest::Hospital(*id),
    }
}

type Stored = BoundedBytes<{ limits::TRANSACTION_BYTES_MAX }>;

#[cfg(test)]
mod tests {
    use keepwell_ledger::transaction::{DiseaseId, RevokeAccess};
    use keepwell_primitives::BlockIndex;

    use super::*;
    use crate::test_network::{Staff, light_client};

    fn revocation(patient: u8, nonce: u64, until: u64, close_scope: bool) -> Transaction {
        let key = Staff::numbered(patient).authority;
        let revoke = RevokeAccess {
            patient_id: PatientId::of(&key.public_key()),
            service_requester_id: Staff::numbered(2).id,
            service_provider_id: Staff::numbered(1).id,
            disease_id: DiseaseId::default(),
            close_scope,
        };
        let order = Ordering {
            nonce,
            valid_until_index: BlockIndex(until),
        };
        let genesis_hash = light_client().network().hash();
        Transaction::sign(Payload::RevokeAccess(revoke), order, genesis_hash, &key)
    }

    fn outbox(transactions: &[Transaction]) -> Outbox {
        let mut outbox = Outbox::default();
        for transaction in transactions {
            outbox.keep(transaction);
        }
        outbox
    }

    #[test]
    fn outbox_survives_its_bytes_and_refuses_others() {
        let outbox = outbox(&[revocation(1, 0, 9, true), revocation(2, 0, 9, true)]);
        let genesis_hash = light_client().network().hash();
        let bytes = outbox.to_bytes();
        assert_eq!(Outbox::from_bytes(&bytes, &genesis_hash), Ok(outbox));
        let cut = Outbox::from_bytes(&bytes[..bytes.len() - 1], &genesis_hash);
        assert!(matches!(cut, Err(OutboxError::Bytes(_))));
        let other = GenesisHash(keepwell_primitives::Hash([7; 32]));
        assert!(matches!(
            Outbox::from_bytes(&bytes, &other),
            Err(OutboxError::Transaction(
                MalformedTransaction::WrongGenesis { .. }
            ))
        ));
    }

    #[test]
    fn one_of_two_under_the_same_nonce_is_kept_and_senders_are_told_apart() {
        let (first, second) = (revocation(1, 0, 9, false), revocation(1, 0, 9, true));
        let (later, of_other) = (revocation(1, 1, 9, true), revocation(2, 0, 9, true));
        let outbox = outbox(&[later.clone(), first, of_other, second.clone()]);
        let sender = PatientId::of(&Staff::numbered(1).authority.public_key());
        let txids: Vec<_> = outbox
            .of(&Interest::Patient(sender))
            .iter()
            .map(Outgoing::txid)
            .collect();
        assert_eq!(txids, [second.txid(), later.txid()]);
        assert_eq!(outbox.entries().len(), 3);
    }

    #[test]
    fn lapsed_transaction_is_let_go() {
        // The head is block 0: what may stand in no later block is settled.
        let mut outbox = outbox(&[revocation(1, 0, 0, true), revocation(1, 1, 1, true)]);
        outbox.forget_settled(&light_client());
        let nonces = outbox.entries().iter().map(|entry| entry.order().nonce);
        assert_eq!(nonces.collect::<Vec<_>>(), [1]);
    }
}
