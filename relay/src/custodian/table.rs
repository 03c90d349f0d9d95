//! What a custodian keeps, as keys and values of the store.

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::transaction::{DiseaseId, Txid};
use keepwell_primitives::{
    BoundedBytes, BoundedList, Timestamp, decode_canonical, encode_canonical, limits,
};

use crate::store::StoreError;

/// No value is longer: an answer of 16 items of 16 KiB with its transaction.
const VALUE_BYTES_MAX: usize = 512 * 1024;

/// In `Table::Meta`: the last block whose requests, grants and revocations were looked at.
pub(super) const LAST_BLOCK: &[u8] = b"custodian-last-block";

/// In `Table::Meta`: the next number in the mailbox.
pub(super) const NEXT_SEQUENCE: &[u8] = b"mailbox-next-sequence";

/// In `Table::Requests`: a request that waits for this custodian's answer.
pub(super) const WAITING: u8 = b'w';

/// In `Table::Requests`: an answer that is not yet mined or not yet delivered.
pub(super) const ANSWERED: u8 = b'a';

/// In `Table::Requests`: a fragment that a patient handed over for another custodian.
pub(super) const CARRIED: u8 = b'f';

/// In `Table::Mailbox`: items in the order they came.
pub(super) const ITEM: u8 = b'i';

/// In `Table::Mailbox`: which items are there, so that none is taken twice.
pub(super) const ITEM_SEEN: u8 = b's';

/// A request that waits for this custodian's answer.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(super) struct WaitingRequest {
    pub(super) service_requester_id: HospitalId,
    pub(super) txid: Txid,
    pub(super) time: Timestamp,
}

/// An answer on its way: the transaction to the chain, the items to the requester's mailbox.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(super) struct StoredAnswer {
    pub(super) service_requester_id: HospitalId,
    pub(super) request_index: u32,
    pub(super) request_txid: Txid,
    /// The AnswerRequest transaction.
    pub(super) transaction: BoundedBytes<{ limits::TRANSACTION_BYTES_MAX }>,
    pub(super) txid: Txid,
    /// When this custodian decided, by its own clock.
    pub(super) decided_at: Timestamp,
    /// Items that are still to be delivered.
    pub(super) items: BoundedList<BoundedBytes<{ limits::MAILBOX_ITEM_BYTES_MAX }>, 16>,
}

/// A fragment on its way from a patient to a custodian, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(super) struct CarriedFragment {
    pub(super) grant_txid: Txid,
    pub(super) custodian_id: HospitalId,
    pub(super) sealed_fragment: BoundedBytes<{ limits::SEALED_FRAGMENT_BYTES }>,
    /// 0 waiting, 1 acknowledged, 2 rejected.
    pub(super) state: u8,
    /// When the patient handed it over, by this relay's clock.
    pub(super) taken_at: Timestamp,
}

/// An item in the hospital's mailbox.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(super) struct StoredItem {
    pub(super) custodian_id: HospitalId,
    pub(super) request_txid: Txid,
    pub(super) received_at: Timestamp,
    pub(super) bytes: BoundedBytes<{ limits::MAILBOX_ITEM_BYTES_MAX }>,
}

/// `Table::Fragments`: under the access it serves, so that all grants of one access lie together.
pub(super) fn fragment_key(
    patient: &PatientId,
    disease: &DiseaseId,
    requester: &HospitalId,
    grant: &Txid,
) -> Vec<u8> {
    [
        fragments_prefix(patient, disease, requester).as_slice(),
        grant.as_bytes(),
    ]
    .concat()
}

/// All fragments of one access.
pub(super) fn fragments_prefix(
    patient: &PatientId,
    disease: &DiseaseId,
    requester: &HospitalId,
) -> Vec<u8> {
    [
        patient.as_bytes().as_slice(),
        disease.as_bytes(),
        requester.as_bytes(),
    ]
    .concat()
}

/// `Table::Requests`: a request by the transaction that asked.
pub(super) fn by_request(kind: u8, request: &Txid) -> Vec<u8> {
    [&[kind], request.as_bytes().as_slice()].concat()
}

/// `Table::Requests`: a carried fragment under the patient who handed it over.
pub(super) fn carried_key(patient: &PatientId, grant: &Txid, custodian: &HospitalId) -> Vec<u8> {
    let parts: [&[u8]; 4] = [
        &[CARRIED],
        patient.as_bytes(),
        grant.as_bytes(),
        custodian.as_bytes(),
    ];
    parts.concat()
}

/// Reads a value that this module wrote.
pub(super) fn decode<T: alloy_rlp::Decodable + alloy_rlp::Encodable>(
    bytes: &[u8],
) -> Result<T, StoreError> {
    decode_canonical(bytes, VALUE_BYTES_MAX).map_err(|error| StoreError::Failed {
        reason: format!("a stored value of the custodian is corrupt: {error}"),
    })
}

/// The bytes of a value.
pub(super) fn encode<T: alloy_rlp::Encodable>(value: &T) -> Vec<u8> {
    encode_canonical(value)
}
