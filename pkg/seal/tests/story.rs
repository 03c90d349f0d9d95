//! A record is sealed for a scope, the scope is granted, custodians re-encrypt, the requester
//! opens: what `docs/protocol.md`, section 8, promises, on real keys.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, its helpers too"
)]

use keepwell_custody::{
    CapsuleFragment, CheckedCapsuleFragment, CheckedFragment, ReencryptionError, reencrypt,
};
use keepwell_keys::{PublicKey, SecretKey};
use keepwell_seal::{
    GrantError, GrantMaterial, OpenRecordKeyError, RecordKey, SealedRecordKey, open_as_grantee,
    open_as_patient, open_file, seal_file, seal_record_key, split,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

struct World {
    rng: ChaCha20Rng,
    scope: SecretKey,
    requester: SecretKey,
    signer: SecretKey,
    custody: Vec<SecretKey>,
}

fn world() -> World {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let [scope, requester, signer, a, c, d] = [(); 6].map(|()| SecretKey::generate(&mut rng));
    World {
        rng,
        scope,
        requester,
        signer,
        custody: vec![a, c, d],
    }
}

impl World {
    fn grant(&mut self, threshold: u8) -> GrantMaterial {
        let custody_keys: Vec<_> = self.custody.iter().map(SecretKey::public_key).collect();
        split(
            &mut self.rng,
            &self.scope,
            &self.requester.public_key(),
            &self.signer,
            threshold,
            &custody_keys,
        )
        .unwrap()
    }

    fn held(&self, grant: &GrantMaterial) -> Vec<CheckedFragment> {
        let delivered = grant.sealed_fragments.iter().zip(&self.custody);
        delivered
            .enumerate()
            .map(|(custodian, (sealed, key))| {
                let opened = sealed.open(key).unwrap();
                opened.check(&grant.terms, custodian).unwrap()
            })
            .collect()
    }

    fn record(&mut self) -> (RecordKey, SealedRecordKey) {
        let key = RecordKey::generate(&mut self.rng);
        let sealed = seal_record_key(&mut self.rng, &self.scope.public_key(), &key);
        (key, sealed)
    }

    fn answer(&mut self, held: &CheckedFragment, sealed: &SealedRecordKey) -> CapsuleFragment {
        let fragment = reencrypt(&mut self.rng, &sealed.capsule, held).unwrap();
        CapsuleFragment::from_bytes(&fragment.to_bytes()).unwrap()
    }

    fn check(
        &self,
        fragment: &CapsuleFragment,
        sealed: &SealedRecordKey,
    ) -> Result<CheckedCapsuleFragment, ReencryptionError> {
        fragment.check(
            &sealed.capsule,
            &self.signer.public_key(),
            &self.scope.public_key(),
            &self.requester.public_key(),
        )
    }

    /// The record key, as the requester opens it with the answers of `held`.
    fn open(
        &mut self,
        held: &[CheckedFragment],
        sealed: &SealedRecordKey,
        threshold: u8,
    ) -> Result<RecordKey, OpenRecordKeyError> {
        let fragments = held
            .iter()
            .map(|held| {
                let answer = self.answer(held, sealed);
                self.check(&answer, sealed).unwrap()
            })
            .collect();
        open_as_grantee(
            &self.requester,
            &self.scope.public_key(),
            sealed,
            fragments,
            threshold,
        )
    }
}

#[test]
fn patient_and_any_two_of_three_custodians_open_the_same_file() {
    let mut world = world();
    let (key, sealed_key) = world.record();
    let (file, sealed) = seal_file(&key, b"{\"resourceType\": \"Bundle\"}").unwrap();
    let grant = world.grant(2);
    let held = world.held(&grant);

    let patients = open_as_patient(&world.scope, &sealed_key).unwrap();
    let mut opened = vec![patients];
    for pair in [[0, 1], [0, 2], [1, 2], [2, 0]] {
        let answering = pair.map(|custodian| held[custodian].clone());
        opened.push(world.open(&answering, &sealed_key, 2).unwrap());
    }
    opened.push(world.open(&held, &sealed_key, 2).unwrap());
    for key in opened {
        let content = open_file(&key, &file, sealed.content_commitment).unwrap();
        assert_eq!(content, b"{\"resourceType\": \"Bundle\"}");
    }
}

#[test]
fn grant_opens_records_sealed_after_it() {
    let mut world = world();
    let grant = world.grant(2);
    let held = world.held(&grant);
    let (key, sealed) = world.record();
    let opened = world.open(&held[1..], &sealed, 2).unwrap();
    assert_eq!(opened.expose_secret(), key.expose_secret());
}

#[test]
fn one_custodian_is_not_enough_not_even_twice() {
    let mut world = world();
    let (_, sealed) = world.record();
    let grant = world.grant(2);
    let held = world.held(&grant);
    let too_few = |got| Some(OpenRecordKeyError::TooFewFragments { got, expected: 2 });
    assert_eq!(world.open(&[], &sealed, 2).err(), too_few(0));
    assert_eq!(world.open(&held[..1], &sealed, 2).err(), too_few(1));
    let twice = [held[0].clone(), held[0].clone()];
    assert_eq!(world.open(&twice, &sealed, 2).err(), too_few(1));
    // Who ignores the threshold gets no further.
    assert_eq!(
        world.open(&held[..1], &sealed, 1).err(),
        Some(OpenRecordKeyError::DoNotCombine)
    );
}

#[test]
fn fragment_of_an_earlier_grant_does_not_combine_and_does_no_harm() {
    let mut world = world();
    let (key, sealed) = world.record();
    let (earlier, present) = (world.grant(2), world.grant(2));
    let (earlier, present) = (world.held(&earlier), world.held(&present));

    let one_each = [earlier[0].clone(), present[1].clone()];
    assert_eq!(
        world.open(&one_each, &sealed, 2).err(),
        Some(OpenRecordKeyError::TooFewFragments {
            got: 1,
            expected: 2
        })
    );
    let one_stale = [earlier[0].clone(), present[1].clone(), present[2].clone()];
    let opened = world.open(&one_stale, &sealed, 2).unwrap();
    assert_eq!(opened.expose_secret(), key.expose_secret());
}

#[test]
fn answers_for_one_record_open_no_other() {
    let mut world = world();
    let ((_, first), (_, second)) = (world.record(), world.record());
    let grant = world.grant(2);
    let held = world.held(&grant);
    let answers: Vec<_> = held.iter().map(|held| world.answer(held, &first)).collect();
    for answer in &answers {
        assert_eq!(
            world.check(answer, &second).err(),
            Some(ReencryptionError::Proof)
        );
    }
    // Even past the check, fragments of one capsule give nothing for another.
    let fragments = answers
        .iter()
        .map(|answer| world.check(answer, &first).unwrap())
        .collect();
    assert_eq!(
        open_as_grantee(
            &world.requester,
            &world.scope.public_key(),
            &second,
            fragments,
            2
        )
        .err(),
        Some(OpenRecordKeyError::DoNotCombine)
    );
}

#[test]
fn nobody_but_the_requester_opens_what_custodians_answer() {
    let mut world = world();
    let (_, sealed) = world.record();
    let grant = world.grant(2);
    let held = world.held(&grant);
    let fragments: Vec<_> = held
        .iter()
        .map(|held| {
            let answer = world.answer(held, &sealed);
            world.check(&answer, &sealed).unwrap()
        })
        .collect();
    for somebody in &world.custody {
        let opened = open_as_grantee(
            somebody,
            &world.scope.public_key(),
            &sealed,
            fragments.clone(),
            2,
        );
        assert_eq!(opened.err(), Some(OpenRecordKeyError::DoNotCombine));
        assert_eq!(
            open_as_patient(somebody, &sealed).err(),
            Some(OpenRecordKeyError::OtherKey)
        );
    }
}

#[test]
fn splitting_has_its_limits() {
    let mut world = world();
    let keys: Vec<PublicKey> = (0..17)
        .map(|_| SecretKey::generate(&mut world.rng).public_key())
        .collect();
    let receiver = world.requester.public_key();
    let mut split = |threshold, keys: &[PublicKey]| {
        split(
            &mut world.rng,
            &world.scope,
            &receiver,
            &world.signer,
            threshold,
            keys,
        )
        .err()
    };
    assert_eq!(split(1, &[]), Some(GrantError::NoCustodian));
    let (got, max) = (17, 16);
    assert_eq!(
        split(2, &keys),
        Some(GrantError::TooManyCustodians { got, max })
    );
    assert_eq!(
        split(2, &[keys[0], keys[1], keys[0]]),
        Some(GrantError::RepeatedCustodian { got: keys[0] })
    );
    for got in [0, 3] {
        assert_eq!(
            split(got, &keys[..2]),
            Some(GrantError::Threshold { got, max: 2 })
        );
    }
    assert_eq!(split(16, &keys[..16]), None);
    assert_eq!(split(1, &keys[..1]), None);
}
