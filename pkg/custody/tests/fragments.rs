//! A fragment on its way from a patient to a custodian, and what the custodian does with it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, its helpers too"
)]

use keepwell_custody::{
    Answer, AnswerError, AnswerItem, AnsweredRecord, Capsule, CapsuleFragment, FragmentError,
    GrantTerms, KeyFragment, ReencryptionError, SealedFragment, SealedFragmentError, WireError,
    reencrypt, umbral,
};
use keepwell_keys::{HospitalId, SecretKey};
use keepwell_primitives::{
    BoundedList, Hash,
    limits::{LISTED_RECORDS_MAX, MAILBOX_ITEM_BYTES_MAX, SEALED_FRAGMENT_BYTES},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// A grant of one scope to one receiver by two custodians.
struct World {
    rng: ChaCha20Rng,
    custody: [SecretKey; 2],
    terms: GrantTerms,
    fragments: Vec<KeyFragment>,
    capsule: Capsule,
}

fn world(seed: u64) -> World {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let [scope, receiver, signer, a, b] = [(); 5].map(|()| SecretKey::generate(&mut rng));
    let fragments = umbral_pre::generate_kfrags_with_rng(
        &mut rng,
        &umbral::secret_key(&scope),
        &umbral::public_key(&receiver.public_key()),
        &umbral_pre::Signer::new(umbral::secret_key(&signer)),
        2,
        2,
        true,
        true,
    );
    let fragments: Vec<_> = fragments
        .iter()
        .map(|fragment| KeyFragment::from_umbral(&fragment.clone().unverify()).unwrap())
        .collect();
    let terms = GrantTerms {
        scope_key: scope.public_key(),
        receiving_key: receiver.public_key(),
        verifying_key: signer.public_key(),
        threshold: 2,
        commitments: BoundedList::new(fragments.iter().map(KeyFragment::commitment).collect())
            .unwrap(),
    };
    let (capsule, _) =
        umbral_pre::encrypt_with_rng(&mut rng, &umbral::public_key(&scope.public_key()), &[9; 32])
            .unwrap();
    World {
        rng,
        custody: [a, b],
        terms,
        fragments,
        capsule: Capsule::from_umbral(capsule).unwrap(),
    }
}

impl World {
    fn sealed(&mut self, custodian: usize) -> SealedFragment {
        SealedFragment::seal(
            &mut self.rng,
            &self.custody[custodian].public_key(),
            self.terms.commitment(),
            &self.fragments[custodian],
        )
    }

    fn reencrypted(&mut self, custodian: usize) -> CapsuleFragment {
        let opened = self
            .sealed(custodian)
            .open(&self.custody[custodian])
            .unwrap();
        let checked = opened.check(&self.terms, custodian).unwrap();
        reencrypt(&mut self.rng, &self.capsule, &checked).unwrap()
    }
}

#[test]
fn custodian_opens_and_checks_what_was_sealed_to_it() {
    let mut world = world(1);
    let sealed = world.sealed(0);
    assert_eq!(sealed.as_bytes().len(), SEALED_FRAGMENT_BYTES);
    let sealed = SealedFragment::from_bytes(&sealed.to_bytes()).unwrap();
    let checked = sealed
        .open(&world.custody[0])
        .unwrap()
        .check(&world.terms, 0)
        .unwrap();
    assert_eq!(checked.scope_key(), &world.terms.scope_key);
}

#[test]
fn another_custodian_or_a_changed_byte_opens_nothing() {
    let mut world = world(2);
    let sealed = world.sealed(0);
    assert_eq!(
        sealed.open(&world.custody[1]).err(),
        Some(SealedFragmentError::NotForThisKey)
    );
    let mut bytes = sealed.to_bytes();
    bytes[400] ^= 1;
    assert_eq!(
        SealedFragment::from_bytes(&bytes)
            .unwrap()
            .open(&world.custody[0])
            .err(),
        Some(SealedFragmentError::NotForThisKey)
    );
    bytes[50] ^= 1;
    assert_eq!(
        SealedFragment::from_bytes(&bytes)
            .unwrap()
            .open(&world.custody[0])
            .err(),
        Some(SealedFragmentError::Capsule(WireError::Invalid))
    );
}

#[test]
fn fragment_of_another_grant_place_or_key_is_refused_by_name() {
    let mut one = world(3);
    let other = world(4);
    let opened = one.sealed(0).open(&one.custody[0]).unwrap();

    assert_eq!(
        opened.clone().check(&other.terms, 0).err(),
        Some(FragmentError::OtherGrant {
            got: one.terms.commitment(),
            expected: other.terms.commitment()
        })
    );
    assert_eq!(
        opened.clone().check(&one.terms, 1).err(),
        Some(FragmentError::OtherFragment {
            got: one.fragments[0].commitment(),
            expected: one.fragments[1].commitment()
        })
    );
    assert_eq!(
        opened.clone().check(&one.terms, 2).err(),
        Some(FragmentError::NoSuchCustodian { got: 2, count: 2 })
    );

    // A grant on the chain that names other keys than those the fragment was signed with.
    for key in 0..3 {
        let mut terms = one.terms.clone();
        match key {
            0 => terms.scope_key = other.terms.scope_key,
            1 => terms.receiving_key = other.terms.receiving_key,
            _ => terms.verifying_key = other.terms.verifying_key,
        }
        let mut sent = opened.clone();
        sent.grant_commitment = terms.commitment();
        assert_eq!(sent.check(&terms, 0).err(), Some(FragmentError::Signature));
    }
}

#[test]
fn fragment_whose_key_is_not_the_one_it_commits_to_is_refused() {
    let mut world = world(5);
    let mut bytes = *world.fragments[0].expose_secret();
    bytes[104] ^= 1;
    let changed = KeyFragment::from_bytes(&bytes).unwrap();
    let mut commitments = world.terms.commitments.to_vec();
    commitments[0] = changed.commitment();
    world.terms.commitments = BoundedList::new(commitments).unwrap();
    world.fragments[0] = changed;
    let opened = world.sealed(0).open(&world.custody[0]).unwrap();
    assert_eq!(
        opened.check(&world.terms, 0).err(),
        Some(FragmentError::Inconsistent)
    );
}

#[test]
fn reencrypted_capsule_passes_for_its_own_grant_and_capsule_only() {
    let mut world = world(6);
    let other = self::world(7);
    let fragment = world.reencrypted(1);
    let fragment = CapsuleFragment::from_bytes(&fragment.to_bytes()).unwrap();
    let terms = &world.terms;
    let check = |capsule: &Capsule, terms: &GrantTerms| {
        fragment
            .check(
                capsule,
                &terms.verifying_key,
                &terms.scope_key,
                &terms.receiving_key,
            )
            .err()
    };
    assert_eq!(check(&world.capsule, terms), None);
    assert_eq!(check(&other.capsule, terms), Some(ReencryptionError::Proof));
    let mut other_receiver = terms.clone();
    other_receiver.receiving_key = other.terms.receiving_key;
    assert_eq!(
        check(&world.capsule, &other_receiver),
        Some(ReencryptionError::Signature)
    );
}

#[test]
fn changed_capsule_fragment_never_passes() {
    let mut world = world(8);
    let bytes = world.reencrypted(0).to_bytes();
    for offset in 0..bytes.len() {
        let mut changed = bytes;
        changed[offset] ^= 1;
        let passed = CapsuleFragment::from_bytes(&changed).is_ok_and(|fragment| {
            fragment
                .check(
                    &world.capsule,
                    &world.terms.verifying_key,
                    &world.terms.scope_key,
                    &world.terms.receiving_key,
                )
                .is_ok()
        });
        assert!(!passed, "byte {offset}");
    }
}

fn answer(world: &mut World, records: usize) -> Answer {
    let fragment = world.reencrypted(0);
    let records = (0..records)
        .map(|number| AnsweredRecord {
            record: Hash::untagged(&number.to_be_bytes()),
            fragment: fragment.clone(),
        })
        .collect();
    Answer::new(Hash::ZERO, HospitalId::from_bytes([5; 32]), records).unwrap()
}

#[test]
fn longest_answer_travels_in_items_within_the_mailbox_limit() {
    let answer = answer(&mut world(9), LISTED_RECORDS_MAX);
    let mut items: Vec<_> = answer
        .to_items()
        .iter()
        .map(|item| {
            let bytes = item.to_canonical_bytes();
            assert!(bytes.len() <= MAILBOX_ITEM_BYTES_MAX);
            AnswerItem::from_canonical_bytes(&bytes).unwrap()
        })
        .collect();
    assert_eq!(items.len(), 4);
    items.reverse();
    assert_eq!(Answer::from_items(items, answer.commitment()), Ok(answer));
}

#[test]
fn items_that_are_not_all_of_the_committed_answer_are_refused_by_name() {
    let mut world = world(10);
    let whole = answer(&mut world, 80);
    let (items, commitment) = (whole.to_items(), whole.commitment());

    assert_eq!(
        Answer::from_items(vec![], commitment),
        Err(AnswerError::Empty)
    );
    let without_the_second = vec![items[0].clone(), items[2].clone()];
    let (expected, count) = (1, 3);
    assert_eq!(
        Answer::from_items(without_the_second, commitment),
        Err(AnswerError::MissingItem { expected, count })
    );
    let mut twice = items.clone();
    twice.push(items[1].clone());
    assert_eq!(
        Answer::from_items(twice, commitment),
        Err(AnswerError::RepeatedItem { got: 1 })
    );
    let mut mixed = items.clone();
    mixed[1].custodian = HospitalId::from_bytes([6; 32]);
    assert_eq!(
        Answer::from_items(mixed, commitment),
        Err(AnswerError::MixedItems)
    );
    let shorter = answer(&mut world, 2);
    assert_eq!(
        Answer::from_items(shorter.to_items(), commitment),
        Err(AnswerError::OtherAnswer {
            got: shorter.commitment(),
            expected: commitment
        })
    );
}

#[test]
fn answer_names_no_record_twice_and_not_too_many() {
    let answer = answer(&mut world(11), 1);
    let record = answer.records()[0].clone();
    let new = |records| Answer::new(Hash::ZERO, answer.custodian(), records);
    assert_eq!(
        new(vec![record.clone(), record.clone()]),
        Err(AnswerError::RepeatedRecord { got: record.record })
    );
    assert_eq!(new(vec![]), Err(AnswerError::Empty));
    assert_eq!(
        new(vec![record; LISTED_RECORDS_MAX + 1]),
        Err(AnswerError::TooLong {
            got: LISTED_RECORDS_MAX + 1,
            max: LISTED_RECORDS_MAX
        })
    );
}
