//! One test for every rule that depends on the state. [`World::apply`] holds each refused
//! transaction to leaving both roots as they were.

use keepwell_keys::PatientId;
use keepwell_ledger::{
    execute::{REQUESTS_PER_DAY_MAX, RuleError},
    state::Status,
    transaction::{Coverage, GrantAccess, Ordering, Payload, PurposeCode, Transaction, Txid},
};
use keepwell_primitives::{BlockIndex, Hash, Maybe, Milliseconds, limits};

use crate::world::{
    A, Asked, B, C, CREATED, D, GENERAL, INTERVAL, SPECIAL, World, a_key, disease, key, list,
};

#[test]
fn transaction_is_not_applied_after_its_last_block() {
    let mut world = World::with_hospitals(4);
    let transaction = world.signed(world.submission(A, GENERAL));
    world.context.index = BlockIndex(12);
    let (valid_until_index, index) = (BlockIndex(11), BlockIndex(12));
    let refused = world.apply(&transaction);
    assert_eq!(
        refused,
        Err(RuleError::NoLongerValid {
            valid_until_index,
            index
        })
    );
    world.context.index = BlockIndex(11);
    assert_eq!(world.apply(&transaction), Ok(transaction.txid()));
}

#[test]
fn replayed_transaction_is_refused() {
    let mut world = World::with_hospitals(4);
    let transaction = world.signed(world.submission(A, GENERAL));
    world.apply(&transaction).unwrap();
    let again = world.apply(&transaction);
    assert_eq!(
        again,
        Err(RuleError::Nonce {
            got: 0,
            expected: 1
        })
    );
}

#[test]
fn patients_transactions_are_applied_in_the_order_of_their_nonces() {
    let mut world = World::with_hospitals(4);
    world.submit(world.submission(A, GENERAL)).unwrap();
    let order = Ordering {
        nonce: 1,
        valid_until_index: BlockIndex(9),
    };
    let Asked(payload) = world.grant(B).into();
    let early = Transaction::sign(payload, order, world.genesis_hash(), &world.patient);
    assert_eq!(
        world.apply(&early),
        Err(RuleError::Nonce {
            got: 1,
            expected: 0
        })
    );
}

#[test]
fn transaction_signed_with_another_key_than_the_senders_is_refused() {
    let mut world = World::with_hospitals(4);
    world.submit(world.submission(A, GENERAL)).unwrap();
    let order = Ordering {
        nonce: 0,
        valid_until_index: BlockIndex(9),
    };
    let Asked(payload) = world.grant(B).into();
    let stranger = key("stranger");
    let forged = Transaction::sign(payload, order, world.genesis_hash(), &stranger);
    let (got, expected) = (stranger.public_key(), world.patient.public_key());
    assert_eq!(
        world.apply(&forged),
        Err(RuleError::SenderKey { got, expected })
    );

    let Asked(payload) = world.submission(A, GENERAL).into();
    let order = Ordering { nonce: 1, ..order };
    let by_node = &world.keys[A].node.clone();
    let forged = Transaction::sign(payload, order, world.genesis_hash(), by_node);
    let got = by_node.public_key();
    let expected = world.keys[A].authority.public_key();
    assert_eq!(
        world.apply(&forged),
        Err(RuleError::SenderKey { got, expected })
    );
}

#[test]
fn answer_signed_with_another_key_than_the_custodians_node_key_is_refused() {
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    let answer = world.answer(C, request, crate::world::served());
    let by_authority = &world.keys[C].authority.clone();
    let forged = Transaction::sign_answer(answer, world.genesis_hash(), by_authority);
    let got = by_authority.public_key();
    let expected = world.keys[C].node.public_key();
    assert_eq!(
        world.apply(&forged),
        Err(RuleError::SenderKey { got, expected })
    );
}

#[test]
fn stranger_cannot_issue_a_record() {
    let mut world = World::with_hospitals(4);
    let mut elsewhere = World::with_hospitals(5);
    let Asked(payload) = elsewhere.submission(4, GENERAL).into();
    let payload = match payload {
        Payload::SubmitRecord(mut submit) => {
            submit.scope_opening = Maybe(None);
            Payload::SubmitRecord(submit)
        }
        other => other,
    };
    let order = Ordering {
        nonce: 0,
        valid_until_index: BlockIndex(9),
    };
    let authority = &elsewhere.keys[4].authority;
    let transaction = Transaction::sign(payload, order, world.genesis_hash(), authority);
    let hospital_id = elsewhere.hospital(4);
    assert_eq!(
        world.apply(&transaction),
        Err(RuleError::NotEnrolled { hospital_id })
    );
    elsewhere.wait(INTERVAL);
}

#[test]
fn grant_to_a_stranger_is_refused() {
    let mut world = World::with_hospitals(4);
    world.submit(world.submission(A, GENERAL)).unwrap();
    let hospital_id = World::with_hospitals(5).hospital(4);
    let to_stranger = GrantAccess {
        service_requester_id: hospital_id,
        ..world.grant(B)
    };
    assert_eq!(
        world.send(to_stranger),
        Err(RuleError::NotEnrolled { hospital_id })
    );

    let mut custodians = vec![world.hospital(A), world.hospital(C), hospital_id];
    custodians.sort();
    let kept_by_stranger = GrantAccess {
        custodians: list(custodians),
        ..world.grant(B)
    };
    assert_eq!(
        world.send(kept_by_stranger),
        Err(RuleError::NotEnrolled { hospital_id })
    );
}

#[test]
fn retired_hospital_cannot_issue_ask_answer_or_be_granted() {
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    world.alter_hospital(C, |hospital| hospital.status = Status::Retired);
    let hospital_id = world.hospital(C);
    let retired = RuleError::Retired { hospital_id };
    let submission = world.submission(C, SPECIAL);
    assert_eq!(world.send(submission), Err(retired.clone()));
    let key_request = world.request(C, &[]);
    let record = world.key_request(request).records.first().copied().unwrap();
    let key_request = keepwell_ledger::transaction::RequestKey {
        records: list(vec![record]),
        ..key_request
    };
    assert_eq!(world.send(key_request), Err(retired.clone()));
    assert_eq!(world.serve(C, request), Err(retired.clone()));
    let grant = world.grant(C);
    assert_eq!(world.send(grant), Err(retired));
}

#[test]
fn patient_without_an_account_can_neither_grant_nor_revoke() {
    let mut world = World::with_hospitals(4);
    let patient_id = world.patient_id();
    let no_account = RuleError::NoAccount { patient_id };
    assert_eq!(world.send(world.grant(B)), Err(no_account.clone()));
    assert_eq!(world.send(world.revocation(B)), Err(no_account));
}

#[test]
fn record_in_a_scope_that_was_never_opened_needs_a_card() {
    let mut world = World::with_hospitals(4);
    let mut submit = world.submission(A, GENERAL);
    submit.scope_opening = Maybe(None);
    let disease_id = submit.disease_id;
    let not_opened = RuleError::ScopeNotOpened { disease_id };
    assert_eq!(world.send(submit), Err(not_opened));
}

#[test]
fn grant_revocation_or_request_on_a_scope_that_was_never_opened_is_refused() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    let disease_id = disease(SPECIAL);
    let not_opened = RuleError::ScopeNotOpened { disease_id };
    let mut grant = world.grant(B);
    grant.disease_id = disease_id;
    assert_eq!(world.send(grant), Err(not_opened.clone()));
    let mut revoke = world.revocation(B);
    revoke.disease_id = disease_id;
    assert_eq!(world.send(revoke), Err(not_opened.clone()));
    let mut request = world.request(B, &[record]);
    request.disease_id = disease_id;
    assert_eq!(world.send(request), Err(not_opened));
}

#[test]
fn card_opens_a_scope_once() {
    let mut world = World::with_hospitals(4);
    let first = world.submission(A, GENERAL);
    world.send(first.clone()).unwrap();
    let disease_id = first.disease_id;
    assert_eq!(
        world.send(first),
        Err(RuleError::ScopeAlreadyOpen { disease_id })
    );
}

#[test]
fn closed_scope_takes_no_record_with_or_without_its_card() {
    let mut world = World::with_hospitals(4);
    let with_card = world.submission(A, GENERAL);
    world.send(with_card.clone()).unwrap();
    world.send(world.closing()).unwrap();
    let disease_id = disease(GENERAL);
    let closed = RuleError::ScopeClosed { disease_id };
    assert_eq!(
        world.send(world.submission(A, GENERAL)),
        Err(closed.clone())
    );
    assert_eq!(world.send(with_card), Err(closed));
}

#[test]
fn scope_is_closed_once() {
    let mut world = World::with_hospitals(4);
    world.submit(world.submission(A, GENERAL)).unwrap();
    world.send(world.closing()).unwrap();
    let disease_id = disease(GENERAL);
    assert_eq!(
        world.send(world.closing()),
        Err(RuleError::ScopeClosed { disease_id })
    );
}

#[test]
fn hospital_cannot_write_into_anothers_scope() {
    let mut world = World::with_hospitals(4);
    world.submit(world.submission(A, GENERAL)).unwrap();
    let (got, expected) = (world.hospital(C), world.hospital(A));
    let disease_id = disease(GENERAL);
    let other = RuleError::ScopeOfOtherHospital {
        disease_id,
        got,
        expected,
    };
    assert_eq!(world.send(world.submission(C, GENERAL)), Err(other.clone()));
    let mut with_card = world.submission(C, GENERAL);
    with_card.scope_opening = Maybe(Some(world.card(C, GENERAL)));
    assert_eq!(world.send(with_card), Err(other.clone()));
    let mut grant = world.grant(B);
    grant.service_provider_id = got;
    assert_eq!(world.send(grant), Err(other));
}

#[test]
fn card_opens_nothing_from_the_moment_it_lapses() {
    let mut world = World::with_hospitals(4);
    let submit = world.submission(A, GENERAL);
    world.wait(Milliseconds::HOUR);
    let time = world.context.time;
    let expired = RuleError::CardExpired {
        not_after: time,
        time,
    };
    assert_eq!(world.send(submit.clone()), Err(expired));
    world.context.time.0 -= 1;
    assert!(world.send(submit).is_ok());
}

#[test]
fn card_of_another_key_than_the_patients_opens_nothing() {
    let mut world = World::with_hospitals(4);
    let patient_id = world.patient_id();
    let wrong_key = RuleError::CardKey { patient_id };
    let forge = |world: &World, scope| {
        let mut submit = world.submission(A, scope);
        let mut card = world.card_of(&key("thief"), A, scope);
        card.patient_id = patient_id;
        // Signed anew, with the victim's id in it.
        let hospital_id = world.hospital(A);
        let scope_key = crate::world::scope_key(scope).public_key();
        let genesis_hash = world.genesis_hash();
        card = keepwell_ledger::transaction::VisitCard::sign(
            patient_id,
            &key("thief"),
            hospital_id,
            scope_key,
            card.not_after,
            &genesis_hash,
        );
        submit.scope_opening = Maybe(Some(card));
        submit
    };
    // With no account yet, the id must be the tag of the key.
    let forged = forge(&world, GENERAL);
    assert_eq!(world.send(forged), Err(wrong_key.clone()));
    // With an account, the key must be the account's.
    world.submit(world.submission(A, GENERAL)).unwrap();
    let forged = forge(&world, SPECIAL);
    assert_eq!(world.send(forged), Err(wrong_key));
}

#[test]
fn record_that_is_not_at_its_index_cannot_be_superseded_granted_or_requested() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    let txid = Txid(Hash::untagged(b"another transaction"));
    for wrong in [
        keepwell_ledger::transaction::RecordReference { txid, ..record },
        keepwell_ledger::transaction::RecordReference { index: 1, ..record },
    ] {
        let no_such = RuleError::NoSuchRecord {
            index: wrong.index,
            txid: wrong.txid,
        };
        let mut submit = world.submission(A, GENERAL);
        submit.supersedes = Maybe(Some(wrong));
        assert_eq!(world.send(submit), Err(no_such.clone()));
        let mut grant = world.grant(B);
        grant.coverage = Coverage::Records(list(vec![wrong]));
        assert_eq!(world.send(grant), Err(no_such.clone()));
        let request = world.request(B, &[wrong]);
        assert_eq!(world.send(request), Err(no_such));
    }
}

#[test]
fn record_of_another_scope_can_be_neither_granted_nor_requested() {
    let mut world = World::with_hospitals(4);
    world.issue_and_grant();
    let elsewhere = world.submit(world.submission(A, SPECIAL)).unwrap();
    let (index, disease_id) = (elsewhere.index, disease(GENERAL));
    let outside = RuleError::RecordOutsideScope { index, disease_id };
    let mut grant = world.grant(B);
    grant.coverage = Coverage::Records(list(vec![elsewhere]));
    assert_eq!(world.send(grant), Err(outside.clone()));
    assert_eq!(world.send(world.request(B, &[elsewhere])), Err(outside));
}

#[test]
fn hospital_cannot_supersede_anothers_record() {
    let mut world = World::with_hospitals(4);
    let record = world.submit(world.submission(A, GENERAL)).unwrap();
    let mut submit = world.submission(C, SPECIAL);
    submit.supersedes = Maybe(Some(record));
    let (got, expected) = (world.hospital(C), world.hospital(A));
    let index = record.index;
    assert_eq!(
        world.send(submit),
        Err(RuleError::SupersedesOtherHospital {
            index,
            got,
            expected
        })
    );
}

#[test]
fn grant_whose_end_has_come_is_refused() {
    let mut world = World::with_hospitals(4);
    world.submit(world.submission(A, GENERAL)).unwrap();
    let mut grant = world.grant(B);
    let time = world.context.time;
    grant.expires_at = time;
    let expires_at = time;
    assert_eq!(
        world.send(grant.clone()),
        Err(RuleError::GrantExpired { expires_at, time })
    );
    grant.expires_at.0 += 1;
    assert!(world.send(grant).is_ok());
}

#[test]
fn grant_for_another_key_than_the_hospitals_encryption_key_is_refused() {
    let mut world = World::with_hospitals(4);
    world.submit(world.submission(A, GENERAL)).unwrap();
    let mut grant = world.grant(B);
    grant.receiving_key = a_key();
    let (got, expected) = (a_key(), world.keys[B].encryption.public_key());
    assert_eq!(
        world.send(grant),
        Err(RuleError::ReceivingKey { got, expected })
    );
}

#[test]
fn full_scope_takes_no_further_hospital_but_replaces_one_it_has() {
    let max = limits::SCOPE_ENTRIES_MAX;
    let mut world = World::with_hospitals(max + 2);
    world.submit(world.submission(A, GENERAL)).unwrap();
    for to in 1..=max {
        world.send(world.grant(to)).unwrap();
    }
    let disease_id = disease(GENERAL);
    assert_eq!(
        world.send(world.grant(max + 1)),
        Err(RuleError::ScopeFull { disease_id, max })
    );
    world.send(world.grant(max)).unwrap();
    world.send(world.revocation(1)).unwrap();
    // A revocation stays where it is, and so does its place.
    assert_eq!(
        world.send(world.grant(max + 1)),
        Err(RuleError::ScopeFull { disease_id, max })
    );
}

#[test]
fn what_was_never_granted_or_was_revoked_cannot_be_revoked() {
    let mut world = World::with_hospitals(4);
    world.issue_and_grant();
    let disease_id = disease(GENERAL);
    let hospital_id = world.hospital(C);
    let none = RuleError::NoGrantToRevoke {
        hospital_id,
        disease_id,
    };
    assert_eq!(world.send(world.revocation(C)), Err(none));
    world.send(world.revocation(B)).unwrap();
    let hospital_id = world.hospital(B);
    let none = RuleError::NoGrantToRevoke {
        hospital_id,
        disease_id,
    };
    assert_eq!(world.send(world.revocation(B)), Err(none));
}

#[test]
fn hospital_without_a_grant_cannot_request_a_key() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    let (hospital_id, disease_id) = (world.hospital(C), disease(GENERAL));
    let none = RuleError::NoLiveGrant {
        hospital_id,
        disease_id,
    };
    assert_eq!(world.send(world.request(C, &[record])), Err(none));
}

#[test]
fn revoked_hospital_cannot_request_a_key() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    world.send(world.revocation(B)).unwrap();
    let (hospital_id, disease_id) = (world.hospital(B), disease(GENERAL));
    let none = RuleError::NoLiveGrant {
        hospital_id,
        disease_id,
    };
    assert_eq!(world.send(world.request(B, &[record])), Err(none));
}

#[test]
fn hospital_cannot_request_a_key_from_the_moment_its_grant_ends() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    world.wait(Milliseconds::DAY);
    let (hospital_id, disease_id) = (world.hospital(B), disease(GENERAL));
    let none = RuleError::NoLiveGrant {
        hospital_id,
        disease_id,
    };
    assert_eq!(world.send(world.request(B, &[record])), Err(none));
    world.context.time.0 -= 1;
    assert!(world.send(world.request(B, &[record])).is_ok());
}

#[test]
fn request_for_another_purpose_than_granted_is_refused() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    let mut request = world.request(B, &[record]);
    let research: PurposeCode = "HRESCH".parse().unwrap();
    request.purpose = research.clone();
    let (got, expected) = (research, PurposeCode::treatment());
    assert_eq!(
        world.send(request),
        Err(RuleError::Purpose { got, expected })
    );
}

#[test]
fn record_that_the_grant_does_not_list_cannot_be_requested() {
    let mut world = World::with_hospitals(4);
    let first = world.submit(world.submission(A, GENERAL)).unwrap();
    let second = world.submit(world.submission(A, GENERAL)).unwrap();
    let mut grant = world.grant(B);
    grant.coverage = Coverage::Records(list(vec![first]));
    world.send(grant).unwrap();
    let index = second.index;
    let not_covered = RuleError::RecordNotCovered { index };
    assert_eq!(
        world.send(world.request(B, &[second])),
        Err(not_covered.clone())
    );
    let both = world.request(B, &[first, second]);
    assert_eq!(world.send(both), Err(not_covered));
    assert!(world.send(world.request(B, &[first])).is_ok());
}

#[test]
fn second_request_waits_for_the_first() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    world.send(world.request(B, &[record])).unwrap();
    world.wait(Milliseconds(Milliseconds::HOUR.0 - 1));
    let still_open = RuleError::RequestStillOpen { index: 0 };
    assert_eq!(world.send(world.request(B, &[record])), Err(still_open));
}

#[test]
fn seventeenth_request_of_a_day_is_refused() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    for _ in 0..REQUESTS_PER_DAY_MAX {
        let request = world.ask(world.request(B, &[record])).unwrap();
        world.serve(A, request).unwrap();
        world.serve(C, request).unwrap();
    }
    let max = REQUESTS_PER_DAY_MAX;
    let too_many = RuleError::TooManyRequests { max };
    assert_eq!(world.send(world.request(B, &[record])), Err(too_many));
    // The day is the block's UTC day, not 24 hours.
    let midnight = CREATED + Milliseconds::DAY;
    world.wait(midnight.since(world.context.time));
    assert!(world.send(world.request(B, &[record])).is_ok());
}

#[test]
fn answer_to_a_request_that_is_not_there_is_refused() {
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    let mut other_index = request;
    other_index.index = 1;
    let mut other_txid = request;
    other_txid.txid = Txid(Hash::untagged(b"another transaction"));
    let mut other_hospital = request;
    other_hospital.service_requester_id = world.hospital(C);
    for request in [other_index, other_txid, other_hospital] {
        let no_such = RuleError::NoSuchRequest { request };
        assert_eq!(world.serve(A, request), Err(no_such));
    }
}

#[test]
fn only_custodians_of_the_grant_answer() {
    let mut world = World::with_hospitals(5);
    let request = world.issue_grant_and_ask();
    for who in [B, 4] {
        let hospital_id = world.hospital(who);
        let not_one = RuleError::NotACustodian { hospital_id };
        assert_eq!(world.serve(who, request), Err(not_one));
    }
}

#[test]
fn custodian_answers_a_request_once() {
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    world.refuse(C, request).unwrap();
    let hospital_id = world.hospital(C);
    let already = RuleError::AlreadyAnswered { hospital_id };
    assert_eq!(world.serve(C, request), Err(already.clone()));
    assert_eq!(world.refuse(C, request), Err(already));
    assert!(world.serve(D, request).is_ok());
}

#[test]
fn nothing_happens_once_a_counter_is_at_its_end() {
    let at_end = Err(RuleError::CounterAtEnd);
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    let record = world.key_request(request).records.first().copied().unwrap();

    world.alter_account(|account| account.event_count = u32::MAX);
    assert_eq!(world.send(world.submission(A, GENERAL)), at_end);
    assert_eq!(world.send(world.grant(C)), at_end);
    assert_eq!(world.send(world.revocation(B)), at_end);
    assert_eq!(world.serve(A, request), at_end);
    world.wait(Milliseconds::HOUR);
    assert_eq!(world.send(world.request(B, &[record])), at_end);

    world.alter_account(|account| account.event_count = 3);
    world.alter_account(|account| account.record_count = u32::MAX);
    assert_eq!(world.send(world.submission(A, GENERAL)), at_end);
    world.alter_account(|account| account.record_count = 1);
    world.alter_hospital(A, |hospital| hospital.issued_count = u32::MAX);
    assert_eq!(world.send(world.submission(A, SPECIAL)), at_end);
    world.alter_hospital(C, |hospital| hospital.access_count = u32::MAX);
    assert_eq!(world.send(world.grant(C)), at_end);
    world.alter_hospital(B, |hospital| hospital.request_count = u32::MAX);
    assert_eq!(world.send(world.request(B, &[record])), at_end);

    // Who needs no further number is not held up.
    world.alter_hospital(B, |hospital| hospital.access_count = u32::MAX);
    assert!(world.send(world.grant(B)).is_ok());
    assert!(world.send(world.submission(A, GENERAL)).is_ok());
}

#[test]
fn patient_can_be_granted_for_by_nobody_else() {
    let mut world = World::with_hospitals(4);
    world.issue_and_grant();
    let other = key("another patient");
    let mut submit = world.submission(C, SPECIAL);
    submit.patient_id = PatientId::of(&other.public_key());
    submit.scope_opening = Maybe(Some(world.card_of(&other, C, SPECIAL)));
    world.send(submit).unwrap();
    let order = Ordering {
        nonce: 0,
        valid_until_index: BlockIndex(9),
    };
    let Asked(payload) = world.grant(C).into();
    let forged = Transaction::sign(payload, order, world.genesis_hash(), &other);
    let (got, expected) = (other.public_key(), world.patient.public_key());
    assert_eq!(
        world.apply(&forged),
        Err(RuleError::SenderKey { got, expected })
    );
}
