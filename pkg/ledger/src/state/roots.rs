//! The two roots that a header commits to.

use keepwell_primitives::Hash;

use crate::block::Header;

/// The roots of the patient trie and the hospital trie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateRoots {
    /// `patientStateTrieHash`.
    pub patients: Hash,
    /// `hospitalStateTrieHash`.
    pub hospitals: Hash,
}

impl From<&Header> for StateRoots {
    fn from(header: &Header) -> Self {
        Self {
            patients: header.patient_state_trie_hash,
            hospitals: header.hospital_state_trie_hash,
        }
    }
}
