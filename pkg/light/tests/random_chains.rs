//! Whatever happens on two chains that fork and are followed in turn, a client's views say what a
//! full node's state says, and what was stored is the client.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says so by panicking"
)]

mod world;

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::state::State;
use keepwell_light::{
    HospitalView, Interest, LightClient, PatientView, Standing, Stored, VerificationError,
};
use keepwell_primitives::Milliseconds;
use keepwell_trie::MemoryStore;
use proptest::prelude::*;
use world::{HonestRelay, INTERVAL, PatientKeys, World, drive};

/// What may happen on one of the two nodes, before it mines.
#[derive(Clone, Debug)]
enum Step {
    Submit {
        patient: u8,
        scope: u8,
    },
    Grant {
        patient: u8,
        scope: u8,
        to: usize,
    },
    Revoke {
        patient: u8,
        scope: u8,
        to: usize,
    },
    Request {
        patient: u8,
        scope: u8,
        to: usize,
    },
    /// The other node takes over this one's chain.
    Copy,
    /// The client asks this node, in parts that must come to the same.
    Follow,
}

fn step() -> impl Strategy<Value = Step> {
    let scope = || (1..3_u8, 0..2_u8);
    let to = || (scope(), 1..4_usize);
    prop_oneof![
        3 => scope().prop_map(|(patient, scope)| Step::Submit { patient, scope }),
        3 => to().prop_map(|((patient, scope), to)| Step::Grant { patient, scope, to }),
        2 => to().prop_map(|((patient, scope), to)| Step::Revoke { patient, scope, to }),
        2 => to().prop_map(|((patient, scope), to)| Step::Request { patient, scope, to }),
        1 => Just(Step::Copy),
        4 => Just(Step::Follow),
    ]
}

/// Does the step if the rules allow it at this moment, and mines.
fn act(world: &mut World, step: &Step) {
    let granted = |world: &World, patient: &PatientKeys, scope: u8, to: usize| {
        let scope = world.state().scope(&patient.id, &patient.disease_id(scope));
        let scope = scope.unwrap()?;
        let entry = scope.entry(&world.hospitals[to].id)?.clone();
        entry.consent.grant().is_some().then_some(entry)
    };
    match *step {
        Step::Submit { patient, scope } => {
            world.submit(0, &PatientKeys::number(patient), scope);
        }
        Step::Grant { patient, scope, to } => {
            let patient = PatientKeys::number(patient);
            let state = world.state();
            let opened = state.scope(&patient.id, &patient.disease_id(scope));
            if opened.unwrap().is_some() {
                world.grant(&patient, 0, to, scope);
            }
        }
        Step::Revoke { patient, scope, to } => {
            let patient = PatientKeys::number(patient);
            if granted(world, &patient, scope, to).is_some() {
                world.revoke(&patient, 0, to, scope);
            }
        }
        Step::Request { patient, scope, to } => {
            let patient = PatientKeys::number(patient);
            let entry = granted(world, &patient, scope, to);
            if entry.is_some_and(|entry| entry.open_request.0.is_none()) {
                world.request(&patient, 0, to, scope);
            }
        }
        Step::Copy | Step::Follow => {}
    }
    world.mine();
}

fn check_patient(view: &PatientView, state: &State<&MemoryStore>, id: &PatientId) {
    let account = state.account(id).unwrap();
    assert_eq!(view.account(), account.as_ref());
    let (records, events) = account.map_or((0, 0), |a| (a.record_count, a.event_count));
    assert_eq!(view.records().len(), records as usize);
    assert_eq!(view.events().len(), events as usize);
    for (index, record) in (0..).zip(view.records()) {
        assert_eq!(state.record(id, index).unwrap().as_ref(), Some(record));
    }
    for (index, event) in (0..).zip(view.events()) {
        assert_eq!(state.event(id, index).unwrap().as_ref(), Some(event));
    }
    for (disease_id, scope) in view.scopes() {
        let expected = state.scope(id, disease_id).unwrap();
        assert_eq!(expected.as_ref(), Some(scope));
    }
}

fn check_hospital(view: &HospitalView, state: &State<&MemoryStore>, id: &HospitalId) {
    let hospital = state.hospital(id).unwrap().unwrap();
    assert_eq!(view.hospital(), Some(&hospital));
    assert_eq!(view.granted().count(), hospital.access_count as usize);
    assert_eq!(view.issued().count(), hospital.issued_count as usize);
    for (index, seen) in (0..).zip(view.granted()) {
        let access = state.access(id, index).unwrap().unwrap();
        let named = (seen.patient_id, seen.disease_id);
        assert_eq!(named, (access.patient_id, access.disease_id));
        let scope = state.scope(&access.patient_id, &access.disease_id);
        assert_eq!(scope.unwrap().as_ref(), Some(&seen.scope));
    }
    for (index, request) in (0..).zip(view.requests()) {
        assert_eq!(state.request(id, index).unwrap().as_ref(), Some(request));
    }
}

fn follow(
    client: &mut LightClient,
    stored: &mut Stored,
    world: &World,
    interests: &[Interest],
) -> Result<(), VerificationError> {
    let update = drive(client, &mut HonestRelay(world), interests)?;
    let standing = update.standing();
    stored.apply(&client.apply(update)?);
    assert_eq!(*stored, client.stored());
    let restored = LightClient::restore(world.genesis.clone(), stored).unwrap();
    assert_eq!(restored.stored(), *stored);
    // Followed or not, nobody has shown the client a better chain than its own.
    assert!(client.work() >= world.chain.work());
    if standing == Some(Standing::Current) {
        assert_eq!(client.head().hash(), world.chain.tip_hash());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn views_say_what_the_state_says(
        steps in proptest::collection::vec((0..2_usize, step()), 1..40),
    ) {
        let mut worlds = [World::new(), World::new()];
        worlds[1].pace = Milliseconds(INTERVAL.0 + 1);
        let patients = [1, 2].map(|number| PatientKeys::number(number).id);
        let hospitals = [0, 1].map(|number: usize| worlds[0].hospitals[number].id);
        let mut interests = vec![Interest::Directory];
        interests.extend(patients.map(Interest::Patient));
        interests.extend(hospitals.map(Interest::Hospital));
        let mut client = LightClient::new(worlds[0].genesis.clone());
        let mut stored = client.stored();
        for (node, step) in steps {
            match step {
                Step::Copy => {
                    let pace = worlds[1 - node].pace;
                    worlds[1 - node] = worlds[node].clone();
                    worlds[1 - node].pace = pace;
                }
                Step::Follow => {
                    let world = &worlds[node];
                    follow(&mut client, &mut stored, world, &interests).unwrap();
                    if client.head().hash() != world.chain.tip_hash() {
                        continue;
                    }
                    let state = world.state();
                    for id in &patients {
                        check_patient(client.patient(id).unwrap(), &state, id);
                    }
                    for id in &hospitals {
                        check_hospital(client.hospital(id).unwrap(), &state, id);
                    }
                }
                step => act(&mut worlds[node], &step),
            }
        }
    }
}
