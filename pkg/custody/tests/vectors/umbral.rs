//! A grant made elsewhere: its fragments, the custodians' answers, and one mistake in each.

use keepwell_custody::{
    Answer, AnswerItem, AnsweredRecord, Capsule, CapsuleFragment, EncryptedKey, GrantCommitment,
    GrantTerms, KeyFragment, SealedFragment, WireError, reencrypt,
};
use keepwell_keys::{HospitalId, PublicKey, SecretKey};
use keepwell_primitives::{Hash, decode_canonical, encode_canonical};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vectors {
    scope_key: PublicKey,
    receiving_key: PublicKey,
    verifying_key: PublicKey,
    threshold: u8,
    capsule: String,
    encrypted_key: String,
    terms: String,
    grant_commitment: GrantCommitment,
    custodians: Vec<Custodian>,
    answer: AnswerVector,
    invalid: Vec<Invalid>,
    refused_fragments: Vec<RefusedFragment>,
    refused_answers: Vec<RefusedAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Custodian {
    custody_secret: String,
    sealed_fragment: String,
    key_fragment: String,
    commitment: Hash,
    capsule_fragment: String,
}

#[derive(Deserialize)]
struct AnswerVector {
    request: Hash,
    custodian: String,
    records: Vec<Hash>,
    item: String,
    commitment: Hash,
}

#[derive(Deserialize)]
struct Invalid {
    kind: String,
    name: String,
    bytes: String,
    error: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefusedFragment {
    name: String,
    custodian: usize,
    sealed_fragment: String,
    error: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefusedAnswer {
    name: String,
    capsule_fragment: String,
    error: String,
}

fn vectors() -> Vectors {
    read(include_str!("umbral.json"))
}

impl Vectors {
    fn terms(&self) -> GrantTerms {
        decode_canonical(&bytes(&self.terms), 1024).unwrap()
    }

    fn capsule(&self) -> Capsule {
        Capsule::from_bytes(&bytes(&self.capsule)).unwrap()
    }

    fn capsule_fragments(&self) -> Vec<CapsuleFragment> {
        let texts = self.custodians.iter().map(|c| &c.capsule_fragment);
        texts
            .map(|text| CapsuleFragment::from_bytes(&bytes(text)).unwrap())
            .collect()
    }
}

impl Custodian {
    fn secret(&self) -> SecretKey {
        SecretKey::from_bytes(bytes(&self.custody_secret).try_into().unwrap()).unwrap()
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn grant_made_elsewhere_is_served_by_its_custodians() {
    let vectors = vectors();
    let terms = vectors.terms();
    assert_eq!(encode_canonical(&terms), bytes(&vectors.terms));
    assert_eq!(terms.commitment(), vectors.grant_commitment);
    assert_eq!(terms.scope_key, vectors.scope_key);
    assert_eq!(terms.receiving_key, vectors.receiving_key);
    assert_eq!(terms.verifying_key, vectors.verifying_key);
    assert_eq!(terms.threshold, vectors.threshold);

    let capsule = vectors.capsule();
    assert!(EncryptedKey::from_bytes(&bytes(&vectors.encrypted_key)).is_ok());
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    for (number, custodian) in vectors.custodians.iter().enumerate() {
        let sealed = SealedFragment::from_bytes(&bytes(&custodian.sealed_fragment)).unwrap();
        let opened = sealed.open(&custodian.secret()).unwrap();
        let fragment = &opened.fragment;
        assert_eq!(fragment.expose_secret()[..], bytes(&custodian.key_fragment));
        assert_eq!(fragment.commitment().0, custodian.commitment);

        let checked = opened.check(&terms, number).unwrap();
        let answer = reencrypt(&mut rng, &capsule, &checked).unwrap();
        // The proof is drawn anew; what it proves is the same.
        let expected = bytes(&custodian.capsule_fragment);
        assert_eq!(answer.as_bytes()[..140], expected[..140]);
    }
    for fragment in vectors.capsule_fragments() {
        assert!(
            fragment
                .check(
                    &capsule,
                    &terms.verifying_key,
                    &terms.scope_key,
                    &terms.receiving_key
                )
                .is_ok()
        );
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn answer_has_the_bytes_and_the_commitment_of_the_vectors() {
    let vectors = vectors();
    let custodian = bytes(&vectors.answer.custodian).try_into().unwrap();
    let records = vectors
        .answer
        .records
        .iter()
        .zip(vectors.capsule_fragments())
        .map(|(record, fragment)| AnsweredRecord {
            record: *record,
            fragment,
        })
        .collect();
    let answer = Answer::new(
        vectors.answer.request,
        HospitalId::from_bytes(custodian),
        records,
    )
    .unwrap();
    assert_eq!(answer.commitment(), vectors.answer.commitment);
    let item = bytes(&vectors.answer.item);
    assert_eq!(answer.to_items()[0].to_canonical_bytes(), item);
    let items = vec![AnswerItem::from_canonical_bytes(&item).unwrap()];
    assert_eq!(
        Answer::from_items(items, vectors.answer.commitment),
        Ok(answer)
    );
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn each_named_mistake_in_an_object_gives_its_error() {
    for vector in vectors().invalid {
        let bytes = bytes(&vector.bytes);
        let result: Result<(), WireError> = match vector.kind.as_str() {
            "capsule" => Capsule::from_bytes(&bytes).map(drop),
            "encryptedKey" => EncryptedKey::from_bytes(&bytes).map(drop),
            "keyFragment" => KeyFragment::from_bytes(&bytes).map(drop),
            "capsuleFragment" => CapsuleFragment::from_bytes(&bytes).map(drop),
            "sealedFragment" => SealedFragment::from_bytes(&bytes).map(drop),
            other => panic!("no object is a {other}"),
        };
        let name = format!("{}: {}", vector.kind, vector.name);
        assert_error(&name, result, &vector.error);
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn each_fragment_that_is_not_of_the_grant_is_refused() {
    let vectors = vectors();
    for vector in &vectors.refused_fragments {
        let custodian = &vectors.custodians[vector.custodian];
        let sealed = SealedFragment::from_bytes(&bytes(&vector.sealed_fragment)).unwrap();
        match sealed.open(&custodian.secret()) {
            Err(error) => assert_eq!(format!("{error:?}"), vector.error, "{}", vector.name),
            Ok(opened) => {
                let result = opened.check(&vectors.terms(), vector.custodian);
                assert_error(&vector.name, result, &vector.error);
            }
        }
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn each_answer_that_proves_something_else_is_refused() {
    let vectors = vectors();
    for vector in &vectors.refused_answers {
        let fragment = CapsuleFragment::from_bytes(&bytes(&vector.capsule_fragment)).unwrap();
        let result = fragment.check(
            &vectors.capsule(),
            &vectors.verifying_key,
            &vectors.scope_key,
            &vectors.receiving_key,
        );
        assert_error(&vector.name, result, &vector.error);
    }
}
