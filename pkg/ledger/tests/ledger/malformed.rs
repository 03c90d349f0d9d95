//! One test for every rule that needs no state.

use keepwell_keys::{GenesisHash, Signature};
use keepwell_ledger::{
    state::{Consent, Grant, Scope, ScopeEntry, decode_leaf},
    transaction::{
        Coverage, Envelope, GrantAccess, MalformedTransaction, Ordering, RecordReference,
        RequestKey, SubmitRecord, Transaction, Txid, VerifiedTransaction,
    },
};
use keepwell_primitives::{
    BlockIndex, CanonicalError, Hash, Maybe, Timestamp, encode_canonical, limits,
};

use crate::world::{A, Asked, B, C, D, GENERAL, SPECIAL, World, a_key, filled, list};

/// What reading says of a payload that is otherwise in order.
fn read(world: &World, payload: impl Into<Asked>) -> Result<Transaction, MalformedTransaction> {
    let bytes = world.signed(payload).to_bytes();
    Transaction::from_bytes(&bytes, &world.genesis_hash())
}

fn record(index: u32) -> RecordReference {
    let txid = Txid(Hash::untagged(&index.to_be_bytes()));
    RecordReference { index, txid }
}

#[test]
fn truncated_trailing_or_oversized_bytes_are_no_transaction() {
    let world = World::with_hospitals(4);
    let bytes = world.signed(world.submission(A, GENERAL)).to_bytes();
    let read = |bytes: &[u8]| Transaction::from_bytes(bytes, &world.genesis_hash());
    assert!(read(&bytes).is_ok());
    let not_canonical = |error| Err(MalformedTransaction::NotCanonical(error));
    let too_short = CanonicalError::Rlp(alloy_rlp::Error::InputTooShort);
    for length in 0..bytes.len() {
        assert_eq!(
            read(&bytes[..length]),
            not_canonical(too_short.clone()),
            "{length}"
        );
    }
    let with_more = [bytes.as_slice(), &[0x80]].concat();
    let trailing = CanonicalError::TrailingBytes { got: 1 };
    assert_eq!(read(&with_more), not_canonical(trailing));
    let (got, max) = (
        limits::TRANSACTION_BYTES_MAX + 1,
        limits::TRANSACTION_BYTES_MAX,
    );
    let too_long = CanonicalError::TooLong { got, max };
    assert_eq!(read(&vec![0xf9; got]), not_canonical(too_long));
}

#[test]
fn transaction_of_another_version_is_refused() {
    let world = World::with_hospitals(4);
    let Transaction::Sent(envelope) = world.signed(world.submission(A, GENERAL)) else {
        panic!("sent by a hospital");
    };
    let bytes = Transaction::Sent(Envelope {
        version: 2,
        ..envelope
    })
    .to_bytes();
    let (got, expected) = (2, 1);
    assert_eq!(
        Transaction::from_bytes(&bytes, &world.genesis_hash()),
        Err(MalformedTransaction::Version { got, expected })
    );
}

#[test]
fn transaction_for_another_network_is_refused() {
    let world = World::with_hospitals(4);
    let bytes = world.signed(world.submission(A, GENERAL)).to_bytes();
    let other = GenesisHash(Hash::untagged(b"another network"));
    let (got, expected) = (world.genesis_hash().0, other.0);
    assert_eq!(
        Transaction::from_bytes(&bytes, &other),
        Err(MalformedTransaction::WrongGenesis { got, expected })
    );
}

#[test]
fn sealed_file_has_a_size_within_the_limit() {
    let world = World::with_hospitals(4);
    let submit = |blob_size| SubmitRecord {
        blob_size,
        ..world.submission(A, GENERAL)
    };
    let max = limits::BLOB_BYTES_MAX;
    for got in [0, max + 1, u64::MAX] {
        let wrong = MalformedTransaction::BlobSize { got, max };
        assert_eq!(read(&world, submit(got)), Err(wrong));
    }
    assert!(read(&world, submit(1)).is_ok());
    assert!(read(&world, submit(max)).is_ok());
}

#[test]
fn umbral_objects_and_the_summary_have_their_lengths() {
    let world = World::with_hospitals(4);
    let mut submit = world.submission(A, GENERAL);
    submit.capsule = filled(104);
    let (got, expected) = (104, 105);
    let wrong = MalformedTransaction::CapsuleLength { got, expected };
    assert_eq!(read(&world, submit), Err(wrong));
    let mut submit = world.submission(A, GENERAL);
    submit.encrypted_record_key = filled(0);
    let (got, expected) = (0, 72);
    let wrong = MalformedTransaction::RecordKeyLength { got, expected };
    assert_eq!(read(&world, submit), Err(wrong));
    let mut submit = world.submission(A, GENERAL);
    submit.sealed_summary = filled(0);
    assert_eq!(
        read(&world, submit),
        Err(MalformedTransaction::SummaryEmpty)
    );
}

#[test]
fn card_must_be_of_the_records_patient_hospital_and_scope() {
    let world = World::with_hospitals(4);
    let with_card = |card| SubmitRecord {
        scope_opening: Maybe(Some(card)),
        ..world.submission(A, GENERAL)
    };
    let stranger = crate::world::key("stranger");
    let of_stranger = world.card_of(&stranger, A, GENERAL);
    let (got, expected) = (of_stranger.patient_id, world.patient_id());
    let wrong = MalformedTransaction::CardPatient { got, expected };
    assert_eq!(read(&world, with_card(of_stranger)), Err(wrong));
    let (got, expected) = (world.hospital(C), world.hospital(A));
    let wrong = MalformedTransaction::CardHospital { got, expected };
    assert_eq!(read(&world, with_card(world.card(C, GENERAL))), Err(wrong));
    let other = world.card(A, SPECIAL);
    let (got, expected) = (other.disease_id(), world.submission(A, GENERAL).disease_id);
    let wrong = MalformedTransaction::CardScope { got, expected };
    assert_eq!(read(&world, with_card(other)), Err(wrong));
}

#[test]
fn grant_to_the_issuer_itself_is_refused() {
    let world = World::with_hospitals(4);
    let got = world.hospital(A);
    let wrong = MalformedTransaction::GrantToIssuer { got };
    assert_eq!(read(&world, world.grant(A)), Err(wrong));
}

#[test]
fn grant_that_lists_nothing_is_no_grant_of_everything() {
    let world = World::with_hospitals(4);
    let mut grant = world.grant(B);
    let of_everything = encode_canonical(&grant);
    grant.coverage = Coverage::Records(list(vec![]));
    assert_ne!(encode_canonical(&grant), of_everything);
    assert_eq!(
        read(&world, grant),
        Err(MalformedTransaction::CoverageEmpty)
    );
}

#[test]
fn records_stand_in_strictly_ascending_order() {
    let world = World::with_hospitals(4);
    let same_index = RecordReference {
        index: 1,
        ..record(9)
    };
    for wrong in [
        vec![record(1), record(1)],
        vec![record(2), record(1)],
        vec![record(1), same_index],
    ] {
        let mut grant = world.grant(B);
        grant.coverage = Coverage::Records(list(wrong.clone()));
        assert_eq!(
            read(&world, grant),
            Err(MalformedTransaction::RecordsNotAscending)
        );
        let request = world.request(B, &wrong);
        assert_eq!(
            read(&world, request),
            Err(MalformedTransaction::RecordsNotAscending)
        );
    }
}

#[test]
fn custodians_stand_in_strictly_ascending_order() {
    let world = World::with_hospitals(4);
    let honest = world.grant(B).custodians.into_vec();
    let [first, second, third] = honest[..] else {
        panic!("three custodians");
    };
    for wrong in [[second, first, third], [first, first, third]] {
        let mut grant = world.grant(B);
        grant.custodians = list(wrong.to_vec());
        assert_eq!(
            read(&world, grant),
            Err(MalformedTransaction::CustodiansNotAscending)
        );
    }
}

#[test]
fn each_custodian_has_one_commitment() {
    let world = World::with_hospitals(4);
    for got in [0, 2, 4] {
        let mut grant = world.grant(B);
        grant.fragment_commitments = list(vec![Hash::ZERO; got]);
        let expected = 3;
        let wrong = MalformedTransaction::CommitmentCount { got, expected };
        assert_eq!(read(&world, grant), Err(wrong));
    }
}

#[test]
fn requester_is_never_a_custodian() {
    let world = World::with_hospitals(4);
    let mut custodians = vec![world.hospital(A), world.hospital(B), world.hospital(D)];
    custodians.sort();
    let mut grant = world.grant(B);
    grant.custodians = list(custodians);
    let got = world.hospital(B);
    let wrong = MalformedTransaction::RequesterAsCustodian { got };
    assert_eq!(read(&world, grant), Err(wrong));
}

#[test]
fn threshold_is_one_to_the_number_of_custodians() {
    let world = World::with_hospitals(4);
    for got in [0, 4, u32::MAX] {
        let grant = GrantAccess {
            threshold: got,
            ..world.grant(B)
        };
        let custodians = 3;
        let wrong = MalformedTransaction::ThresholdOutOfRange { got, custodians };
        assert_eq!(read(&world, grant), Err(wrong));
    }
    let none = GrantAccess {
        custodians: list(vec![]),
        fragment_commitments: list(vec![]),
        threshold: 0,
        ..world.grant(B)
    };
    let (got, custodians) = (0, 0);
    let wrong = MalformedTransaction::ThresholdOutOfRange { got, custodians };
    assert_eq!(read(&world, none), Err(wrong));
}

#[test]
fn one_custodian_suffices_only_if_it_is_the_issuer() {
    let world = World::with_hospitals(4);
    let too_low = MalformedTransaction::ThresholdTooLow { got: 1 };
    let one_of_three = GrantAccess {
        threshold: 1,
        ..world.grant(B)
    };
    assert_eq!(read(&world, one_of_three), Err(too_low.clone()));
    let only = |who| GrantAccess {
        custodians: list(vec![world.hospital(who)]),
        fragment_commitments: list(vec![Hash::ZERO]),
        threshold: 1,
        ..world.grant(B)
    };
    assert_eq!(read(&world, only(C)), Err(too_low));
    assert!(read(&world, only(A)).is_ok());
}

#[test]
fn revoking_from_the_issuer_closes_the_scope_or_is_refused() {
    let world = World::with_hospitals(4);
    let without_effect = MalformedTransaction::RevokeWithoutEffect;
    assert_eq!(read(&world, world.revocation(A)), Err(without_effect));
    assert!(read(&world, world.closing()).is_ok());
}

#[test]
fn request_for_nothing_is_refused() {
    let world = World::with_hospitals(4);
    let nothing = MalformedTransaction::NoRecordsRequested;
    assert_eq!(read(&world, world.request(B, &[])), Err(nothing));
}

#[test]
fn transaction_with_a_bad_signature_of_its_own_or_of_its_card_is_not_verified() {
    let world = World::with_hospitals(4);
    let honest = world.signed(world.submission(A, GENERAL));
    assert_eq!(honest.signature_checks().count(), 2);
    let other = *honest
        .signature_checks()
        .nth(1)
        .unwrap()
        .signature
        .as_bytes();
    let Transaction::Sent(mut envelope) = honest.clone() else {
        panic!("sent by a hospital");
    };
    envelope.signature = Signature::from_bytes(other).unwrap();
    let renamed = Transaction::Sent(envelope);
    assert_eq!(renamed.txid(), honest.txid());
    assert!(VerifiedTransaction::verify(renamed).is_err());

    let mut submit = world.submission(A, GENERAL);
    let mut card = world.card(A, GENERAL);
    card.not_after = Timestamp::MAX;
    submit.scope_opening = Maybe(Some(card));
    assert!(VerifiedTransaction::verify(world.signed(submit)).is_err());
}

#[test]
fn largest_transaction_and_largest_leaf_fit_their_limits() {
    let world = World::with_hospitals(limits::SCOPE_ENTRIES_MAX + 2);
    let mut custodians: Vec<_> = (2..2 + limits::CUSTODIANS_MAX)
        .map(|who| world.hospital(who))
        .collect();
    custodians.sort();
    let last_first = (0..=u32::MAX).rev();
    let records = last_first.take(limits::LISTED_RECORDS_MAX).map(record);
    let mut records: Vec<_> = records.collect();
    records.reverse();
    let grant = GrantAccess {
        purpose: "ABCDEFGHIJKLMNOP".parse().unwrap(),
        expires_at: Timestamp::MAX,
        coverage: Coverage::Records(list(records.clone())),
        threshold: 16,
        fragment_commitments: list(vec![Hash::ZERO; custodians.len()]),
        custodians: list(custodians),
        ..world.grant(B)
    };
    assert!(read(&world, grant.clone()).is_ok());
    let request = RequestKey {
        records: list(records),
        ..world.request(B, &[])
    };
    assert!(read(&world, request).is_ok());

    let entry = |who| ScopeEntry {
        hospital_id: world.hospital(who),
        consent: Consent::Granted(Grant {
            txid: Txid(Hash::ZERO),
            index: BlockIndex(u64::MAX),
            purpose: grant.purpose.clone(),
            expires_at: Timestamp::MAX,
            coverage: grant.coverage.clone(),
            threshold: 16,
            custodians: grant.custodians.clone(),
            fragment_commitments: grant.fragment_commitments.clone(),
            verifying_key: a_key(),
            receiving_key: a_key(),
        }),
        open_request: Maybe(Some(u32::MAX)),
        requests_day: u64::MAX,
        requests_today: 16,
    };
    let scope = Scope {
        service_provider_id: world.hospital(A),
        public_key: a_key(),
        opened_index: BlockIndex(u64::MAX),
        closed_index: Maybe(Some(BlockIndex(u64::MAX))),
        entries: list((0..limits::SCOPE_ENTRIES_MAX).map(entry).collect()),
    };
    let leaf = encode_canonical(&scope);
    assert!(leaf.len() > 256 * 1024);
    assert_eq!(decode_leaf(&leaf), Ok(scope));
}

#[test]
fn transactions_lapse_and_order_are_under_the_signature() {
    let world = World::with_hospitals(4);
    let Transaction::Sent(honest) = world.signed(world.submission(A, GENERAL)) else {
        panic!("sent by a hospital");
    };
    let later = Ordering {
        valid_until_index: BlockIndex(999),
        ..honest.order
    };
    let next = Ordering {
        nonce: 1,
        ..honest.order
    };
    for order in [later, next] {
        let altered = Transaction::Sent(Envelope {
            order,
            ..honest.clone()
        });
        assert!(VerifiedTransaction::verify(altered).is_err());
    }
}
