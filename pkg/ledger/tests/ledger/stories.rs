//! What the rules are for: records issued, granted, asked for, served, revoked.

use keepwell_ledger::{
    execute::RuleError,
    state::{Access, ClosedReason, Consent, EventKind},
    transaction::Coverage,
};
use keepwell_primitives::{BlockIndex, Maybe, Milliseconds};

use crate::world::{A, B, C, D, GENERAL, INTERVAL, SPECIAL, World, disease, list};

#[test]
fn record_is_issued_granted_requested_and_served_twice_and_the_log_is_complete() {
    let mut world = World::with_hospitals(4);
    let record = world.submit(world.submission(A, GENERAL)).unwrap();
    world.wait(INTERVAL);
    let granted = world.send(world.grant(B)).unwrap();
    world.wait(INTERVAL);
    let request = world.ask(world.request(B, &[record])).unwrap();
    world.wait(INTERVAL);
    let by_c = world.serve(C, request).unwrap();
    assert_eq!(world.key_request(request).closed, Maybe(None));
    world.wait(INTERVAL);
    let by_a = world.serve(A, request).unwrap();

    let log = world.log();
    let lines: Vec<_> = log
        .iter()
        .map(|event| (event.kind, event.hospital_id, event.txid, event.index))
        .collect();
    let [a, b, c] = [A, B, C].map(|who| world.hospital(who));
    assert_eq!(
        lines,
        [
            (EventKind::Submitted, a, record.txid, BlockIndex(1)),
            (EventKind::Granted, b, granted, BlockIndex(2)),
            (EventKind::Requested, b, request.txid, BlockIndex(3)),
            (EventKind::Served, c, by_c, BlockIndex(4)),
            (EventKind::Served, a, by_a, BlockIndex(5)),
        ]
    );
    for event in &log {
        assert_eq!(event.disease_id, disease(GENERAL));
        let is_about_request = event.index.0 >= 3;
        assert_eq!(event.request.0, is_about_request.then_some(request));
        let names_record = event.kind != EventKind::Granted;
        let expected: &[u32] = if names_record { &[0] } else { &[] };
        assert_eq!(&*event.records, expected);
    }
    let asked = world.key_request(request);
    assert_eq!(asked.closed, Maybe(Some(ClosedReason::Served)));
    assert_eq!(asked.tally(), (2, 0));
    assert_eq!(asked.grant_txid, granted);
    let place = world.scope(GENERAL).entry(&b).unwrap().open_request;
    assert_eq!(place, Maybe(None));

    let account = world.account().unwrap();
    assert_eq!(account.public_key, world.patient.public_key());
    assert_eq!(
        (account.nonce, account.record_count, account.event_count),
        (1, 1, 5)
    );
    let leaf = world.state.record(&world.patient_id(), 0).unwrap().unwrap();
    assert_eq!((leaf.txid, leaf.issued_index), (record.txid, BlockIndex(1)));
    let access = Access {
        patient_id: world.patient_id(),
        disease_id: disease(GENERAL),
    };
    assert_eq!(world.state.issued(&a, 0).unwrap(), Some(access));
    assert_eq!(world.state.access(&b, 0).unwrap(), Some(access));
    let count = |who| {
        let leaf = world.state.hospital(&world.hospital(who)).unwrap().unwrap();
        (
            leaf.nonce,
            leaf.issued_count,
            leaf.access_count,
            leaf.request_count,
        )
    };
    assert_eq!(
        [A, B, C].map(count),
        [(1, 1, 0, 0), (1, 0, 1, 1), (0, 0, 0, 0)]
    );
}

#[test]
fn new_grant_replaces_the_old_as_a_whole_closes_its_request_and_keeps_the_days_count() {
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    let mut narrower = world.grant(B);
    let record = world.key_request(request).records.first().copied().unwrap();
    narrower.coverage = Coverage::Records(list(vec![record]));
    narrower.expires_at = world.context.time + Milliseconds::HOUR;
    narrower.threshold = 3;
    let txid = world.send(narrower.clone()).unwrap();

    assert_eq!(
        world.key_request(request).closed,
        Maybe(Some(ClosedReason::Replaced))
    );
    let scope = world.scope(GENERAL);
    assert_eq!(scope.entries.len(), 1);
    let entry = scope.entry(&world.hospital(B)).unwrap();
    assert_eq!((entry.open_request, entry.requests_today), (Maybe(None), 1));
    let grant = entry.consent.grant().unwrap();
    assert_eq!((grant.txid, grant.threshold), (txid, 3));
    assert_eq!(
        (&grant.coverage, grant.expires_at),
        (&narrower.coverage, narrower.expires_at)
    );
    let access_count = |world: &World| {
        let leaf = world.state.hospital(&world.hospital(B)).unwrap();
        leaf.unwrap().access_count
    };
    assert_eq!(access_count(&world), 1);

    // The old request keeps its terms: two of three still count, and B may ask again meanwhile.
    let again = world.ask(world.request(B, &[record])).unwrap();
    assert_eq!(again.index, 1);
    assert_eq!(world.key_request(again).threshold, 3);
    world.serve(C, request).unwrap();
    world.serve(D, request).unwrap();
    assert_eq!(
        world.key_request(request).closed,
        Maybe(Some(ClosedReason::Replaced))
    );
    let scope = world.scope(GENERAL);
    let entry = scope.entry(&world.hospital(B)).unwrap();
    assert_eq!(
        (entry.open_request, entry.requests_today),
        (Maybe(Some(1)), 2)
    );
}

#[test]
fn revocation_closes_the_open_request_and_stays_as_a_value() {
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    let txid = world.send(world.revocation(B)).unwrap();
    assert_eq!(
        world.key_request(request).closed,
        Maybe(Some(ClosedReason::Revoked))
    );
    let scope = world.scope(GENERAL);
    let index = world.context.index;
    let entry = scope.entry(&world.hospital(B)).unwrap();
    assert_eq!(entry.consent, Consent::Revoked { txid, index });
    assert_eq!((entry.open_request, entry.requests_today), (Maybe(None), 1));
    assert_eq!(scope.closed_index, Maybe(None));
    assert_eq!(world.log().last().unwrap().kind, EventKind::Revoked);

    // Granted once more, its count of the day goes on.
    world.send(world.grant(B)).unwrap();
    let scope = world.scope(GENERAL);
    assert_eq!(scope.entry(&world.hospital(B)).unwrap().requests_today, 1);
}

#[test]
fn refusals_that_make_the_threshold_unreachable_close_the_request() {
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    world.refuse(C, request).unwrap();
    assert_eq!(world.key_request(request).closed, Maybe(None));
    world.refuse(A, request).unwrap();
    assert_eq!(
        world.key_request(request).closed,
        Maybe(Some(ClosedReason::Refused))
    );
    let record = world.key_request(request).records.first().copied().unwrap();
    assert!(world.ask(world.request(B, &[record])).is_ok());
    // The third may still say that it served.
    world.serve(D, request).unwrap();
    assert_eq!(world.key_request(request).tally(), (1, 2));
    assert_eq!(
        world.key_request(request).closed,
        Maybe(Some(ClosedReason::Refused))
    );
    assert_eq!(world.log().last().unwrap().kind, EventKind::Served);
}

#[test]
fn answers_are_accepted_after_the_request_was_closed_and_change_nothing_but_the_record_of_it() {
    let mut world = World::with_hospitals(4);
    let request = world.issue_grant_and_ask();
    world.serve(C, request).unwrap();
    world.send(world.revocation(B)).unwrap();
    world.serve(A, request).unwrap();
    let asked = world.key_request(request);
    assert_eq!(asked.closed, Maybe(Some(ClosedReason::Revoked)));
    assert_eq!(asked.tally(), (2, 0));
    assert_eq!(world.log().len(), 6);
}

#[test]
fn request_lapses_after_an_hour_and_is_still_answered() {
    let mut world = World::with_hospitals(4);
    let lapsed = world.issue_grant_and_ask();
    let record = world.key_request(lapsed).records.first().copied().unwrap();
    world.wait(Milliseconds::HOUR);
    assert!(!world.key_request(lapsed).is_open(world.context.time));
    let next = world.ask(world.request(B, &[record])).unwrap();
    world.serve(C, lapsed).unwrap();
    world.serve(A, lapsed).unwrap();
    assert_eq!(
        world.key_request(lapsed).closed,
        Maybe(Some(ClosedReason::Served))
    );
    // The answers to the lapsed one do not free the place of the next.
    let scope = world.scope(GENERAL);
    let entry = scope.entry(&world.hospital(B)).unwrap();
    assert_eq!(entry.open_request, Maybe(Some(next.index)));
    let still_open = RuleError::RequestStillOpen { index: next.index };
    assert_eq!(world.send(world.request(B, &[record])), Err(still_open));
}

#[test]
fn scope_is_closed_and_the_next_card_opens_a_new_one() {
    let mut world = World::with_hospitals(4);
    let record = world.issue_and_grant();
    world.wait(INTERVAL);
    world.send(world.closing()).unwrap();
    let scope = world.scope(GENERAL);
    assert_eq!(scope.closed_index, Maybe(Some(BlockIndex(2))));
    assert_eq!(scope.opened_index, BlockIndex(1));
    let line = world.log().pop().unwrap();
    assert_eq!(
        (line.kind, line.hospital_id),
        (EventKind::Revoked, world.hospital(A))
    );

    let next = world.submit(world.submission(A, SPECIAL)).unwrap();
    assert_eq!(next.index, 1);
    let issued = |index| world.state.issued(&world.hospital(A), index).unwrap();
    let issued = [issued(0), issued(1)].map(|access| access.unwrap().disease_id);
    assert_eq!(issued, [disease(GENERAL), disease(SPECIAL)]);

    // What was granted of the closed scope stays granted.
    assert!(world.send(world.request(B, &[record])).is_ok());
}

#[test]
fn revocation_from_a_hospital_can_close_the_scope_as_well() {
    let mut world = World::with_hospitals(4);
    world.issue_and_grant();
    world.send(world.grant(C)).unwrap();
    let mut revoke = world.revocation(B);
    revoke.close_scope = true;
    world.send(revoke).unwrap();
    let closed_index = world.scope(GENERAL).closed_index;
    assert_eq!(closed_index, Maybe(Some(world.context.index)));
    // A later one leaves the first moment as it is.
    world.wait(INTERVAL);
    let mut revoke = world.revocation(C);
    revoke.close_scope = true;
    world.send(revoke).unwrap();
    assert_eq!(world.scope(GENERAL).closed_index, closed_index);
    let consents = world.scope(GENERAL);
    assert!(
        consents
            .entries
            .iter()
            .all(|entry| entry.consent.grant().is_none())
    );
}

#[test]
fn wrongly_issued_record_is_superseded_even_from_another_scope() {
    let mut world = World::with_hospitals(4);
    let wrong = world.submit(world.submission(A, GENERAL)).unwrap();
    let mut right = world.submission(A, SPECIAL);
    right.supersedes = Maybe(Some(wrong));
    let right = world.submit(right).unwrap();
    let leaf = world
        .state
        .record(&world.patient_id(), right.index)
        .unwrap();
    assert_eq!(leaf.unwrap().supersedes, Maybe(Some(wrong)));
}

#[test]
fn grant_of_listed_records_opens_those_and_no_others() {
    let mut world = World::with_hospitals(4);
    let records = [(); 3].map(|()| world.submit(world.submission(A, GENERAL)).unwrap());
    let [first, second, third] = records;
    let mut grant = world.grant(B);
    grant.coverage = Coverage::Records(list(vec![first, third]));
    world.send(grant).unwrap();
    let index = second.index;
    let not_covered = RuleError::RecordNotCovered { index };
    assert_eq!(world.send(world.request(B, &records)), Err(not_covered));
    world.send(world.request(B, &[first, third])).unwrap();
    let granted = world
        .log()
        .into_iter()
        .find(|e| e.kind == EventKind::Granted);
    assert_eq!(*granted.unwrap().records, [0, 2]);
}

#[test]
fn issuer_alone_may_keep_the_fragments() {
    let mut world = World::with_hospitals(4);
    let record = world.submit(world.submission(A, GENERAL)).unwrap();
    let mut grant = world.grant(B);
    grant.custodians = list(vec![world.hospital(A)]);
    grant.fragment_commitments = list(vec![keepwell_primitives::Hash::ZERO]);
    grant.threshold = 1;
    world.send(grant).unwrap();
    let request = world.ask(world.request(B, &[record])).unwrap();
    world.serve(A, request).unwrap();
    assert_eq!(
        world.key_request(request).closed,
        Maybe(Some(ClosedReason::Served))
    );
}
