//! Transactions made by hand, for tests of the chain that need no real record behind them.

use keepwell_keys::{GenesisHash, HospitalId, HospitalIdentity, MasterSeed, PatientId};
use keepwell_ledger::transaction::{
    DiseaseId, Ordering, Payload, SubmitRecord, Transaction, VisitCard,
};
use keepwell_primitives::{
    BlobId, BlockIndex, BoundedBytes, Hash, Maybe, Timestamp, TooLong, limits,
};

/// A patient with one scope at one hospital.
pub struct Patient {
    seed: MasterSeed,
    hospital_id: HospitalId,
}

impl Patient {
    /// The patient that follows from this number.
    pub fn numbered(number: u8, hospital_id: HospitalId) -> Self {
        Self {
            seed: MasterSeed::from_bytes([number; 64]),
            hospital_id,
        }
    }

    /// As the hospital knows them.
    pub fn id(&self) -> PatientId {
        self.seed.persona(&self.hospital_id).patient_id()
    }

    /// A record of theirs that points at no file. The first one opens the scope.
    ///
    /// # Errors
    /// Not for the lengths here.
    pub fn record(
        &self,
        identity: &HospitalIdentity,
        nonce: u64,
        is_first: bool,
        genesis_hash: &GenesisHash,
    ) -> Result<Transaction, TooLong> {
        let persona = self.seed.persona(&self.hospital_id);
        let scope = persona.scope(0).public_key();
        let (identity_key, not_after) = (persona.identity(0), Timestamp::MAX);
        let card = VisitCard::sign(
            self.id(),
            &identity_key,
            self.hospital_id,
            scope,
            not_after,
            genesis_hash,
        );
        let submit = SubmitRecord {
            patient_id: self.id(),
            service_provider_id: self.hospital_id,
            disease_id: DiseaseId::of(&scope),
            blob_id: BlobId(Hash::tagged("test-blob", &[&nonce.to_be_bytes()])),
            blob_size: 1,
            content_commitment: Hash::ZERO,
            capsule: BoundedBytes::new(vec![1; limits::CAPSULE_BYTES])?,
            encrypted_record_key: BoundedBytes::new(vec![2; limits::ENCRYPTED_RECORD_KEY_BYTES])?,
            sealed_summary: BoundedBytes::new(vec![3; 256])?,
            supersedes: Maybe(None),
            scope_opening: Maybe(is_first.then_some(card)),
        };
        let order = Ordering {
            nonce,
            valid_until_index: BlockIndex(1_000_000),
        };
        let payload = Payload::SubmitRecord(submit);
        Ok(Transaction::sign(
            payload,
            order,
            *genesis_hash,
            &identity.authority,
        ))
    }
}
