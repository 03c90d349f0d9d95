//! `GET|POST /v1/mailbox`: what waits for a hospital, and the fragments a patient hands over.
//!
//! Everything inside is sealed for its receiver or checked by it; the relay only carries.

use alloc::vec::Vec;

use keepwell_keys::HospitalId;
use keepwell_ledger::transaction::Txid;
use keepwell_primitives::{BoundedBytes, Timestamp, limits};
use serde::{Deserialize, Serialize};

/// `POST /v1/mailbox`, with the patient's token: fragments of one grant for its custodians.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MailboxPost {
    /// One for each custodian.
    pub fragments: Vec<FragmentDelivery>,
}

/// A fragment, encrypted to a custodian's custody key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FragmentDelivery {
    /// The grant it belongs to.
    pub grant_txid: Txid,
    /// Who it is for.
    pub custodian_id: HospitalId,
    /// What only the custodian can open.
    pub sealed_fragment: BoundedBytes<{ limits::SEALED_FRAGMENT_BYTES }>,
}

/// How far a fragment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryState {
    /// Kept by the relay, which tries until the custodian answers.
    Waiting,
    /// The custodian's node has acknowledged it.
    Acknowledged,
    /// The custodian's node has found it wrong.
    Rejected,
}

/// How far the fragment for one custodian is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FragmentStatus {
    /// The grant.
    pub grant_txid: Txid,
    /// The custodian.
    pub custodian_id: HospitalId,
    /// How far.
    pub state: DeliveryState,
}

/// Something a custodian sent to a requesting hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MailboxItem {
    /// Counts up; a client asks on from the last it has seen.
    pub sequence: u64,
    /// Who sent it.
    pub custodian_id: HospitalId,
    /// The request it answers.
    pub request_txid: Txid,
    /// When it came.
    pub received_at: Timestamp,
    /// Re-encrypted fragments, in custody's canonical bytes.
    pub bytes: BoundedBytes<{ limits::MAILBOX_ITEM_BYTES_MAX }>,
}

/// `GET /v1/mailbox?since=`: to a hospital what waits for it, to a patient how far the fragments
/// are that they handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MailboxAnswer {
    /// For a hospital.
    pub items: Vec<MailboxItem>,
    /// For a patient.
    pub fragments: Vec<FragmentStatus>,
}
