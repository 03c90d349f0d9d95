//! What waits, in which order it is mined, and what leaves the mempool.

use keepwell_keys::HospitalId;
use keepwell_ledger::{
    execute::RuleError,
    transaction::{Txid, VerifiedTransaction},
};
use keepwell_node::{Imported, Submitted, TransactionRejected};
use keepwell_primitives::{BlockIndex, Milliseconds, limits};

use crate::world::{Patient, World};

fn txids(transactions: &[VerifiedTransaction]) -> Vec<Txid> {
    transactions.iter().map(VerifiedTransaction::txid).collect()
}

/// A world where the patient's scope is open at hospital 0, and the next nonce there is 1.
fn opened() -> (World, Patient) {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    world.mine_until_rest(0);
    (world, patient)
}

#[test]
fn transactions_are_mined_in_the_order_of_their_nonces() {
    let (mut world, patient) = opened();
    let records: Vec<_> = (1..=8).map(|nonce| world.record(&patient, nonce)).collect();
    for place in [7, 2, 4, 0, 6, 1, 5, 3] {
        world.accept(0, &records[place]);
    }
    let block = world.mine(0).unwrap();
    assert_eq!(txids(block.transactions()), txids(&records));
}

#[test]
fn a_nonce_gap_waits_and_both_are_mined_in_one_block() {
    let (mut world, patient) = opened();
    let (first, second) = (world.record(&patient, 1), world.record(&patient, 2));
    world.accept(0, &second);
    assert!(world.job(0).is_none(), "there is nothing to mine yet");
    world.accept(0, &first);
    let block = world.mine(0).unwrap();
    assert_eq!(txids(block.transactions()), txids(&[first, second]));
    assert_eq!(world.peers[0].waiting(), 0);
}

#[test]
fn the_same_transaction_waits_once_and_is_known_when_mined() {
    let (mut world, patient) = opened();
    let record = world.record(&patient, 1);
    world.accept(0, &record);
    assert_eq!(world.submit(0, &record), Submitted::AlreadyKnown);
    world.mine(0).unwrap();
    assert_eq!(world.submit(0, &record), Submitted::AlreadyKnown);
    assert_eq!(world.peers[0].waiting(), 0);
}

#[test]
fn another_transaction_with_the_same_nonce_does_not_replace_the_first() {
    let (mut world, patient) = opened();
    let first = world.accept(0, &world.grant(&patient, 1, 0));
    let taken = TransactionRejected::NonceTaken { nonce: 0 };
    let second = world.grant(&patient, 2, 0);
    assert_eq!(world.submit(0, &second), Submitted::Rejected(taken));
    let gap = world.accept(0, &world.grant(&patient, 1, 5));
    let taken = TransactionRejected::NonceTaken { nonce: 5 };
    let second = world.grant(&patient, 2, 5);
    assert_eq!(world.submit(0, &second), Submitted::Rejected(taken));
    assert!(world.peers[0].waits(first) && world.peers[0].waits(gap));
}

#[test]
fn what_is_mined_leaves_the_mempool_of_other_nodes_with_whatever_has_its_nonce() {
    let (mut world, patient) = opened();
    world.sync(1, 0);
    let (ours, theirs) = (world.grant(&patient, 1, 0), world.grant(&patient, 2, 0));
    let later = world.grant(&patient, 3, 1);
    world.accept(0, &ours);
    world.accept(1, &theirs);
    world.accept(1, &later);
    let block = world.mine(0).unwrap();
    // That the change names exactly what left the store is checked at every step.
    assert_eq!(world.import(1, &block), Imported::NewHead);
    assert!(!world.peers[1].waits(theirs.txid()));
    assert!(world.peers[1].waits(later.txid()));
    let next = world.mine(1).unwrap();
    assert_eq!(txids(next.transactions()), [later.txid()]);
}

#[test]
fn a_sender_may_have_so_many_waiting() {
    let (mut world, patient) = opened();
    let max = limits::PENDING_PER_SENDER_MAX;
    for nonce in 1..=max as u64 {
        world.accept(0, &world.record(&patient, nonce));
    }
    let more = world.record(&patient, max as u64 + 1);
    let quota = TransactionRejected::SenderQuota { max };
    assert_eq!(world.submit(0, &more), Submitted::Rejected(quota));
    world.mine(0).unwrap();
    world.accept(0, &more);
}

#[test]
fn a_nonce_too_far_ahead_is_refused() {
    let (mut world, patient) = opened();
    let max = limits::PENDING_PER_SENDER_MAX as u64;
    world.accept(0, &world.record(&patient, max));
    let far = world.record(&patient, 1 + max);
    let rejected = TransactionRejected::NonceTooFarAhead {
        got: 1 + max,
        next: 1,
    };
    assert_eq!(world.submit(0, &far), Submitted::Rejected(rejected));
}

#[test]
fn a_nonce_too_far_ahead_of_an_account_that_is_not_mined_yet_is_refused() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    let far = world.grant(&patient, 1, 1_000_000);
    let rejected = TransactionRejected::NonceTooFarAhead {
        got: 1_000_000,
        next: 0,
    };
    assert_eq!(world.submit(0, &far), Submitted::Rejected(rejected));
}

#[test]
fn a_transaction_that_lapsed_is_dropped() {
    let (mut world, patient) = opened();
    let until = BlockIndex(world.head(0).index.0 + 2);
    let revoke = world.accept(0, &world.revoke_until(&patient, 1, 3, until));
    world.mine_many(0, 2);
    assert_eq!(world.head(0).index, until);
    world.job(0);
    assert!(!world.peers[0].waits(revoke));
}

#[test]
fn a_grant_that_ended_while_it_waited_is_dropped_and_its_nonce_is_free() {
    let (mut world, patient) = opened();
    let ends = world.now + Milliseconds(5_000);
    let grant = world.accept(0, &world.grant_until(&patient, 1, 0, ends));
    world.wait(Milliseconds(20_000));
    let again = world.accept(0, &world.grant(&patient, 1, 0));
    assert!(!world.peers[0].waits(grant));
    let block = world.mine(0).unwrap();
    assert_eq!(txids(block.transactions()), [again]);
}

#[test]
fn a_request_that_depends_on_a_waiting_grant_is_mined_with_it() {
    let (mut world, patient) = opened();
    let record = world.accept(0, &world.record(&patient, 1));
    let record_zero = world.peers[0]
        .state()
        .record(&patient.id, 0)
        .unwrap()
        .unwrap()
        .txid;
    let request = world.request(&patient, record_zero, 1, 0);
    let (hospital_id, disease_id) = (world.hospitals[1].id, patient.disease_id());
    let no_grant = RuleError::NoLiveGrant {
        hospital_id,
        disease_id,
    };
    assert_eq!(
        world.submit(0, &request),
        Submitted::Rejected(no_grant.into())
    );
    let grant = world.accept(0, &world.grant(&patient, 1, 0));
    let request = world.accept(0, &request);
    let block = world.mine(0).unwrap();
    assert_eq!(txids(block.transactions()), [record, grant, request]);
}

#[test]
fn a_custodian_answers_a_request_once() {
    let (mut world, patient) = opened();
    let record = world.peers[0]
        .state()
        .record(&patient.id, 0)
        .unwrap()
        .unwrap()
        .txid;
    world.accept(0, &world.grant(&patient, 1, 0));
    let request = world.accept(0, &world.request(&patient, record, 1, 0));
    let node = |world: &World, at: usize| world.hospitals[at].node.clone();
    let answer =
        |world: &World, commitment| world.answer(request, 1, 2, &node(world, 2), commitment);
    let forged = world.answer(request, 1, 2, &node(&world, 3), 1);
    let (got, expected) = (node(&world, 3).public_key(), node(&world, 2).public_key());
    let rule = RuleError::SenderKey { got, expected };
    assert_eq!(world.submit(0, &forged), Submitted::Rejected(rule.into()));
    let first = world.accept(0, &answer(&world, 1));
    let second = answer(&world, 2);
    let waits = TransactionRejected::AlreadyWaiting;
    assert_eq!(world.submit(0, &second), Submitted::Rejected(waits));
    let block = world.mine(0).unwrap();
    assert_eq!(block.transactions().last().unwrap().txid(), first);
    let hospital_id = world.hospitals[2].id;
    let rule = RuleError::AlreadyAnswered { hospital_id };
    assert_eq!(world.submit(0, &second), Submitted::Rejected(rule.into()));
}

fn revocation_waits(world: &World, patient: &Patient, hospital: HospitalId) -> bool {
    world.peers[0]
        .node
        .revocation_waits(&patient.id, &patient.disease_id(), &hospital)
}

#[test]
fn a_revocation_with_a_nonce_gap_is_seen_while_it_waits() {
    let (mut world, patient) = opened();
    let [b, c] = [1, 2].map(|place: usize| world.hospitals[place].id);
    world.accept(0, &world.grant(&patient, 1, 0));
    world.mine(0).unwrap();
    let until = BlockIndex(world.head(0).index.0 + 1);
    world.accept(0, &world.revoke_until(&patient, 1, 3, until));
    assert!(revocation_waits(&world, &patient, b));
    assert!(!revocation_waits(&world, &patient, c));
    assert!(!revocation_waits(&world, &Patient::new(2, 0), b));
    world.mine_many(0, 1);
    assert!(
        !revocation_waits(&world, &patient, b),
        "it can no longer be mined"
    );
}

#[test]
fn a_revocation_whose_nonce_was_used_by_another_is_seen_no_longer() {
    let (mut world, patient) = opened();
    world.sync(1, 0);
    world.accept(0, &world.grant(&patient, 1, 0));
    world.accept(1, &world.grant(&patient, 1, 0));
    world.accept(0, &world.revoke(&patient, 1, 1));
    world.accept(1, &world.grant(&patient, 2, 1));
    let revoked = world.hospitals[1].id;
    assert!(revocation_waits(&world, &patient, revoked));
    let block = world.mine(1).unwrap();
    world.import(0, &block);
    assert!(!revocation_waits(&world, &patient, revoked));
}

/// ```text
/// g─1[open]──2[grant to hospital 2]
/// ```
/// At node 0 a request of hospital 1 waits for a grant that lost its nonce to another.
fn with_a_refused_request() -> (World, Patient, Txid) {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    let record = world.accept(0, &world.opening(&patient, 0));
    world.mine(0).unwrap();
    world.sync(1, 0);
    world.accept(0, &world.grant(&patient, 1, 0));
    let request = world.accept(0, &world.request(&patient, record, 1, 0));
    world.accept(1, &world.grant(&patient, 2, 0));
    world.mine(1).unwrap();
    world.sync(0, 1);
    world.job(0);
    assert!(world.peers[0].waits(request), "another grant may come");
    (world, patient, request)
}

#[test]
fn what_was_refused_is_mined_when_what_it_waits_for_comes() {
    let (mut world, patient, request) = with_a_refused_request();
    let grant = world.accept(0, &world.grant(&patient, 1, 1));
    let block = world.mine(0).unwrap();
    assert_eq!(txids(block.transactions()), [grant, request]);
}

#[test]
fn what_the_state_refuses_is_dropped_after_so_many_heads() {
    let (mut world, _, request) = with_a_refused_request();
    for _ in 0..15 {
        world.mine_many(0, 1);
        world.job(0);
        assert!(world.peers[0].waits(request));
    }
    world.mine_many(0, 1);
    world.job(0);
    assert!(!world.peers[0].waits(request));
}

#[test]
fn a_burst_of_submissions_does_not_age_what_waits() {
    let (mut world, patient, request) = with_a_refused_request();
    for nonce in 1..=40 {
        world.accept(0, &world.record(&patient, nonce));
        world.wait(Milliseconds(11_000));
        world.job(0);
    }
    assert!(world.peers[0].waits(request));
}

#[test]
fn what_the_state_refuses_gives_its_nonce_to_what_it_lets_in() {
    let (mut world, _, request) = with_a_refused_request();
    let other = Patient::new(2, 1);
    let opening = world.accept(0, &world.opening(&other, 0));
    assert!(!world.peers[0].waits(request));
    let block = world.mine(0).unwrap();
    assert_eq!(txids(block.transactions()), [opening]);
}
