//! The keys of the two tries. Indexes are big-endian and of fixed width, so that keys sort by
//! index.

use alloc::vec::Vec;

use keepwell_keys::{HospitalId, PatientId};
use keepwell_primitives::Hash;

use crate::transaction::DiseaseId;

/// Patient trie: the account.
pub fn account_key(patient: &PatientId) -> Vec<u8> {
    patient.as_bytes().to_vec()
}

/// Patient trie: a scope.
pub fn scope_key(patient: &PatientId, disease: &DiseaseId) -> Vec<u8> {
    [patient.as_bytes(), b"s".as_slice(), disease.as_bytes()].concat()
}

/// Patient trie: a record.
pub fn record_key(patient: &PatientId, index: u32) -> Vec<u8> {
    indexed(patient.as_bytes(), b"r", index)
}

/// Patient trie: an event.
pub fn event_key(patient: &PatientId, index: u32) -> Vec<u8> {
    indexed(patient.as_bytes(), b"e", index)
}

/// Hospital trie: the hospital itself.
pub fn hospital_key(hospital: &HospitalId) -> Vec<u8> {
    hospital.as_bytes().to_vec()
}

/// Hospital trie: a scope it was ever granted.
pub fn access_key(hospital: &HospitalId, index: u32) -> Vec<u8> {
    indexed(hospital.as_bytes(), b"a", index)
}

/// Hospital trie: a scope it ever opened to write into.
pub fn issued_key(hospital: &HospitalId, index: u32) -> Vec<u8> {
    indexed(hospital.as_bytes(), b"i", index)
}

/// Hospital trie: a key request it made.
pub fn request_key(hospital: &HospitalId, index: u32) -> Vec<u8> {
    indexed(hospital.as_bytes(), b"q", index)
}

/// Hospital trie: how many hospitals were ever enrolled.
pub fn directory_key() -> Vec<u8> {
    Hash::tagged("directory", &[]).as_bytes().to_vec()
}

/// Hospital trie: the id of a hospital ever enrolled.
pub fn directory_entry_key(index: u32) -> Vec<u8> {
    indexed(Hash::tagged("directory", &[]).as_bytes(), b"", index)
}

/// Hospital trie: the council leaf.
pub fn council_key() -> Vec<u8> {
    Hash::tagged("council", &[]).as_bytes().to_vec()
}

fn indexed(owner: &[u8; 32], kind: &[u8], index: u32) -> Vec<u8> {
    [owner.as_slice(), kind, &index.to_be_bytes()].concat()
}
