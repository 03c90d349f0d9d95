//! The two tries together, read and written leaf by leaf.

use alloc::vec::Vec;

use alloy_rlp::{Decodable, Encodable};
use keepwell_keys::{HospitalId, PatientId};
use keepwell_primitives::{CanonicalError, decode_canonical, encode_canonical};
use keepwell_trie::{ChangeSet, NodeStore, Sha256, Trie, TrieError};

use super::{
    Access, Account, Event, Hospital, KeyRequest, Record, Scope, StateRoots, access_key,
    account_key, council_key, directory_entry_key, directory_key, event_key, hospital_key,
    issued_key, record_key, request_key, scope_key,
};
use crate::{council::Council, transaction::DiseaseId};

/// No honest leaf is larger: a scope of 64 hospitals, each with 16 custodians and 128 records.
const LEAF_BYTES_MAX: usize = 512 * 1024;

/// The state at some block, over node stores that hold at least the nodes it touches.
pub struct State<S> {
    patients: Trie<Sha256, S>,
    hospitals: Trie<Sha256, S>,
}

/// What a block changed in the two tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// In the patient trie.
    pub patients: ChangeSet,
    /// In the hospital trie.
    pub hospitals: ChangeSet,
}

/// The state could not be read: the node store is at fault, not the transaction.
#[derive(Debug, thiserror::Error)]
pub enum StateError<E: core::error::Error + 'static> {
    /// A trie node is missing or corrupt.
    #[error("the state cannot be read: {0}")]
    Trie(TrieError<E>),
    /// A leaf is not what its key says.
    #[error("the state holds a corrupt leaf: {0}")]
    Leaf(CanonicalError),
}

impl<E: core::error::Error + 'static> From<TrieError<E>> for StateError<E> {
    fn from(error: TrieError<E>) -> Self {
        Self::Trie(error)
    }
}

type Read<T, S> = Result<Option<T>, StateError<<S as NodeStore>::Error>>;
type Written<S> = Result<(), StateError<<S as NodeStore>::Error>>;

impl<S: NodeStore> State<S> {
    /// A state without patients or hospitals, over empty stores.
    pub fn empty(patients: S, hospitals: S) -> Self {
        Self {
            patients: Trie::new(patients),
            hospitals: Trie::new(hospitals),
        }
    }

    /// The state with these roots.
    pub fn at(patients: S, hospitals: S, roots: StateRoots) -> Self {
        Self {
            patients: Trie::at(patients, roots.patients),
            hospitals: Trie::at(hospitals, roots.hospitals),
        }
    }

    /// The roots, all changes so far included.
    pub fn roots(&mut self) -> StateRoots {
        StateRoots {
            patients: self.patients.root(),
            hospitals: self.hospitals.root(),
        }
    }

    /// Takes the changes since the state was opened or last committed.
    pub fn commit(&mut self) -> StateChange {
        StateChange {
            patients: self.patients.commit(),
            hospitals: self.hospitals.commit(),
        }
    }

    /// The patient trie, for proofs.
    pub fn patients(&self) -> &Trie<Sha256, S> {
        &self.patients
    }

    /// The hospital trie, for proofs.
    pub fn hospitals(&self) -> &Trie<Sha256, S> {
        &self.hospitals
    }

    /// # Errors
    /// [`StateError`] if the trie cannot be read, here and below.
    pub fn account(&self, patient: &PatientId) -> Read<Account, S> {
        read(&self.patients, &account_key(patient))
    }

    /// A scope of a patient.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn scope(&self, patient: &PatientId, disease: &DiseaseId) -> Read<Scope, S> {
        read(&self.patients, &scope_key(patient, disease))
    }

    /// A record of a patient.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn record(&self, patient: &PatientId, index: u32) -> Read<Record, S> {
        read(&self.patients, &record_key(patient, index))
    }

    /// An event of a patient's log.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn event(&self, patient: &PatientId, index: u32) -> Read<Event, S> {
        read(&self.patients, &event_key(patient, index))
    }

    /// A hospital ever enrolled.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn hospital(&self, hospital: &HospitalId) -> Read<Hospital, S> {
        read(&self.hospitals, &hospital_key(hospital))
    }

    /// A scope that a hospital was ever granted.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn access(&self, hospital: &HospitalId, index: u32) -> Read<Access, S> {
        read(&self.hospitals, &access_key(hospital, index))
    }

    /// A scope that a hospital ever opened.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn issued(&self, hospital: &HospitalId, index: u32) -> Read<Access, S> {
        read(&self.hospitals, &issued_key(hospital, index))
    }

    /// A key request of a hospital.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn request(&self, hospital: &HospitalId, index: u32) -> Read<KeyRequest, S> {
        read(&self.hospitals, &request_key(hospital, index))
    }

    /// How many hospitals were ever enrolled.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn directory_count(&self) -> Result<u32, StateError<S::Error>> {
        Ok(read(&self.hospitals, &directory_key())?.unwrap_or(0))
    }

    /// A hospital ever enrolled, by its place in the directory.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn directory_entry(&self, index: u32) -> Read<HospitalId, S> {
        read(&self.hospitals, &directory_entry_key(index))
    }

    /// The council leaf.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn council(&self) -> Read<Council, S> {
        read(&self.hospitals, &council_key())
    }

    pub(crate) fn put_account(&mut self, patient: &PatientId, account: &Account) -> Written<S> {
        write(&mut self.patients, &account_key(patient), account)
    }

    pub(crate) fn put_scope(
        &mut self,
        patient: &PatientId,
        disease: &DiseaseId,
        scope: &Scope,
    ) -> Written<S> {
        write(&mut self.patients, &scope_key(patient, disease), scope)
    }

    pub(crate) fn put_record(
        &mut self,
        patient: &PatientId,
        index: u32,
        record: &Record,
    ) -> Written<S> {
        write(&mut self.patients, &record_key(patient, index), record)
    }

    pub(crate) fn put_event(
        &mut self,
        patient: &PatientId,
        index: u32,
        event: &Event,
    ) -> Written<S> {
        write(&mut self.patients, &event_key(patient, index), event)
    }

    pub(crate) fn put_hospital(&mut self, id: &HospitalId, hospital: &Hospital) -> Written<S> {
        write(&mut self.hospitals, &hospital_key(id), hospital)
    }

    pub(crate) fn put_access(
        &mut self,
        hospital: &HospitalId,
        index: u32,
        access: &Access,
    ) -> Written<S> {
        write(&mut self.hospitals, &access_key(hospital, index), access)
    }

    pub(crate) fn put_issued(
        &mut self,
        hospital: &HospitalId,
        index: u32,
        issued: &Access,
    ) -> Written<S> {
        write(&mut self.hospitals, &issued_key(hospital, index), issued)
    }

    pub(crate) fn put_request(
        &mut self,
        hospital: &HospitalId,
        index: u32,
        request: &KeyRequest,
    ) -> Written<S> {
        write(&mut self.hospitals, &request_key(hospital, index), request)
    }

    pub(crate) fn put_directory_entry(&mut self, index: u32, hospital: &HospitalId) -> Written<S> {
        write(&mut self.hospitals, &directory_entry_key(index), hospital)?;
        write(&mut self.hospitals, &directory_key(), &(index + 1))
    }

    pub(crate) fn put_council(&mut self, council: &Council) -> Written<S> {
        write(&mut self.hospitals, &council_key(), council)
    }
}

/// Decodes a leaf that was proved or read, whatever its kind.
///
/// # Errors
/// [`CanonicalError`] if it is not the canonical encoding of this kind of leaf.
pub fn decode_leaf<T: Decodable + Encodable>(bytes: &[u8]) -> Result<T, CanonicalError> {
    decode_canonical(bytes, LEAF_BYTES_MAX)
}

fn read<T: Decodable + Encodable, S: NodeStore>(
    trie: &Trie<Sha256, S>,
    key: &[u8],
) -> Result<Option<T>, StateError<S::Error>> {
    let Some(leaf): Option<Vec<u8>> = trie.get(key)? else {
        return Ok(None);
    };
    decode_leaf(&leaf).map(Some).map_err(StateError::Leaf)
}

fn write<T: Encodable, S: NodeStore>(
    trie: &mut Trie<Sha256, S>,
    key: &[u8],
    leaf: &T,
) -> Written<S> {
    Ok(trie.insert(key, encode_canonical(leaf))?)
}
