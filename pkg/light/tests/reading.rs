//! What a client learns from an honest relay, and in how many questions.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says so by panicking"
)]

mod world;

use keepwell_ledger::{
    block::BURIED_DEPTH,
    state::{Consent, EventKind},
};
use keepwell_light::{Answer, Interest, LeafName, LightClient, Query, Standing, VerificationError};
use keepwell_primitives::BlockIndex;
use keepwell_wire::api::TransactionState;
use world::{HonestRelay, NOW, PatientKeys, Relay, World, drive};

/// Counts the questions of each kind.
struct Counting<'w>(HonestRelay<'w>, [usize; 3]);

impl Relay for Counting<'_> {
    fn answer(&mut self, query: &Query) -> Answer {
        let kind = match query {
            Query::Head => 0,
            Query::Headers(_) => 1,
            Query::Proof(_) => 2,
        };
        self.1[kind] += 1;
        self.0.answer(query)
    }
}

/// Drives a round with an honest relay, takes it in, and returns how many questions it took.
fn follow(client: &mut LightClient, world: &World, interests: &[Interest]) -> [usize; 3] {
    let mut relay = Counting(HonestRelay(world), [0; 3]);
    let update = drive(client, &mut relay, interests).unwrap();
    assert_eq!(update.standing(), Some(Standing::Current));
    client.apply(update).unwrap();
    assert_eq!(client.head().hash(), world.chain.tip_hash());
    relay.1
}

#[test]
fn patient_sees_records_scopes_and_log() {
    let mut world = World::new();
    let patient = PatientKeys::number(1);
    let interest = [Interest::Patient(patient.id)];
    let mut client = LightClient::new(world.genesis.clone());

    // Nobody has written yet: that, too, is proved.
    assert_eq!(follow(&mut client, &world, &interest), [1, 0, 1]);
    assert_eq!(client.patient(&patient.id).unwrap().account(), None);

    world.submit(0, &patient, 0);
    world.submit(0, &patient, 1);
    world.mine();
    let granted = world.grant(&patient, 0, 1, 0);
    world.mine();
    // Account; records and events; scopes.
    assert_eq!(follow(&mut client, &world, &interest), [1, 1, 3]);
    let view = client.patient(&patient.id).unwrap().clone();
    assert_eq!(view.records().len(), 2);
    let kinds: Vec<_> = view.events().iter().map(|event| event.kind).collect();
    let [submitted, granted_kind] = [EventKind::Submitted, EventKind::Granted];
    assert_eq!(kinds, [submitted, submitted, granted_kind]);
    assert_eq!(view.scopes().len(), 2);
    let entry = view.scopes()[&patient.disease_id(0)].entry(&world.hospitals[1].id);
    let Consent::Granted(grant) = &entry.unwrap().consent else {
        panic!("not granted")
    };
    assert_eq!(grant.txid, granted);

    // What is known is asked for at once: nothing new in one question, an event more in two.
    world.mine_empty(1);
    assert_eq!(follow(&mut client, &world, &interest), [1, 1, 1]);
    world.revoke(&patient, 0, 1, 0);
    world.mine();
    assert_eq!(follow(&mut client, &world, &interest), [1, 1, 2]);
    let newer = client.patient(&patient.id).unwrap();
    let news = newer.since(&view);
    assert!(news.records.is_empty() && news.events.lost.is_empty());
    assert_eq!((news.events.from, news.events.gained.len()), (3, 1));
    assert_eq!(news.events.gained[0].kind, EventKind::Revoked);
    assert!(newer.since(newer).is_empty());
}

#[test]
fn something_is_final_once_buried() {
    let mut world = World::new();
    let patient = PatientKeys::number(1);
    let interest = [Interest::Patient(patient.id)];
    let mut client = LightClient::new(world.genesis.clone());
    world.submit(0, &patient, 0);
    let index = world.mine();
    for depth in 0..4 {
        follow(&mut client, &world, &interest);
        let expected = if depth < BURIED_DEPTH {
            TransactionState::Mined
        } else {
            TransactionState::Final
        };
        let view = client.patient(&patient.id).unwrap();
        assert_eq!(view.state_of(index), expected);
        assert_eq!(
            view.state_of(world.head_index().next()),
            TransactionState::Pending
        );
        assert_eq!(view.state_of(BlockIndex::GENESIS), TransactionState::Final);
        world.mine_empty(1);
    }
}

#[test]
fn hospitals_see_what_they_were_granted_issued_and_asked_for() {
    let mut world = World::new();
    let [alice, bob] = [1, 2].map(PatientKeys::number);
    world.submit(0, &alice, 0);
    world.submit(0, &alice, 1);
    world.submit(0, &bob, 0);
    world.submit(0, &alice, 0);
    world.mine();
    world.grant(&alice, 0, 1, 0);
    world.mine();
    let [issuer, requester] = [0, 1].map(|number: usize| world.hospitals[number].id);
    let interests = [Interest::Hospital(issuer), Interest::Hospital(requester)];
    let mut client = LightClient::new(world.genesis.clone());
    // Hospitals; accesses; accounts and scopes; records: both together.
    assert_eq!(follow(&mut client, &world, &interests), [1, 1, 4]);

    let view = client.hospital(&issuer).unwrap();
    let issued: Vec<_> = view
        .issued()
        .map(|scope| {
            let records = scope.records.iter().map(|record| record.index);
            (
                scope.patient_id,
                scope.disease_id,
                records.collect::<Vec<_>>(),
            )
        })
        .collect();
    let expected = [
        (alice.id, alice.disease_id(0), vec![0, 2]),
        (alice.id, alice.disease_id(1), vec![1]),
        (bob.id, bob.disease_id(0), vec![0]),
    ];
    assert_eq!(issued, expected);
    assert_eq!(view.granted().count(), 0);

    let earlier = client.hospital(&requester).unwrap().clone();
    assert_eq!(earlier.issued().count(), 0);
    let granted: Vec<_> = earlier.granted().collect();
    assert_eq!(granted.len(), 1);
    assert_eq!(granted[0].disease_id, alice.disease_id(0));
    assert!(granted[0].scope.live_grant(&requester, NOW).is_some());
    assert!(earlier.requests().is_empty());

    let request = world.request(&alice, 0, 1, 0);
    world.mine();
    world.serve(2, request);
    world.mine();
    follow(&mut client, &world, &interests);
    let view = client.hospital(&requester).unwrap();
    assert_eq!(view.requests().len(), 1);
    assert_eq!(view.requests()[0].tally(), (1, 0));
    let news = view.since(&earlier);
    assert!(news.granted.is_empty() && news.issued.is_empty());
    assert_eq!((news.requests.len(), news.scopes.len()), (1, 1));
}

#[test]
fn directory_names_every_hospital() {
    let world = World::new();
    let mut client = LightClient::new(world.genesis.clone());
    follow(&mut client, &world, &[Interest::Directory]);
    let directory = client.directory().unwrap();
    let ids: Vec<_> = directory
        .hospitals()
        .iter()
        .map(|entry| entry.hospital_id)
        .collect();
    let expected: Vec<_> = world.hospitals.iter().map(|hospital| hospital.id).collect();
    assert_eq!(ids, expected);
    let first = directory.hospital(&ids[0]).unwrap();
    assert_eq!(first.name_text(), "Hospital 1");
}

#[test]
fn stranger_s_view_is_proved_empty() {
    let world = World::new();
    let mut client = LightClient::new(world.genesis.clone());
    let stranger = keepwell_keys::HospitalId::from_bytes([5; 32]);
    follow(&mut client, &world, &[Interest::Hospital(stranger)]);
    let view = client.hospital(&stranger).unwrap();
    assert_eq!(view.hospital(), None);
    assert_eq!(view.granted().count() + view.issued().count(), 0);
}

/// Says that proofs are too large while they answer for more than `keys_max` keys.
struct SmallProofs<'w> {
    inner: HonestRelay<'w>,
    keys_max: usize,
}

impl Relay for SmallProofs<'_> {
    fn answer(&mut self, query: &Query) -> Answer {
        match query {
            Query::Proof(question) if question.patients.len() > self.keys_max => {
                Answer::ProofTooLarge
            }
            query => self.inner.answer(query),
        }
    }
}

#[test]
fn question_is_split_until_its_proof_fits() {
    let mut world = World::new();
    let patient = PatientKeys::number(1);
    for _ in 0..12 {
        world.submit(0, &patient, 0);
    }
    world.mine();
    let client = LightClient::new(world.genesis.clone());
    let interest = [Interest::Patient(patient.id)];
    let whole = drive(&client, &mut HonestRelay(&world), &interest).unwrap();
    let inner = HonestRelay(&world);
    let mut relay = SmallProofs { inner, keys_max: 3 };
    let split = drive(&client, &mut relay, &interest).unwrap();
    assert_eq!(split.views(), whole.views());

    let inner = HonestRelay(&world);
    let mut refusing = SmallProofs { inner, keys_max: 0 };
    let leaf = LeafName::Account(patient.id);
    assert_eq!(
        drive(&client, &mut refusing, &interest).unwrap_err(),
        VerificationError::LeafTooLarge { leaf }
    );
}

#[test]
fn long_history_is_asked_for_within_the_limits() {
    let mut world = World::new();
    let patient = PatientKeys::number(1);
    for _ in 0..10 {
        for _ in 0..40 {
            world.submit(0, &patient, 0);
        }
        world.mine();
    }
    let mut client = LightClient::new(world.genesis.clone());
    let [_, _, proofs] = follow(&mut client, &world, &[Interest::Patient(patient.id)]);
    assert_eq!(client.patient(&patient.id).unwrap().records().len(), 400);
    assert_eq!(proofs, 4);
}

#[test]
fn age_of_the_head_is_a_fact_not_an_error() {
    let world = World::new();
    let client = LightClient::new(world.genesis.clone());
    let age = client.head_age(world::START + keepwell_primitives::Milliseconds::HOUR);
    assert_eq!(age.made_at, world::START);
    assert_eq!(age.age, keepwell_primitives::Milliseconds::HOUR);
}
