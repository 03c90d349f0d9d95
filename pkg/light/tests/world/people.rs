//! Hospitals and patients with keys made from a number.

use keepwell_keys::{HospitalId, HospitalPublicKeys, PatientId, SecretKey};
use keepwell_ledger::transaction::DiseaseId;
use keepwell_primitives::Hash;

#[derive(Clone)]
pub(crate) struct HospitalKeys {
    pub(crate) id: HospitalId,
    pub(crate) name: String,
    pub(crate) authority: SecretKey,
    pub(crate) encryption: SecretKey,
    pub(crate) node: SecretKey,
    pub(crate) custody: SecretKey,
}

#[derive(Clone)]
pub(crate) struct PatientKeys {
    pub(crate) id: PatientId,
    pub(crate) key: SecretKey,
    number: u8,
}

impl HospitalKeys {
    pub(crate) fn number(number: u8) -> Self {
        let authority = key(&[b'h', number, 0]);
        Self {
            id: HospitalId::of(&authority.public_key()),
            name: format!("Hospital {number}"),
            authority,
            encryption: key(&[b'h', number, 1]),
            node: key(&[b'h', number, 2]),
            custody: key(&[b'h', number, 3]),
        }
    }

    pub(crate) fn public_keys(&self) -> HospitalPublicKeys {
        HospitalPublicKeys {
            authority: self.authority.public_key(),
            encryption: self.encryption.public_key(),
            node: self.node.public_key(),
            custody: self.custody.public_key(),
        }
    }
}

impl PatientKeys {
    pub(crate) fn number(number: u8) -> Self {
        let key = key(&[b'p', number]);
        Self {
            id: PatientId::of(&key.public_key()),
            key,
            number,
        }
    }

    pub(crate) fn scope_key(&self, scope: u8) -> SecretKey {
        key(&[b's', self.number, scope])
    }

    pub(crate) fn disease_id(&self, scope: u8) -> DiseaseId {
        DiseaseId::of(&self.scope_key(scope).public_key())
    }
}

fn key(label: &[u8]) -> SecretKey {
    SecretKey::from_bytes(Hash::tagged("test-key", &[label]).0).unwrap()
}
