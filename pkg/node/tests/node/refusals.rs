//! Transactions that the rules forbid are refused at once, in the words of the rule, and whatever
//! else waits.

use keepwell_ledger::{execute::RuleError, transaction::VerifiedTransaction};
use keepwell_node::{Submitted, TransactionRejected};
use keepwell_primitives::{BlockIndex, Milliseconds, limits};

use crate::world::{CREATED, Patient, World};

fn refusal(world: &mut World, transaction: &VerifiedTransaction) -> TransactionRejected {
    let before = world.peers[0].waiting();
    let submitted = world.submit(0, transaction);
    assert_eq!(world.peers[0].waiting(), before, "nothing changed");
    match submitted {
        Submitted::Rejected(rejected) => rejected,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_patient_without_an_account_is_refused_with_whatever_nonce() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    for nonce in [0, 1, 1_000] {
        let grant = world.grant(&patient, 1, nonce);
        let rule = RuleError::NoAccount {
            patient_id: patient.id,
        };
        assert_eq!(refusal(&mut world, &grant), rule.into());
    }
}

#[test]
fn a_stranger_signing_for_a_patient_is_refused_even_with_a_gap() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    let stranger = Patient {
        key: Patient::new(2, 0).key,
        ..Patient::new(1, 0)
    };
    for nonce in [0, 5] {
        let revoke = world.revoke(&stranger, 1, nonce);
        let (got, expected) = (stranger.key.public_key(), patient.key.public_key());
        let rule = RuleError::SenderKey { got, expected };
        assert_eq!(refusal(&mut world, &revoke), rule.into());
    }
}

#[test]
fn what_the_rules_forbid_is_answered_with_the_rule() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    let disease_id = patient.disease_id();
    world.accept(0, &world.opening(&patient, 0));
    world.accept(0, &world.record(&patient, 1));
    world.mine_until_rest(0);
    let hospital_id = world.hospitals[1].id;
    let (index, time) = (world.head(0).index.next(), world.now);
    let cases = [
        (
            world.record(&patient, 0),
            RuleError::Nonce {
                got: 0,
                expected: 2,
            },
        ),
        (
            world.opening(&patient, 2),
            RuleError::ScopeAlreadyOpen { disease_id },
        ),
        (
            world.record(
                &Patient {
                    scope: Patient::new(3, 0).scope,
                    ..Patient::new(1, 0)
                },
                2,
            ),
            RuleError::ScopeNotOpened {
                disease_id: Patient::new(3, 0).disease_id(),
            },
        ),
        (
            world.revoke(&patient, 1, 0),
            RuleError::NoGrantToRevoke {
                hospital_id,
                disease_id,
            },
        ),
        (
            world.grant_until(&patient, 1, 0, CREATED),
            RuleError::GrantExpired {
                expires_at: CREATED,
                time,
            },
        ),
        (
            world.record_until(&patient, 2, BlockIndex(3)),
            RuleError::NoLongerValid {
                valid_until_index: BlockIndex(3),
                index,
            },
        ),
    ];
    for (transaction, rule) in cases {
        assert_eq!(refusal(&mut world, &transaction), rule.into());
    }
}

#[test]
fn rules_are_asked_at_the_time_of_asking_though_the_chain_rests() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    world.mine_until_rest(0);
    world.job(0);
    let ends = world.now + Milliseconds(1_000);
    world.wait(Milliseconds(2_000));
    let grant = world.grant_until(&patient, 1, 0, ends);
    let rule = RuleError::GrantExpired {
        expires_at: ends,
        time: world.now,
    };
    assert_eq!(refusal(&mut world, &grant), rule.into());
    world.wait(Milliseconds::DAY);
    let asked = world.now;
    world.accept(0, &world.grant(&patient, 1, 0));
    assert_eq!(world.mine(0).unwrap().header().timestamp, asked);
}

/// 140 patients with 64 transactions each: more than one block.
#[test]
fn rules_are_asked_though_the_next_block_is_full() {
    let mut world = World::new();
    world.peers[0].is_large = true;
    let patients: Vec<_> = (0..140_u16)
        .map(|number| Patient::new(number, usize::from(number % 4)))
        .collect();
    for (patient, place) in patients.iter().zip(0_u64..) {
        world.accept(0, &world.opening(patient, place / 4));
    }
    let record = world.opening(&patients[0], 0).txid();
    world.accept(0, &world.grant(&patients[0], 1, 0));
    let request = world.accept(0, &world.request(&patients[0], record, 1, 35));
    world.mine(0).unwrap();

    let mut bytes = 0;
    for patient in &patients {
        let first = u64::from(patient.id == patients[0].id);
        for nonce in first..64 {
            let grant = world.grant(patient, (patient.provider + 1) % 4, nonce);
            bytes += grant.bytes().len();
            world.accept(0, &grant);
        }
    }
    assert!(bytes > limits::BLOCK_BYTES_MAX);
    let stranger = Patient::new(999, 0);
    let grant = world.grant(&stranger, 1, 0);
    let patient_id = stranger.id;
    let rule = RuleError::NoAccount { patient_id };
    assert_eq!(refusal(&mut world, &grant), rule.into());
    let forged = world.answer(request, 1, 2, &world.hospitals[3].node, 1);
    let [got, expected] = [3, 2].map(|at: usize| world.hospitals[at].node.public_key());
    let rule = RuleError::SenderKey { got, expected };
    assert_eq!(refusal(&mut world, &forged), rule.into());
    let answer = world.accept(0, &world.answer(request, 1, 2, &world.hospitals[2].node, 1));

    let block = world.mine(0).unwrap();
    let size = block.to_bytes().len();
    assert!(size <= limits::BLOCK_BYTES_MAX);
    assert!(size > limits::BLOCK_BYTES_MAX - limits::TRANSACTION_BYTES_MAX);
    assert!(world.peers[0].waits(answer));
    world.mine(0).unwrap();
    assert_eq!(world.peers[0].waiting(), 0);
    world.peers[0].check_store();
}
