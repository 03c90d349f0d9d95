//! A small network in memory: hospitals and patients with real keys, a chain of real blocks, and a
//! relay that answers as an honest one does.

#![allow(
    dead_code,
    unused_imports,
    reason = "each test uses its own part of the world"
)]

mod people;
mod relay;

use std::collections::VecDeque;

use keepwell_keys::{GenesisHash, HospitalId};
use keepwell_ledger::{
    block::{
        BLOCK_VERSION, BlockHash, Header, HeaderChain, MinableHeader, SealedHeader, Target,
        merkle_root,
    },
    execute::{BlockContext, apply},
    genesis::{Genesis, GenesisFile, GenesisHospital, Network},
    state::{State, StateChange, StateRoots},
    transaction::{
        AnswerRequest, Coverage, GrantAccess, Ordering, Outcome, Payload, PurposeCode,
        RecordReference, RequestKey, RequestReference, RevokeAccess, SubmitRecord, Transaction,
        Txid, VerifiedTransaction, VisitCard,
    },
};
use keepwell_primitives::{
    BlobId, BlockIndex, BoundedBytes, BoundedList, Hash, Maybe, Milliseconds, Timestamp, limits,
};
use keepwell_trie::{ChangeSet, MemoryStore};

pub(crate) use people::{HospitalKeys, PatientKeys};
pub(crate) use relay::{HonestRelay, Relay, drive};

/// The time of block 0.
pub(crate) const START: Timestamp = Timestamp(1_700_000_000_000);
/// The interval that the network aims at.
pub(crate) const INTERVAL: Milliseconds = Milliseconds(2_000);
/// Later than every block of a test.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A node's chain and the state after each of its blocks.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) genesis: Genesis,
    pub(crate) hospitals: Vec<HospitalKeys>,
    pub(crate) chain: HeaderChain,
    /// From block 1.
    pub(crate) blocks: Vec<SealedHeader>,
    /// The work up to each block, from block 0.
    pub(crate) work: Vec<keepwell_ledger::block::Work>,
    pub(crate) patients_store: MemoryStore,
    pub(crate) hospitals_store: MemoryStore,
    waiting: VecDeque<VerifiedTransaction>,
    /// Distinguishes blocks that would be the same on two sides of a fork.
    pub(crate) pace: Milliseconds,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::named("test network")
    }

    pub(crate) fn named(name: &str) -> Self {
        let hospitals: Vec<_> = (1..=4).map(HospitalKeys::number).collect();
        let genesis = Genesis::new(GenesisFile {
            network: Network {
                name: name.into(),
                created: START,
                interval: INTERVAL,
                easiest_target: target(0x3f),
                initial_target: target(0x0f),
            },
            hospitals: hospitals.iter().map(genesis_hospital).collect(),
        })
        .unwrap();
        let (mut patients_store, mut hospitals_store) = (MemoryStore::new(), MemoryStore::new());
        let change = genesis
            .initial_change(MemoryStore::new(), MemoryStore::new())
            .unwrap();
        keep_all(&mut patients_store, &change.patients);
        keep_all(&mut hospitals_store, &change.hospitals);
        Self {
            chain: HeaderChain::genesis(&genesis),
            work: vec![Default::default()],
            genesis,
            hospitals,
            blocks: vec![],
            patients_store,
            hospitals_store,
            waiting: VecDeque::new(),
            pace: INTERVAL,
        }
    }

    pub(crate) fn genesis_hash(&self) -> GenesisHash {
        self.genesis.hash()
    }

    /// The state after the newest block.
    pub(crate) fn state(&self) -> State<&MemoryStore> {
        self.state_at(self.chain.tip())
    }

    pub(crate) fn state_at(&self, header: &Header) -> State<&MemoryStore> {
        State::at(
            &self.patients_store,
            &self.hospitals_store,
            StateRoots::from(header),
        )
    }

    pub(crate) fn head_index(&self) -> BlockIndex {
        self.chain.tip().index
    }

    /// Every header, block 0 first.
    pub(crate) fn header(&self, index: BlockIndex) -> Option<&Header> {
        match index.0.checked_sub(1) {
            None => Some(self.genesis.header()),
            Some(position) => {
                let block = self.blocks.get(usize::try_from(position).unwrap())?;
                Some(&block.header)
            }
        }
    }

    pub(crate) fn hash_at(&self, index: u64) -> BlockHash {
        self.header(BlockIndex(index)).unwrap().hash()
    }

    /// Mines so many blocks without transactions.
    pub(crate) fn mine_empty(&mut self, count: usize) -> &mut Self {
        for _ in 0..count {
            assert!(self.waiting.is_empty());
            self.mine();
        }
        self
    }

    /// Mines a block with everything that waits.
    pub(crate) fn mine(&mut self) -> BlockIndex {
        let tip = *self.chain.tip();
        let context = BlockContext {
            index: tip.index.next(),
            time: tip.timestamp + self.pace,
        };
        let transactions: Vec<_> = self.waiting.drain(..).collect();
        let mut state = self.state();
        for transaction in &transactions {
            apply(&mut state, context, transaction).unwrap();
        }
        let roots = state.roots();
        let StateChange {
            patients,
            hospitals,
        } = state.commit();
        keep_all(&mut self.patients_store, &patients);
        keep_all(&mut self.hospitals_store, &hospitals);
        let bytes: Vec<&[u8]> = transactions.iter().map(|t| t.bytes()).collect();
        let miner = &self.hospitals[usize::try_from(context.index.0).unwrap() % 4];
        let header = Header {
            version: BLOCK_VERSION,
            index: context.index,
            timestamp: context.time,
            previous_hash: self.chain.tip_hash(),
            merkle_root_hash: merkle_root(&bytes),
            patient_state_trie_hash: roots.patients,
            hospital_state_trie_hash: roots.hospitals,
            council_hash: self.chain.council().hash(),
            history_root: self.chain.history().root(),
            miner: miner.id,
            target: self.chain.next_target(),
            extra_nonce: 0,
            nonce: 0,
        };
        let header = MinableHeader::new(header).search(0..=u32::MAX).unwrap();
        let sealed = SealedHeader::seal(header, &self.genesis_hash(), &miner.node);
        self.chain.push(&sealed, NOW).unwrap();
        self.blocks.push(sealed);
        self.work.push(self.chain.work());
        context.index
    }

    /// A hospital issues a record into the patient's `scope`-th scope with it, opening the scope
    /// if need be.
    pub(crate) fn submit(&mut self, hospital: usize, patient: &PatientKeys, scope: u8) -> Txid {
        let issuer = self.hospitals[hospital].clone();
        let scope_key = patient.scope_key(scope);
        let state = self.state_with_waiting();
        let card = VisitCard::sign(
            patient.id,
            &patient.key,
            issuer.id,
            scope_key.public_key(),
            Timestamp::MAX,
            &self.genesis_hash(),
        );
        let disease_id = card.disease_id();
        let is_open = state.scope(&patient.id, &disease_id).unwrap().is_some();
        let number = state
            .account(&patient.id)
            .unwrap()
            .map_or(0, |account| account.record_count);
        let nonce = state.hospital(&issuer.id).unwrap().unwrap().nonce;
        let content = Hash::tagged("test", &[patient.id.as_bytes(), &number.to_be_bytes()]);
        let payload = Payload::SubmitRecord(SubmitRecord {
            patient_id: patient.id,
            service_provider_id: issuer.id,
            disease_id,
            blob_id: BlobId(content),
            blob_size: 4096,
            content_commitment: content,
            capsule: BoundedBytes::new(vec![1; limits::CAPSULE_BYTES]).unwrap(),
            encrypted_record_key: BoundedBytes::new(vec![2; limits::ENCRYPTED_RECORD_KEY_BYTES])
                .unwrap(),
            sealed_summary: BoundedBytes::new(vec![3; 400]).unwrap(),
            supersedes: Maybe(None),
            scope_opening: Maybe((!is_open).then_some(card)),
        });
        self.send(payload, nonce, &issuer.authority)
    }

    /// The patient grants a hospital the scope, with the two last other hospitals as custodians.
    pub(crate) fn grant(
        &mut self,
        patient: &PatientKeys,
        from: usize,
        to: usize,
        scope: u8,
    ) -> Txid {
        let (provider, requester) = (&self.hospitals[from], &self.hospitals[to]);
        let others = self.hospitals.iter().filter(|h| h.id != requester.id);
        let mut custodians: Vec<HospitalId> = others.map(|h| h.id).collect();
        custodians.sort();
        let commitments = custodians.iter().map(|id| Hash(*id.as_bytes())).collect();
        let payload = Payload::GrantAccess(GrantAccess {
            patient_id: patient.id,
            service_requester_id: requester.id,
            service_provider_id: provider.id,
            disease_id: patient.disease_id(scope),
            purpose: PurposeCode::treatment(),
            expires_at: Timestamp::MAX,
            coverage: Coverage::Scope,
            threshold: 2,
            custodians: BoundedList::new(custodians).unwrap(),
            fragment_commitments: BoundedList::new(commitments).unwrap(),
            verifying_key: patient.key.public_key(),
            receiving_key: requester.encryption.public_key(),
        });
        let nonce = self.patient_nonce(patient);
        self.send(payload, nonce, &patient.key)
    }

    pub(crate) fn revoke(
        &mut self,
        patient: &PatientKeys,
        from: usize,
        to: usize,
        scope: u8,
    ) -> Txid {
        let payload = Payload::RevokeAccess(RevokeAccess {
            patient_id: patient.id,
            service_requester_id: self.hospitals[to].id,
            service_provider_id: self.hospitals[from].id,
            disease_id: patient.disease_id(scope),
            close_scope: false,
        });
        let nonce = self.patient_nonce(patient);
        self.send(payload, nonce, &patient.key)
    }

    /// The hospital asks for the keys of the scope's first record.
    pub(crate) fn request(
        &mut self,
        patient: &PatientKeys,
        from: usize,
        to: usize,
        scope: u8,
    ) -> RequestReference {
        let requester = self.hospitals[to].clone();
        let state = self.state_with_waiting();
        let account = state.account(&patient.id).unwrap().unwrap();
        let disease_id = patient.disease_id(scope);
        let record = (0..account.record_count)
            .map(|index| (index, state.record(&patient.id, index).unwrap().unwrap()))
            .find(|(_, record)| record.disease_id == disease_id)
            .map(|(index, record)| RecordReference {
                index,
                txid: record.txid,
            });
        let hospital = state.hospital(&requester.id).unwrap().unwrap();
        let payload = Payload::RequestKey(RequestKey {
            patient_id: patient.id,
            service_requester_id: requester.id,
            service_provider_id: self.hospitals[from].id,
            disease_id,
            records: BoundedList::new(vec![record.unwrap()]).unwrap(),
            purpose: PurposeCode::treatment(),
        });
        let txid = self.send(payload, hospital.nonce, &requester.authority);
        RequestReference {
            service_requester_id: requester.id,
            index: hospital.request_count,
            txid,
        }
    }

    pub(crate) fn serve(&mut self, custodian: usize, request: RequestReference) -> Txid {
        let custodian = &self.hospitals[custodian];
        let answer = AnswerRequest {
            custodian_id: custodian.id,
            request,
            outcome: Outcome::Served {
                commitment: Hash([9; 32]),
            },
        };
        let transaction = Transaction::sign_answer(answer, self.genesis_hash(), &custodian.node);
        self.wait(transaction)
    }

    /// The state that a transaction sent now will find.
    fn state_with_waiting(&self) -> State<&MemoryStore> {
        let mut state = self.state();
        let context = BlockContext {
            index: self.head_index().next(),
            time: self.chain.tip().timestamp + self.pace,
        };
        for transaction in &self.waiting {
            apply(&mut state, context, transaction).unwrap();
        }
        state
    }

    fn patient_nonce(&self, patient: &PatientKeys) -> u64 {
        let account = self.state_with_waiting().account(&patient.id).unwrap();
        account.unwrap().nonce
    }

    fn send(&mut self, payload: Payload, nonce: u64, key: &keepwell_keys::SecretKey) -> Txid {
        let order = Ordering {
            nonce,
            valid_until_index: BlockIndex(u64::MAX),
        };
        self.wait(Transaction::sign(payload, order, self.genesis_hash(), key))
    }

    fn wait(&mut self, transaction: Transaction) -> Txid {
        let verified = VerifiedTransaction::verify(transaction).unwrap();
        let txid = verified.txid();
        self.waiting.push_back(verified);
        txid
    }
}

fn target(first_byte: u8) -> Target {
    let mut bytes = [0xff; 32];
    bytes[0] = first_byte;
    Target::from_bytes(bytes)
}

fn genesis_hospital(keys: &HospitalKeys) -> GenesisHospital {
    GenesisHospital {
        name: keys.name.clone(),
        keys: keys.public_keys(),
        urls: vec!["http://localhost".into()],
        peers: vec![],
    }
}

/// Nodes of every block stay, so that every block can be asked about.
fn keep_all(store: &mut MemoryStore, changes: &ChangeSet) {
    store.apply(&ChangeSet {
        removed: vec![],
        ..changes.clone()
    });
}
