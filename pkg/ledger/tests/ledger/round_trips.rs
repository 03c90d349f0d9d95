//! Transactions, headers and blocks survive their bytes, and no other bytes stand for them.

use keepwell_keys::{HospitalId, PatientId, SecretKey};
use keepwell_ledger::{
    block::{Block, Header, HeaderChain},
    state::StateRoots,
    transaction::{
        AnswerRequest, Coverage, DiseaseId, GrantAccess, Ordering, Outcome, Payload, PurposeCode,
        RecordReference, RefusalReason, RequestKey, RequestReference, RevokeAccess, SubmitRecord,
        Transaction, Txid, VisitCard,
    },
};
use keepwell_primitives::{BlobId, BlockIndex, BoundedBytes, Hash, Maybe, Timestamp, limits};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::world::{World, filled, key, list};

/// The number of a key; a key itself shows nothing of itself, as a strategy's value must.
fn any_key() -> impl Strategy<Value = u8> {
    0..6_u8
}

fn numbered(key_number: u8) -> SecretKey {
    key(&format!("key {key_number}"))
}

fn any_hash() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash)
}

fn any_patient() -> impl Strategy<Value = PatientId> {
    any::<[u8; 32]>().prop_map(PatientId::from_bytes)
}

fn any_hospital() -> impl Strategy<Value = HospitalId> {
    any::<[u8; 32]>().prop_map(HospitalId::from_bytes)
}

fn any_disease() -> impl Strategy<Value = DiseaseId> {
    any_hash().prop_map(DiseaseId)
}

fn any_purpose() -> impl Strategy<Value = PurposeCode> {
    "[A-Z0-9_]{1,16}".prop_map(|text| text.parse().unwrap())
}

fn any_records(min: usize) -> impl Strategy<Value = Vec<RecordReference>> {
    prop::collection::btree_map(any::<u32>(), any_hash(), min..12).prop_map(|records| {
        let record = |(index, txid)| RecordReference {
            index,
            txid: Txid(txid),
        };
        records.into_iter().map(record).collect()
    })
}

fn any_card() -> impl Strategy<Value = VisitCard> {
    let world_hash = any_hash().prop_map(keepwell_keys::GenesisHash);
    (
        any_patient(),
        any_key(),
        any_hospital(),
        any_key(),
        any::<u64>(),
        world_hash,
    )
        .prop_map(|(patient, key, hospital, scope, not_after, genesis)| {
            let not_after = Timestamp(not_after);
            let (key, scope) = (numbered(key), numbered(scope).public_key());
            VisitCard::sign(patient, &key, hospital, scope, not_after, &genesis)
        })
}

fn any_submit() -> impl Strategy<Value = Payload> {
    let names = (
        any_patient(),
        any_hospital(),
        any_disease(),
        any_hash(),
        any_hash(),
    );
    let rest = (
        1..=limits::BLOB_BYTES_MAX,
        vec(any::<u8>(), 1..=limits::SUMMARY_BYTES_MAX),
        any_records(0),
        prop::option::of(any_card()),
    );
    (names, rest).prop_map(|(names, (blob_size, summary, supersedes, card))| {
        let (patient_id, service_provider_id, disease_id, blob, content_commitment) = names;
        let mut submit = SubmitRecord {
            patient_id,
            service_provider_id,
            disease_id,
            blob_id: BlobId(blob),
            blob_size,
            content_commitment,
            capsule: filled(limits::CAPSULE_BYTES),
            encrypted_record_key: filled(limits::ENCRYPTED_RECORD_KEY_BYTES),
            sealed_summary: BoundedBytes::new(summary).unwrap(),
            supersedes: Maybe(supersedes.first().copied()),
            scope_opening: Maybe(None),
        };
        if let Some(card) = card {
            submit.patient_id = card.patient_id;
            submit.service_provider_id = card.hospital_id;
            submit.disease_id = card.disease_id();
            submit.scope_opening = Maybe(Some(card));
        }
        Payload::SubmitRecord(submit)
    })
}

fn any_grant() -> impl Strategy<Value = Payload> {
    let names = (any_patient(), any_hospital(), any_hospital(), any_disease());
    let custodians = prop::collection::btree_map(any_hospital(), any_hash(), 2..=16);
    let rest = (
        any_purpose(),
        any::<u64>(),
        any_records(0),
        custodians,
        any_key(),
        any_key(),
    );
    (names, rest).prop_map(
        |(names, (purpose, end, records, custodians, verifying, receiving))| {
            let (ids, commitments): (Vec<_>, Vec<_>) = custodians.into_iter().unzip();
            Payload::GrantAccess(GrantAccess {
                patient_id: names.0,
                service_requester_id: names.1,
                service_provider_id: names.2,
                disease_id: names.3,
                purpose,
                expires_at: Timestamp(end),
                coverage: if records.is_empty() {
                    Coverage::Scope
                } else {
                    Coverage::Records(list(records))
                },
                threshold: 2,
                custodians: list(ids),
                fragment_commitments: list(commitments),
                verifying_key: numbered(verifying).public_key(),
                receiving_key: numbered(receiving).public_key(),
            })
        },
    )
}

fn any_revoke() -> impl Strategy<Value = Payload> {
    (
        any_patient(),
        any_hospital(),
        any_hospital(),
        any_disease(),
        any::<bool>(),
    )
        .prop_map(
            |(patient_id, service_requester_id, service_provider_id, disease_id, close_scope)| {
                Payload::RevokeAccess(RevokeAccess {
                    patient_id,
                    service_requester_id,
                    service_provider_id,
                    disease_id,
                    close_scope,
                })
            },
        )
}

fn any_request() -> impl Strategy<Value = Payload> {
    let names = (any_patient(), any_hospital(), any_hospital(), any_disease());
    (names, any_records(1), any_purpose()).prop_map(|(names, records, purpose)| {
        Payload::RequestKey(RequestKey {
            patient_id: names.0,
            service_requester_id: names.1,
            service_provider_id: names.2,
            disease_id: names.3,
            records: list(records),
            purpose,
        })
    })
}

fn any_answer() -> impl Strategy<Value = AnswerRequest> {
    let reasons = [
        RefusalReason::NoFragment,
        RefusalReason::NotLive,
        RefusalReason::Invalid,
    ];
    let outcome = prop_oneof![
        any_hash().prop_map(|commitment| Outcome::Served { commitment }),
        prop::sample::select(reasons.to_vec()).prop_map(|reason| Outcome::Refused { reason }),
    ];
    (
        any_hospital(),
        any_hospital(),
        any::<u32>(),
        any_hash(),
        outcome,
    )
        .prop_map(
            |(custodian_id, service_requester_id, index, txid, outcome)| AnswerRequest {
                custodian_id,
                request: RequestReference {
                    service_requester_id,
                    index,
                    txid: Txid(txid),
                },
                outcome,
            },
        )
}

fn any_transaction() -> impl Strategy<Value = Transaction> {
    let genesis = World::with_hospitals(1).genesis_hash();
    let payload = prop_oneof![any_submit(), any_grant(), any_revoke(), any_request()];
    let order = (any::<u64>(), any::<u64>()).prop_map(|(nonce, until)| Ordering {
        nonce,
        valid_until_index: BlockIndex(until),
    });
    prop_oneof![
        4 => (payload, order, any_key())
            .prop_map(move |(payload, order, key)| Transaction::sign(payload, order, genesis, &numbered(key))),
        1 => (any_answer(), any_key())
            .prop_map(move |(answer, key)| Transaction::sign_answer(answer, genesis, &numbered(key))),
    ]
}

/// One small alteration of bytes.
#[derive(Clone, Debug)]
enum Alteration {
    Set(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Cut(Index),
    Repeat(Index, Index),
}

fn any_alteration() -> impl Strategy<Value = Alteration> {
    let index = any::<Index>;
    prop_oneof![
        (index(), any::<u8>()).prop_map(|(at, to)| Alteration::Set(at, to)),
        (index(), any::<u8>()).prop_map(|(at, byte)| Alteration::Insert(at, byte)),
        index().prop_map(Alteration::Remove),
        index().prop_map(Alteration::Cut),
        (index(), index()).prop_map(|(from, to)| Alteration::Repeat(from, to)),
    ]
}

fn altered(bytes: &[u8], alterations: &[Alteration]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for alteration in alterations {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match alteration {
            Alteration::Set(at, to) => bytes[at.index(length)] = *to,
            Alteration::Insert(at, byte) => bytes.insert(at.index(length), *byte),
            Alteration::Remove(at) => {
                bytes.remove(at.index(length));
            }
            Alteration::Cut(at) => bytes.truncate(at.index(length)),
            Alteration::Repeat(from, to) => {
                let (from, to) = (from.index(length), to.index(length));
                let part = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.extend(part);
            }
        }
    }
    bytes
}

fn any_header() -> impl Strategy<Value = [u8; 288]> {
    vec(any::<u8>(), 288).prop_map(|mut bytes| {
        bytes[..4].copy_from_slice(&[0, 0, 0, 1]);
        bytes.try_into().unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn transaction_survives_its_bytes(transaction in any_transaction()) {
        let genesis = World::with_hospitals(1).genesis_hash();
        let bytes = transaction.to_bytes();
        let read = Transaction::from_bytes(&bytes, &genesis).unwrap();
        prop_assert_eq!(read.txid(), transaction.txid());
        prop_assert_eq!(read.to_bytes(), bytes);
        prop_assert_eq!(read, transaction);
    }

    #[test]
    fn altered_transaction_is_refused_or_stands_for_its_own_bytes(
        transaction in any_transaction(), alterations in vec(any_alteration(), 1..4),
    ) {
        let genesis = World::with_hospitals(1).genesis_hash();
        let bytes = altered(&transaction.to_bytes(), &alterations);
        if let Ok(read) = Transaction::from_bytes(&bytes, &genesis) {
            prop_assert_eq!(read.to_bytes(), bytes);
            if read != transaction {
                let good = read.signature_checks().next().unwrap().verify();
                prop_assert!(good.is_err(), "an alteration kept the signature");
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..400)) {
        let genesis = World::with_hospitals(1).genesis_hash();
        prop_assert!(Transaction::from_bytes(&bytes, &genesis).is_err());
        prop_assert!(Block::from_bytes(&bytes, &genesis, |_| true).is_err());
        prop_assert!(Block::peek_sealed(&bytes).is_err());
    }

    #[test]
    fn header_survives_its_bytes(bytes in any_header()) {
        let header = Header::from_bytes(&bytes).unwrap();
        prop_assert_eq!(header.to_bytes(), bytes);
        let json = serde_json::to_string(&header).unwrap();
        prop_assert_eq!(serde_json::from_str::<Header>(&json).unwrap(), header);
    }

    #[test]
    fn altered_header_is_refused_or_stands_for_its_own_bytes(
        bytes in any_header(), alterations in vec(any_alteration(), 1..4),
    ) {
        let bytes = altered(&bytes, &alterations);
        if let Ok(header) = Header::from_bytes(&bytes) {
            prop_assert_eq!(header.to_bytes().to_vec(), bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn block_survives_its_bytes_and_altered_is_refused_or_stands_for_its_own(
        transactions in vec(any_transaction(), 0..5), alterations in vec(any_alteration(), 1..4),
    ) {
        // Signatures are not looked at: cards inside may be of any network.
        let world = World::with_hospitals(1);
        let mut names = std::collections::BTreeSet::new();
        let transactions: Vec<_> =
            transactions.into_iter().filter(|transaction| names.insert(transaction.txid())).collect();
        let verified = keepwell_ledger::transaction::VerifiedTransaction::verify_all(
            transactions.clone(), |_| Ok::<(), ()>(()),
        ).unwrap();
        let raw: Vec<_> = transactions.iter().map(Transaction::to_bytes).collect();
        let slices: Vec<_> = raw.iter().map(Vec::as_slice).collect();
        let chain = HeaderChain::genesis(&world.genesis);
        let roots = StateRoots::from(world.genesis.header());
        let mut header = *world.mine(&chain, &[], roots).header();
        header.merkle_root_hash = keepwell_ledger::block::merkle_root(&slices);
        let block = Block::assemble(world.seal(0, header), verified).unwrap();
        let bytes = block.to_bytes();
        let genesis = world.genesis_hash();
        prop_assert_eq!(&Block::from_bytes(&bytes, &genesis, |_| true), &Ok(block));

        let bytes = altered(&bytes, &alterations);
        if let Ok(read) = Block::from_bytes(&bytes, &genesis, |_| true) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
