//! Hospitals and patients, and what they sign.

use keepwell_keys::{GenesisHash, HospitalId, HospitalPublicKeys, PatientId, SecretKey};
use keepwell_ledger::transaction::{
    AnswerRequest, Coverage, DiseaseId, GrantAccess, Ordering, Outcome, Payload, PurposeCode,
    RecordReference, RequestKey, RequestReference, RevokeAccess, SubmitRecord, Transaction, Txid,
    VerifiedTransaction, VisitCard,
};
use keepwell_primitives::{
    BlobId, BlockIndex, BoundedBytes, BoundedList, Hash, Maybe, Timestamp, limits,
};

use super::World;

/// A hospital with all its keys.
pub(crate) struct Hospital {
    pub(crate) name: String,
    pub(crate) id: HospitalId,
    pub(crate) authority: SecretKey,
    pub(crate) encryption: SecretKey,
    pub(crate) node: SecretKey,
    pub(crate) custody: SecretKey,
}

/// A patient with one scope at one hospital.
pub(crate) struct Patient {
    pub(crate) id: PatientId,
    pub(crate) key: SecretKey,
    pub(crate) scope: SecretKey,
    /// The hospital that issues, by its place in the world.
    pub(crate) provider: usize,
}

fn key(kind: u8, number: u16) -> SecretKey {
    let mut bytes = [7; SecretKey::SIZE];
    bytes[0] = kind;
    bytes[1..3].copy_from_slice(&number.to_be_bytes());
    SecretKey::from_bytes(bytes).unwrap()
}

impl Hospital {
    pub(crate) fn new(number: u16) -> Self {
        let authority = key(1, number);
        Self {
            name: format!("Hospital {number}"),
            id: HospitalId::of(&authority.public_key()),
            authority,
            encryption: key(2, number),
            node: key(3, number),
            custody: key(4, number),
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

impl Patient {
    pub(crate) fn new(number: u16, provider: usize) -> Self {
        let key_ = key(5, number);
        Self {
            id: PatientId::of(&key_.public_key()),
            key: key_,
            scope: key(6, number),
            provider,
        }
    }

    pub(crate) fn disease_id(&self) -> DiseaseId {
        DiseaseId::of(&self.scope.public_key())
    }

    fn card(&self, provider: HospitalId, genesis_hash: &GenesisHash) -> VisitCard {
        VisitCard::sign(
            self.id,
            &self.key,
            provider,
            self.scope.public_key(),
            Timestamp::MAX,
            genesis_hash,
        )
    }
}

/// Signed for as long as the chain lives.
const ALWAYS: BlockIndex = BlockIndex(u64::MAX);

impl World {
    /// The first record of a patient: it opens the scope.
    pub(crate) fn opening(&self, patient: &Patient, nonce: u64) -> VerifiedTransaction {
        let provider = &self.hospitals[patient.provider];
        let card = patient.card(provider.id, &self.genesis.hash());
        self.submit_record(patient, nonce, ALWAYS, Some(card))
    }

    /// A later record of a patient.
    pub(crate) fn record(&self, patient: &Patient, nonce: u64) -> VerifiedTransaction {
        self.submit_record(patient, nonce, ALWAYS, None)
    }

    /// A later record that may be mined only until this block.
    pub(crate) fn record_until(
        &self,
        patient: &Patient,
        nonce: u64,
        valid_until_index: BlockIndex,
    ) -> VerifiedTransaction {
        self.submit_record(patient, nonce, valid_until_index, None)
    }

    fn submit_record(
        &self,
        patient: &Patient,
        nonce: u64,
        valid_until_index: BlockIndex,
        card: Option<VisitCard>,
    ) -> VerifiedTransaction {
        let provider = &self.hospitals[patient.provider];
        let unique = Hash::tagged("test-record", &[&nonce.to_be_bytes()]);
        let payload = Payload::SubmitRecord(SubmitRecord {
            patient_id: patient.id,
            service_provider_id: provider.id,
            disease_id: patient.disease_id(),
            blob_id: BlobId(unique),
            blob_size: 1024,
            content_commitment: unique,
            capsule: BoundedBytes::new(vec![1; limits::CAPSULE_BYTES]).unwrap(),
            encrypted_record_key: BoundedBytes::new(vec![2; limits::ENCRYPTED_RECORD_KEY_BYTES])
                .unwrap(),
            sealed_summary: BoundedBytes::new(vec![3; 200]).unwrap(),
            supersedes: Maybe(None),
            scope_opening: Maybe(card),
        });
        self.sent(payload, nonce, valid_until_index, &provider.authority)
    }

    /// A grant of the patient's whole scope.
    pub(crate) fn grant(&self, patient: &Patient, to: usize, nonce: u64) -> VerifiedTransaction {
        self.grant_until(patient, to, nonce, Timestamp::MAX)
    }

    /// A grant with an end.
    pub(crate) fn grant_until(
        &self,
        patient: &Patient,
        to: usize,
        nonce: u64,
        expires_at: Timestamp,
    ) -> VerifiedTransaction {
        let custodians = self.custodians(to);
        let commitments = custodians.iter().map(|id| Hash(*id.as_bytes()));
        let payload = Payload::GrantAccess(GrantAccess {
            patient_id: patient.id,
            service_requester_id: self.hospitals[to].id,
            service_provider_id: self.hospitals[patient.provider].id,
            disease_id: patient.disease_id(),
            purpose: PurposeCode::treatment(),
            expires_at,
            coverage: Coverage::Scope,
            threshold: 2,
            fragment_commitments: BoundedList::new(commitments.collect()).unwrap(),
            custodians: BoundedList::new(custodians).unwrap(),
            verifying_key: patient.key.public_key(),
            receiving_key: self.hospitals[to].encryption.public_key(),
        });
        self.sent(payload, nonce, ALWAYS, &patient.key)
    }

    fn custodians(&self, requester: usize) -> Vec<HospitalId> {
        let others = self.hospitals.iter().enumerate();
        let mut ids: Vec<_> = others
            .filter(|(place, _)| *place != requester)
            .map(|(_, hospital)| hospital.id)
            .collect();
        ids.sort();
        ids
    }

    /// A revocation of what a hospital was granted.
    pub(crate) fn revoke(&self, patient: &Patient, from: usize, nonce: u64) -> VerifiedTransaction {
        self.revoke_until(patient, from, nonce, ALWAYS)
    }

    /// A revocation that may be mined only until this block.
    pub(crate) fn revoke_until(
        &self,
        patient: &Patient,
        from: usize,
        nonce: u64,
        valid_until_index: BlockIndex,
    ) -> VerifiedTransaction {
        let payload = Payload::RevokeAccess(RevokeAccess {
            patient_id: patient.id,
            service_requester_id: self.hospitals[from].id,
            service_provider_id: self.hospitals[patient.provider].id,
            disease_id: patient.disease_id(),
            close_scope: false,
        });
        self.sent(payload, nonce, valid_until_index, &patient.key)
    }

    /// A key request for the patient's first record.
    pub(crate) fn request(
        &self,
        patient: &Patient,
        record: Txid,
        by: usize,
        nonce: u64,
    ) -> VerifiedTransaction {
        let record = RecordReference {
            index: 0,
            txid: record,
        };
        let payload = Payload::RequestKey(RequestKey {
            patient_id: patient.id,
            service_requester_id: self.hospitals[by].id,
            service_provider_id: self.hospitals[patient.provider].id,
            disease_id: patient.disease_id(),
            records: BoundedList::new(vec![record]).unwrap(),
            purpose: PurposeCode::treatment(),
        });
        self.sent(payload, nonce, ALWAYS, &self.hospitals[by].authority)
    }

    /// A custodian's answer to a hospital's first request, signed with this key.
    pub(crate) fn answer(
        &self,
        request: Txid,
        of: usize,
        custodian: usize,
        signed_by: &SecretKey,
        commitment: u8,
    ) -> VerifiedTransaction {
        let answer = AnswerRequest {
            custodian_id: self.hospitals[custodian].id,
            request: RequestReference {
                service_requester_id: self.hospitals[of].id,
                index: 0,
                txid: request,
            },
            outcome: Outcome::Served {
                commitment: Hash([commitment; 32]),
            },
        };
        self.verified(Transaction::sign_answer(
            answer,
            self.genesis.hash(),
            signed_by,
        ))
    }

    fn sent(
        &self,
        payload: Payload,
        nonce: u64,
        valid_until_index: BlockIndex,
        key: &SecretKey,
    ) -> VerifiedTransaction {
        let order = Ordering {
            nonce,
            valid_until_index,
        };
        self.verified(Transaction::sign(payload, order, self.genesis.hash(), key))
    }
}
