//! What is on its way: transactions that wait at a relay and, as things stand, will be mined.
//!
//! Nothing of it is on the chain yet, and a relay that shows none may hide some. But what is shown
//! was signed by whom it says: a relay cannot make up a record, nor pass an old one off as new.

#[cfg(test)]
mod tests;

use alloc::{collections::BTreeMap, vec::Vec};

use keepwell_keys::{HospitalId, PatientId, PublicKey, SecretKey};
use keepwell_ledger::{
    execute::Sender,
    state::Scope,
    transaction::{
        DiseaseId, Envelope, Ordering, Payload, SubmitRecord, Transaction, Txid,
        VerifiedTransaction,
    },
};
use keepwell_light::{LightClient, PatientView};
use keepwell_primitives::Timestamp;
use keepwell_seal::{SealedSummary, Summary, open_as_patient};
use keepwell_wire::api::TransactionState;

use super::{Patient, records::sealed_key_of};
use crate::Hospitals;

/// A record that its hospital has sent and that no block contains yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRecord {
    /// Its transaction.
    pub txid: Txid,
    /// What the hospital signed.
    pub submit: SubmitRecord,
    /// [`TransactionState::Pending`].
    pub state: TransactionState,
    /// What it is called.
    pub summary: Summary,
}

/// A grant or a revocation that the patient has sent, on this device or another, and that no block
/// contains yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingOwn {
    /// Its name.
    pub txid: Txid,
    /// Its place among the persona's transactions, and when it lapses.
    pub order: Ordering,
    /// What it does.
    pub payload: Payload,
}

/// The records on their way to a persona, in the order of their hospital's nonces. `mempool` is
/// what waits at a relay.
///
/// A record is listed only if
/// - it is signed by the current authority key of the persona's hospital, which is active in the
///   verified directory;
/// - its nonce is not used and it has not lapsed, as far as the verified chain goes, so that it is
///   no record of the past;
/// - it is not in the view;
/// - its scope is of this patient's making and open, or opens with a good card of theirs;
/// - its sealed summary opens.
pub fn pending(
    patient: &Patient,
    hospital_id: &HospitalId,
    light: &LightClient,
    mempool: &[Transaction],
    now: Timestamp,
) -> Vec<PendingRecord> {
    let hospitals = Hospitals::of(light);
    let Some(named) = hospitals
        .by_id(hospital_id)
        .filter(|named| named.hospital.is_active())
    else {
        return Vec::new();
    };
    let sender = SenderStanding {
        sender: Sender::Hospital(*hospital_id),
        public_key: named.hospital.public_keys.authority,
        nonce: named.hospital.nonce,
    };
    let patient_id = patient.id_at(hospital_id);
    let mut addressed = Addressed {
        patient,
        hospital_id,
        patient_id,
        light,
        now,
        opening: BTreeMap::new(),
    };
    let waiting = sender.waiting(light, mempool).into_iter();
    waiting
        .filter_map(|(envelope, transaction)| match &envelope.payload {
            Payload::SubmitRecord(submit) if submit.patient_id == patient_id => {
                addressed.record(submit, transaction)
            }
            _ => None,
        })
        .collect()
}

/// The persona's own transactions that wait, in the order of their nonces: signed by its key, for
/// nonces that are not used.
pub fn pending_own(
    patient: &Patient,
    hospital_id: &HospitalId,
    light: &LightClient,
    mempool: &[Transaction],
) -> Vec<PendingOwn> {
    let (patient_id, keys) = (patient.id_at(hospital_id), patient.keys_at(hospital_id));
    // Who has no account cannot send.
    let Some(account) = light.patient(&patient_id).and_then(PatientView::account) else {
        return Vec::new();
    };
    let sender = SenderStanding {
        sender: Sender::Patient(patient_id),
        public_key: keys.identity(0).public_key(),
        nonce: account.nonce,
    };
    let waiting = sender.waiting(light, mempool).into_iter();
    waiting
        .filter(|(_, transaction)| is_signed(transaction))
        .map(|(envelope, transaction)| PendingOwn {
            txid: transaction.txid(),
            order: envelope.order,
            payload: envelope.payload.clone(),
        })
        .collect()
}

/// What the verified chain says of a sender.
struct SenderStanding {
    sender: Sender,
    public_key: PublicKey,
    nonce: u64,
}

impl SenderStanding {
    /// Those of its transactions that may still be mined, by nonce. Signatures are not checked.
    fn waiting<'m>(
        &self,
        light: &LightClient,
        mempool: &'m [Transaction],
    ) -> Vec<(&'m Envelope<Payload, Ordering>, &'m Transaction)> {
        let head = light.head().index();
        let sent = mempool.iter().filter_map(|transaction| match transaction {
            Transaction::Sent(envelope) => Some((envelope, transaction)),
            Transaction::Answer(_) => None,
        });
        let of_sender = sent.filter(|(envelope, _)| {
            Sender::of(&envelope.payload) == self.sender
                && envelope.sender_public_key == self.public_key
                && envelope.order.nonce >= self.nonce
                && envelope.order.valid_until_index > head
        });
        let mut waiting: Vec<_> = of_sender.collect();
        waiting.sort_by_key(|(envelope, _)| envelope.order.nonce);
        waiting
    }
}

/// Records addressed to one persona, looked at in the order in which they would be mined.
struct Addressed<'a> {
    patient: &'a Patient,
    hospital_id: &'a HospitalId,
    patient_id: PatientId,
    light: &'a LightClient,
    now: Timestamp,
    /// Scopes that records before this one open.
    opening: BTreeMap<DiseaseId, SecretKey>,
}

impl Addressed<'_> {
    fn record(
        &mut self,
        submit: &SubmitRecord,
        transaction: &Transaction,
    ) -> Option<PendingRecord> {
        let txid = transaction.txid();
        let view = self.light.patient(&self.patient_id);
        let mut known = view.map_or(&[][..], PatientView::records).iter();
        if known.any(|record| record.txid == txid) || !self.supersedes_rightly(submit, view) {
            return None;
        }
        let scope_key = self.scope_key(submit, view)?;
        if !is_signed(transaction) {
            return None;
        }
        let sealed = sealed_key_of(&submit.capsule, &submit.encrypted_record_key).ok()?;
        let key = open_as_patient(&scope_key, &sealed).ok()?;
        let summary = SealedSummary::from_bytes(&submit.sealed_summary).ok()?;
        let summary = summary.open(&key.summary_key()).ok()?;
        if submit.scope_opening.0.is_some() {
            self.opening.insert(submit.disease_id, scope_key);
        }
        Some(PendingRecord {
            txid,
            submit: submit.clone(),
            state: TransactionState::Pending,
            summary,
        })
    }

    /// The key of the record's scope, if that takes records: it is open, or opens with this one's
    /// card, or with that of a record before it.
    fn scope_key(&self, submit: &SubmitRecord, view: Option<&PatientView>) -> Option<SecretKey> {
        let scope = view.and_then(|view| view.scopes().get(&submit.disease_id));
        let is_first = scope.is_none() && !self.opening.contains_key(&submit.disease_id);
        match (scope, &submit.scope_opening.0) {
            (_, Some(card)) if is_first => {
                let account = view.and_then(PatientView::account);
                let account_key = account.map(|account| &account.public_key);
                let genesis_hash = self.light.network().hash();
                card.check(&genesis_hash, self.hospital_id, account_key, self.now)
                    .ok()?;
                self.patient
                    .scope_key(self.hospital_id, &card.scope_public_key)
            }
            (Some(scope), None) if is_open(scope, self.hospital_id) => {
                self.patient.scope_key(self.hospital_id, &scope.public_key)
            }
            (None, None) => self.opening.get(&submit.disease_id).cloned(),
            // A scope opens once.
            _ => None,
        }
    }

    /// A record corrects one that is there, of the same hospital.
    fn supersedes_rightly(&self, submit: &SubmitRecord, view: Option<&PatientView>) -> bool {
        let Some(reference) = submit.supersedes.0 else {
            return true;
        };
        let mut records = (0..).zip(view.map_or(&[][..], PatientView::records));
        records.any(|(index, record)| {
            index == reference.index
                && record.txid == reference.txid
                && record.service_provider_id == *self.hospital_id
        })
    }
}

fn is_open(scope: &Scope, hospital_id: &HospitalId) -> bool {
    scope.closed_index.0.is_none() && scope.service_provider_id == *hospital_id
}

/// Every signature inside, the visit card's too.
fn is_signed(transaction: &Transaction) -> bool {
    VerifiedTransaction::verify(transaction.clone()).is_ok()
}
