//! The leaves of the state by name: which trie, which key, and how a person would call it.

use alloc::vec::Vec;
use core::fmt;

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    state::{
        access_key, account_key, directory_entry_key, directory_key, event_key, hospital_key,
        issued_key, record_key, request_key, scope_key,
    },
    transaction::DiseaseId,
};

/// One of the two tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrieName {
    /// The patient trie.
    Patients,
    /// The hospital trie.
    Hospitals,
}

/// A leaf that a client reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeafName {
    /// A patient's account.
    Account(PatientId),
    /// A scope of a patient.
    Scope(PatientId, DiseaseId),
    /// A record of a patient, by index.
    Record(PatientId, u32),
    /// A line of a patient's log, by index.
    Event(PatientId, u32),
    /// A hospital.
    Hospital(HospitalId),
    /// A scope that a hospital was granted, by index.
    Access(HospitalId, u32),
    /// A scope that a hospital opened, by index.
    Issued(HospitalId, u32),
    /// A key request of a hospital, by index.
    Request(HospitalId, u32),
    /// How many hospitals were ever enrolled.
    DirectoryCount,
    /// A hospital ever enrolled, by index.
    DirectoryEntry(u32),
}

impl LeafName {
    /// The trie that it is in.
    pub fn trie(&self) -> TrieName {
        match self {
            Self::Account(_) | Self::Scope(..) | Self::Record(..) | Self::Event(..) => {
                TrieName::Patients
            }
            Self::Hospital(_)
            | Self::Access(..)
            | Self::Issued(..)
            | Self::Request(..)
            | Self::DirectoryCount
            | Self::DirectoryEntry(_) => TrieName::Hospitals,
        }
    }

    /// Its key there.
    pub fn key(&self) -> Vec<u8> {
        match self {
            Self::Account(patient) => account_key(patient),
            Self::Scope(patient, disease) => scope_key(patient, disease),
            Self::Record(patient, index) => record_key(patient, *index),
            Self::Event(patient, index) => event_key(patient, *index),
            Self::Hospital(hospital) => hospital_key(hospital),
            Self::Access(hospital, index) => access_key(hospital, *index),
            Self::Issued(hospital, index) => issued_key(hospital, *index),
            Self::Request(hospital, index) => request_key(hospital, *index),
            Self::DirectoryCount => directory_key(),
            Self::DirectoryEntry(index) => directory_entry_key(*index),
        }
    }

    /// About what it adds to a proof, so that a question is cut before its answer is too large. An
    /// honest record with the largest summary has 1.6 kB, events and accesses some hundred bytes;
    /// scopes and hospitals are seldom near their limits.
    pub(crate) fn proof_bytes(&self) -> usize {
        match self {
            Self::Record(..) => 2048,
            Self::Scope(..) | Self::Hospital(_) | Self::Request(..) => 4096,
            Self::Account(_) => 1024,
            Self::Event(..)
            | Self::Access(..)
            | Self::Issued(..)
            | Self::DirectoryCount
            | Self::DirectoryEntry(_) => 384,
        }
    }
}

impl fmt::Display for LeafName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(patient) => write!(f, "the account of patient {patient}"),
            Self::Scope(patient, disease) => write!(f, "scope {disease} of patient {patient}"),
            Self::Record(patient, index) => write!(f, "record {index} of patient {patient}"),
            Self::Event(patient, index) => write!(f, "event {index} of patient {patient}"),
            Self::Hospital(hospital) => write!(f, "hospital {hospital}"),
            Self::Access(hospital, index) => write!(f, "access {index} of hospital {hospital}"),
            Self::Issued(hospital, index) => {
                write!(f, "opened scope {index} of hospital {hospital}")
            }
            Self::Request(hospital, index) => write!(f, "request {index} of hospital {hospital}"),
            Self::DirectoryCount => f.write_str("the directory's count"),
            Self::DirectoryEntry(index) => write!(f, "entry {index} of the directory"),
        }
    }
}

impl fmt::Display for TrieName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patients => "the patient trie",
            Self::Hospitals => "the hospital trie",
        })
    }
}
