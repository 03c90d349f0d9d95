//! A small world to try the rules in: a genesis, hospitals A, B, C, D …, one patient, and a state
//! that transactions are applied to. Keys are made from labels, so every run is the same.
#![allow(
    dead_code,
    reason = "shared by the tests and by the maker of the vectors, each of which uses a part"
)]

use keepwell_keys::{
    GenesisHash, HospitalId, HospitalPublicKeys, PatientId, PublicKey, SecretKey, SignatureCheck,
};
use keepwell_ledger::{
    block::{Block, HeaderChain, MinableHeader, SealedHeader, Target, merkle_root},
    execute::{BlockContext, RuleError, apply},
    genesis::{Genesis, GenesisFile, GenesisHospital, Network},
    state::{
        Account, Event, Hospital, KeyRequest, Scope, State, StateRoots, account_key, hospital_key,
    },
    transaction::{
        AnswerRequest, Coverage, DiseaseId, GrantAccess, Ordering, Outcome, Payload, PurposeCode,
        RecordReference, RequestKey, RequestReference, RevokeAccess, SubmitRecord, Transaction,
        Txid, VerifiedTransaction, VisitCard,
    },
};
use keepwell_primitives::{
    BlobId, BlockIndex, BoundedBytes, BoundedList, Hash, Maybe, Milliseconds, Timestamp,
    encode_canonical, limits,
};
use keepwell_trie::{MemoryStore, Sha256, Trie};

/// Hospitals by their place in the genesis: A issues, B asks, C and D help to keep.
pub(crate) const A: usize = 0;
pub(crate) const B: usize = 1;
pub(crate) const C: usize = 2;
pub(crate) const D: usize = 3;

/// 2026-01-01T00:00:00Z, when the genesis was made.
pub(crate) const CREATED: Timestamp = Timestamp(1_767_225_600_000);

pub(crate) const INTERVAL: Milliseconds = Milliseconds(2000);

/// The patient's general scope, and another.
pub(crate) const GENERAL: u32 = 0;
pub(crate) const SPECIAL: u32 = 1;

pub(crate) struct World {
    pub(crate) genesis: Genesis,
    pub(crate) keys: Vec<Keys>,
    pub(crate) patient: SecretKey,
    pub(crate) state: State<MemoryStore>,
    /// The block that the next transaction stands in.
    pub(crate) context: BlockContext,
}

/// A hospital's secret keys.
pub(crate) struct Keys {
    pub(crate) authority: SecretKey,
    pub(crate) encryption: SecretKey,
    pub(crate) node: SecretKey,
    pub(crate) custody: SecretKey,
}

impl World {
    pub(crate) fn with_hospitals(count: usize) -> Self {
        let keys: Vec<Keys> = (0..count).map(Keys::of_hospital).collect();
        let genesis = Genesis::new(genesis_file(count)).unwrap();
        let (mut patients, mut hospitals) = (MemoryStore::new(), MemoryStore::new());
        let change = genesis
            .initial_change(MemoryStore::new(), MemoryStore::new())
            .unwrap();
        patients.apply(&change.patients);
        hospitals.apply(&change.hospitals);
        let state = State::at(patients, hospitals, StateRoots::from(genesis.header()));
        Self {
            genesis,
            keys,
            patient: key("patient"),
            state,
            context: BlockContext {
                index: BlockIndex(1),
                time: CREATED + INTERVAL,
            },
        }
    }

    pub(crate) fn genesis_hash(&self) -> GenesisHash {
        self.genesis.hash()
    }

    pub(crate) fn hospital(&self, who: usize) -> HospitalId {
        self.keys[who].id()
    }

    pub(crate) fn patient_id(&self) -> PatientId {
        PatientId::of(&self.patient.public_key())
    }

    /// Goes on to a later block.
    pub(crate) fn wait(&mut self, span: Milliseconds) {
        self.context.index = self.context.index.next();
        self.context.time = self.context.time + span;
    }

    // What is asked: honest payloads, for tests to send as they are or to spoil.

    /// The card that opens a scope of the patient for a hospital, good for an hour.
    pub(crate) fn card(&self, who: usize, scope: u32) -> VisitCard {
        self.card_of(&self.patient, who, scope)
    }

    pub(crate) fn card_of(&self, patient: &SecretKey, who: usize, scope: u32) -> VisitCard {
        VisitCard::sign(
            PatientId::of(&patient.public_key()),
            patient,
            self.hospital(who),
            scope_key(scope).public_key(),
            self.context.time + Milliseconds::HOUR,
            &self.genesis_hash(),
        )
    }

    /// A record of a hospital in a scope, with the card if the scope was never opened.
    pub(crate) fn submission(&self, who: usize, scope: u32) -> SubmitRecord {
        let card = self.card(who, scope);
        let known = self.state.scope(&card.patient_id, &card.disease_id());
        let is_first = known.unwrap().is_none();
        SubmitRecord {
            patient_id: card.patient_id,
            service_provider_id: self.hospital(who),
            disease_id: card.disease_id(),
            blob_id: BlobId(Hash::untagged(b"sealed file")),
            blob_size: 70_000,
            content_commitment: Hash::untagged(b"content"),
            capsule: filled(limits::CAPSULE_BYTES),
            encrypted_record_key: filled(limits::ENCRYPTED_RECORD_KEY_BYTES),
            sealed_summary: filled(48),
            supersedes: Maybe(None),
            scope_opening: Maybe(is_first.then_some(card)),
        }
    }

    /// The general scope of A to another hospital for a day; A and all that are neither keep the
    /// fragments, two must answer.
    pub(crate) fn grant(&self, to: usize) -> GrantAccess {
        let others = (0..self.keys.len()).filter(|who| *who != to);
        let mut custodians: Vec<_> = others.map(|who| self.hospital(who)).take(3).collect();
        custodians.sort();
        let commitments = custodians.iter().map(|id| Hash::untagged(id.as_bytes()));
        GrantAccess {
            patient_id: self.patient_id(),
            service_requester_id: self.hospital(to),
            service_provider_id: self.hospital(A),
            disease_id: disease(GENERAL),
            purpose: PurposeCode::treatment(),
            expires_at: self.context.time + Milliseconds::DAY,
            coverage: Coverage::Scope,
            threshold: 2,
            fragment_commitments: list(commitments.collect()),
            custodians: list(custodians),
            verifying_key: key("verifying").public_key(),
            receiving_key: self.keys[to].encryption.public_key(),
        }
    }

    pub(crate) fn revocation(&self, from: usize) -> RevokeAccess {
        RevokeAccess {
            patient_id: self.patient_id(),
            service_requester_id: self.hospital(from),
            service_provider_id: self.hospital(A),
            disease_id: disease(GENERAL),
            close_scope: false,
        }
    }

    pub(crate) fn closing(&self) -> RevokeAccess {
        RevokeAccess {
            close_scope: true,
            ..self.revocation(A)
        }
    }

    pub(crate) fn request(&self, by: usize, records: &[RecordReference]) -> RequestKey {
        RequestKey {
            patient_id: self.patient_id(),
            service_requester_id: self.hospital(by),
            service_provider_id: self.hospital(A),
            disease_id: disease(GENERAL),
            records: list(records.to_vec()),
            purpose: PurposeCode::treatment(),
        }
    }

    pub(crate) fn answer(
        &self,
        by: usize,
        request: RequestReference,
        outcome: Outcome,
    ) -> AnswerRequest {
        AnswerRequest {
            custodian_id: self.hospital(by),
            request,
            outcome,
        }
    }

    // Sending.

    /// The next transaction of whoever must sign the payload, valid for ten blocks.
    pub(crate) fn signed(&self, payload: impl Into<Asked>) -> Transaction {
        let Asked(payload) = payload.into();
        let authority = |id: &HospitalId| {
            let found = self.keys.iter().find(|keys| keys.id() == *id).unwrap();
            let nonce = self.state.hospital(id).unwrap().map_or(0, |h| h.nonce);
            (found.authority.clone(), nonce)
        };
        let (key, nonce) = match &payload {
            Payload::SubmitRecord(submit) => authority(&submit.service_provider_id),
            Payload::RequestKey(request) => authority(&request.service_requester_id),
            Payload::GrantAccess(_) | Payload::RevokeAccess(_) => {
                let account = self.state.account(&payload.patient_id()).unwrap();
                (self.patient.clone(), account.map_or(0, |a| a.nonce))
            }
        };
        let order = Ordering {
            nonce,
            valid_until_index: BlockIndex(self.context.index.0 + 10),
        };
        Transaction::sign(payload, order, self.genesis_hash(), &key)
    }

    pub(crate) fn signed_answer(&self, answer: AnswerRequest) -> Transaction {
        let who = self.keys.iter().find(|k| k.id() == answer.custodian_id);
        Transaction::sign_answer(answer, self.genesis_hash(), &who.unwrap().node)
    }

    /// Applies a transaction as it comes from outside, by its bytes. A refused one must leave no
    /// trace.
    pub(crate) fn apply(&mut self, transaction: &Transaction) -> Result<Txid, RuleError> {
        let read = Transaction::from_bytes(&transaction.to_bytes(), &self.genesis_hash());
        let verified = VerifiedTransaction::verify(read.unwrap()).unwrap();
        let before = self.state.roots();
        match apply(&mut self.state, self.context, &verified) {
            Ok(()) => Ok(verified.txid()),
            Err(error) => {
                assert_eq!(
                    self.state.roots(),
                    before,
                    "a refused transaction left a trace"
                );
                Err(error.rule().expect("the state can be read").clone())
            }
        }
    }

    pub(crate) fn send(&mut self, payload: impl Into<Asked>) -> Result<Txid, RuleError> {
        let transaction = self.signed(payload);
        self.apply(&transaction)
    }

    /// Sends a record and returns how it is pointed at.
    pub(crate) fn submit(&mut self, submit: SubmitRecord) -> Result<RecordReference, RuleError> {
        let index = self.account().map_or(0, |account| account.record_count);
        let txid = self.send(submit)?;
        Ok(RecordReference { index, txid })
    }

    /// Sends a request and returns how it is pointed at.
    pub(crate) fn ask(&mut self, request: RequestKey) -> Result<RequestReference, RuleError> {
        let service_requester_id = request.service_requester_id;
        let hospital = self.state.hospital(&service_requester_id).unwrap();
        let index = hospital.map_or(0, |hospital| hospital.request_count);
        let txid = self.send(request)?;
        Ok(RequestReference {
            service_requester_id,
            index,
            txid,
        })
    }

    pub(crate) fn serve(
        &mut self,
        by: usize,
        request: RequestReference,
    ) -> Result<Txid, RuleError> {
        let transaction = self.signed_answer(self.answer(by, request, served()));
        self.apply(&transaction)
    }

    pub(crate) fn refuse(
        &mut self,
        by: usize,
        request: RequestReference,
    ) -> Result<Txid, RuleError> {
        let outcome = Outcome::Refused {
            reason: keepwell_ledger::transaction::RefusalReason::NotLive,
        };
        let transaction = self.signed_answer(self.answer(by, request, outcome));
        self.apply(&transaction)
    }

    /// A record of A in the general scope, and a grant of that scope to B.
    pub(crate) fn issue_and_grant(&mut self) -> RecordReference {
        let record = self.submit(self.submission(A, GENERAL)).unwrap();
        self.send(self.grant(B)).unwrap();
        record
    }

    /// The same, and a request by B.
    pub(crate) fn issue_grant_and_ask(&mut self) -> RequestReference {
        let record = self.issue_and_grant();
        self.ask(self.request(B, &[record])).unwrap()
    }

    // Looking.

    pub(crate) fn account(&self) -> Option<Account> {
        self.state.account(&self.patient_id()).unwrap()
    }

    pub(crate) fn scope(&self, scope: u32) -> Scope {
        let found = self.state.scope(&self.patient_id(), &disease(scope));
        found.unwrap().expect("the scope was opened")
    }

    pub(crate) fn key_request(&self, request: RequestReference) -> KeyRequest {
        let found = self
            .state
            .request(&request.service_requester_id, request.index);
        found.unwrap().expect("the request was made")
    }

    pub(crate) fn log(&self) -> Vec<Event> {
        let count = self.account().map_or(0, |account| account.event_count);
        let event = |index| self.state.event(&self.patient_id(), index).unwrap();
        assert_eq!(event(count), None, "the log goes on after its count");
        (0..count)
            .map(|index| event(index).expect("the log is dense"))
            .collect()
    }

    // What no transaction can do yet.

    /// Writes a hospital's leaf directly.
    pub(crate) fn alter_hospital(&mut self, who: usize, alter: impl FnOnce(&mut Hospital)) {
        let id = self.hospital(who);
        let mut leaf = self.state.hospital(&id).unwrap().unwrap();
        alter(&mut leaf);
        let roots = self.state.roots();
        let (patients, mut hospitals) = self.stores();
        let mut trie: Trie<Sha256, _> = Trie::at(hospitals.clone(), roots.hospitals);
        trie.insert(&hospital_key(&id), encode_canonical(&leaf))
            .unwrap();
        let change = trie.commit();
        hospitals.apply(&change);
        let hospitals_root = change.root;
        self.state = State::at(
            patients,
            hospitals,
            StateRoots {
                hospitals: hospitals_root,
                ..roots
            },
        );
    }

    /// Writes the patient's account directly.
    pub(crate) fn alter_account(&mut self, alter: impl FnOnce(&mut Account)) {
        let mut leaf = self.account().unwrap();
        alter(&mut leaf);
        let roots = self.state.roots();
        let (mut patients, hospitals) = self.stores();
        let mut trie: Trie<Sha256, _> = Trie::at(patients.clone(), roots.patients);
        let key = account_key(&self.patient_id());
        trie.insert(&key, encode_canonical(&leaf)).unwrap();
        let change = trie.commit();
        patients.apply(&change);
        let patients_root = change.root;
        self.state = State::at(
            patients,
            hospitals,
            StateRoots {
                patients: patients_root,
                ..roots
            },
        );
    }

    /// The nodes of the state as it is now.
    pub(crate) fn stores(&mut self) -> (MemoryStore, MemoryStore) {
        let roots = self.state.roots();
        let mut patients = self.state.patients().store().clone();
        let mut hospitals = self.state.hospitals().store().clone();
        let change = self.state.commit();
        patients.apply(&change.patients);
        hospitals.apply(&change.hospitals);
        self.state = State::at(patients.clone(), hospitals.clone(), roots);
        (patients, hospitals)
    }

    // Blocks.

    /// A child of the chain's tip, mined by A after one interval, that holds the transactions and
    /// promises these roots.
    pub(crate) fn mine(
        &self,
        chain: &HeaderChain,
        transactions: &[Transaction],
        roots: StateRoots,
    ) -> Block {
        let bytes: Vec<_> = transactions.iter().map(Transaction::to_bytes).collect();
        let slices: Vec<_> = bytes.iter().map(Vec::as_slice).collect();
        let mut header = next_header(chain);
        header.miner = self.hospital(A);
        header.merkle_root_hash = merkle_root(&slices);
        header.patient_state_trie_hash = roots.patients;
        header.hospital_state_trie_hash = roots.hospitals;
        let sealed = self.seal(A, header);
        let verified = transactions
            .iter()
            .cloned()
            .map(VerifiedTransaction::verify);
        Block::assemble(sealed, verified.collect::<Result<_, _>>().unwrap()).unwrap()
    }

    /// Mines a header as it is and seals it with a hospital's node key.
    pub(crate) fn seal(&self, who: usize, header: keepwell_ledger::block::Header) -> SealedHeader {
        let mined = MinableHeader::new(header).search(0..=u32::MAX).unwrap();
        SealedHeader::seal(mined, &self.genesis_hash(), &self.keys[who].node)
    }
}

/// An empty child of the tip that keeps every rule but for work, made after one interval by
/// nobody.
pub(crate) fn next_header(chain: &HeaderChain) -> keepwell_ledger::block::Header {
    let tip = *chain.tip();
    keepwell_ledger::block::Header {
        index: tip.index.next(),
        timestamp: tip.timestamp + INTERVAL,
        previous_hash: chain.tip_hash(),
        merkle_root_hash: merkle_root(&[]),
        history_root: chain.history().root(),
        target: chain.next_target(),
        extra_nonce: 0,
        nonce: 0,
        ..tip
    }
}

/// Any payload that a sender signs.
pub(crate) struct Asked(pub Payload);

impl From<SubmitRecord> for Asked {
    fn from(submit: SubmitRecord) -> Self {
        Self(Payload::SubmitRecord(submit))
    }
}

impl From<GrantAccess> for Asked {
    fn from(grant: GrantAccess) -> Self {
        Self(Payload::GrantAccess(grant))
    }
}

impl From<RevokeAccess> for Asked {
    fn from(revoke: RevokeAccess) -> Self {
        Self(Payload::RevokeAccess(revoke))
    }
}

impl From<RequestKey> for Asked {
    fn from(request: RequestKey) -> Self {
        Self(Payload::RequestKey(request))
    }
}

impl Keys {
    pub(crate) fn of_hospital(number: usize) -> Self {
        let key = |role| key(&format!("hospital {number} {role}"));
        Self {
            authority: key("authority"),
            encryption: key("encryption"),
            node: key("node"),
            custody: key("custody"),
        }
    }

    pub(crate) fn id(&self) -> HospitalId {
        HospitalId::of(&self.authority.public_key())
    }

    pub(crate) fn public(&self) -> HospitalPublicKeys {
        HospitalPublicKeys {
            authority: self.authority.public_key(),
            encryption: self.encryption.public_key(),
            node: self.node.public_key(),
            custody: self.custody.public_key(),
        }
    }
}

/// Four zero bits at the least, eight at the beginning.
pub(crate) fn genesis_file(hospitals: usize) -> GenesisFile {
    GenesisFile {
        network: Network {
            name: String::from("a small world"),
            created: CREATED,
            interval: INTERVAL,
            easiest_target: target_bits(4),
            initial_target: target_bits(8),
        },
        hospitals: (0..hospitals).map(genesis_hospital).collect(),
    }
}

pub(crate) fn genesis_hospital(number: usize) -> GenesisHospital {
    GenesisHospital {
        name: format!("Hospital {number}"),
        keys: Keys::of_hospital(number).public(),
        urls: vec![format!("https://hospital-{number}.example")],
        peers: vec![format!("/dns4/hospital-{number}.example/tcp/4001")],
    }
}

/// The target whose number starts with so many zero bits, the rest ones.
pub(crate) fn target_bits(zeros: usize) -> Target {
    let bit = |place: usize| u8::from(place >= zeros);
    let byte = |at: usize| (0..8).fold(0, |byte, place| byte << 1 | bit(8 * at + place));
    Target::from_bytes(core::array::from_fn(byte))
}

pub(crate) fn key(label: &str) -> SecretKey {
    SecretKey::from_bytes(Hash::untagged(label.as_bytes()).0).unwrap()
}

pub(crate) fn scope_key(scope: u32) -> SecretKey {
    key(&format!("scope {scope}"))
}

pub(crate) fn disease(scope: u32) -> DiseaseId {
    DiseaseId::of(&scope_key(scope).public_key())
}

pub(crate) fn served() -> Outcome {
    Outcome::Served {
        commitment: Hash::untagged(b"fragments"),
    }
}

pub(crate) fn list<T: core::fmt::Debug, const MAX: usize>(items: Vec<T>) -> BoundedList<T, MAX> {
    BoundedList::new(items).unwrap()
}

pub(crate) fn filled<const MAX: usize>(length: usize) -> BoundedBytes<MAX> {
    BoundedBytes::new(vec![0xab; length]).unwrap()
}

pub(crate) fn all_good(checks: &[SignatureCheck]) -> bool {
    checks.iter().all(|check| check.verify().is_ok())
}

pub(crate) fn a_key() -> PublicKey {
    key("some key").public_key()
}
