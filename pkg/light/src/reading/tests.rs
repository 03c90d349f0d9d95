//! Lies that a relay cannot tell alone: a state, well mined, that contradicts itself.

use alloc::vec;

use keepwell_keys::{HospitalId, PatientId, SecretKey};
use keepwell_ledger::{
    block::{BLOCK_VERSION, BlockHash, Header, Target},
    state::{Account, Event, EventKind},
    transaction::{DiseaseId, Txid},
};
use keepwell_primitives::{
    BlockIndex, BoundedList, CanonicalError, Maybe, Timestamp, encode_canonical,
};
use keepwell_trie::{MemoryStore, Trie};

use super::*;
use crate::PatientView;

const PATIENT: PatientId = PatientId::from_bytes([1; 32]);
const ACCOUNT: LeafName = LeafName::Account(PATIENT);

type TestTrie = Trie<Sha256, MemoryStore>;

fn trie(leaves: &[(LeafName, Vec<u8>)]) -> TestTrie {
    let mut trie = TestTrie::new(MemoryStore::new());
    for (leaf, bytes) in leaves {
        trie.insert(&leaf.key(), bytes.clone()).unwrap();
    }
    trie
}

fn head(trie: &mut TestTrie) -> VerifiedHead {
    VerifiedHead::new(Header {
        version: BLOCK_VERSION,
        index: BlockIndex(1),
        timestamp: Timestamp(2),
        previous_hash: BlockHash::default(),
        merkle_root_hash: Hash::ZERO,
        patient_state_trie_hash: trie.root(),
        hospital_state_trie_hash: TestTrie::empty_root(),
        council_hash: Hash::ZERO,
        history_root: Hash::ZERO,
        miner: HospitalId::from_bytes([0; 32]),
        target: Target::from_bytes([0xff; 32]),
        extra_nonce: 0,
        nonce: 0,
    })
}

fn account(nonce: u64, event_count: u32) -> (LeafName, Vec<u8>) {
    let key = SecretKey::from_bytes([1; 32]).unwrap().public_key();
    let account = Account {
        public_key: key,
        nonce,
        record_count: 0,
        event_count,
    };
    (ACCOUNT, encode_canonical(&account))
}

fn event(index: u32, time: u64) -> (LeafName, Vec<u8>) {
    let event = Event {
        kind: EventKind::Revoked,
        hospital_id: HospitalId::from_bytes([2; 32]),
        disease_id: DiseaseId::default(),
        txid: Txid::default(),
        records: BoundedList::default(),
        request: Maybe(None),
        index: BlockIndex(1),
        time: Timestamp(time),
    };
    (LeafName::Event(PATIENT, index), encode_canonical(&event))
}

fn read(
    leaves: &[(LeafName, Vec<u8>)],
    earlier: Option<View>,
) -> Result<PatientView, VerificationError> {
    let mut trie = trie(leaves);
    let interest = Interest::Patient(PATIENT);
    let subjects = vec![Subject { interest, earlier }];
    let mut reading = Reading::new(head(&mut trie), subjects)?;
    while let Some(Query::Proof(question)) = reading.next_query() {
        let keys: Vec<&[u8]> = question.patients.iter().map(|key| &**key).collect();
        let proof = trie.prove(&keys).unwrap().to_bytes();
        reading = reading.resolve(Answer::Proof(ProofAnswer {
            patients: Some(BoundedBytes::new(proof).unwrap()),
            hospitals: None,
        }))?;
    }
    match reading.into_views().pop() {
        Some(View::Patient(view)) => Ok(view),
        other => panic!("{other:?}"),
    }
}

#[test]
fn missing_leaf_below_a_counter_is_named() {
    assert!(read(&[account(0, 2), event(0, 1), event(1, 1)], None).is_ok());
    let leaf = LeafName::Event(PATIENT, 1);
    assert_eq!(
        read(&[account(0, 2), event(0, 1)], None),
        Err(VerificationError::LeafMissing { leaf })
    );
}

#[test]
fn leaf_that_is_not_of_its_kind_is_named() {
    let leaf = LeafName::Event(PATIENT, 0);
    let error = read(&[account(0, 1), (leaf, vec![0xc0])], None).unwrap_err();
    let error_expected = CanonicalError::Rlp(alloy_rlp::Error::InputTooShort);
    let error_expected = VerificationError::LeafCorrupt {
        leaf,
        error: error_expected,
    };
    assert_eq!(error, error_expected);
}

#[test]
fn counter_that_fell_is_named() {
    let earlier = read(&[account(5, 1), event(0, 1)], None).unwrap();
    let now = read(
        &[account(4, 1), event(0, 1)],
        Some(View::Patient(earlier.clone())),
    );
    let (got, expected) = (4, 5);
    let fell = |got, expected| VerificationError::CounterFell {
        leaf: ACCOUNT,
        got,
        expected,
    };
    assert_eq!(now, Err(fell(got, expected)));
    let now = read(&[account(5, 0)], Some(View::Patient(earlier)));
    assert_eq!(now, Err(fell(0, 1)));
}

#[test]
fn line_of_the_log_that_changed_is_named() {
    let earlier = read(&[account(5, 1), event(0, 1)], None).unwrap();
    let leaf = LeafName::Event(PATIENT, 0);
    assert_eq!(
        read(&[account(5, 1), event(0, 2)], Some(View::Patient(earlier))),
        Err(VerificationError::HistoryRewritten { leaf })
    );
}
