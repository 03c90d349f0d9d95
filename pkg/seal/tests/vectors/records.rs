//! A record key sealed and re-encrypted elsewhere, and what does not open.

use keepwell_custody::{Capsule, CapsuleFragment, EncryptedKey};
use keepwell_keys::{PublicKey, SecretKey};
use keepwell_seal::{SealedRecordKey, open_as_grantee, open_as_patient};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read, secret};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vectors {
    scope_secret: String,
    receiving_secret: String,
    verifying_key: PublicKey,
    record_key: String,
    capsule: String,
    encrypted_key: String,
    capsule_fragments: Vec<String>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invalid {
    name: String,
    capsule: String,
    encrypted_key: String,
    error: String,
}

fn sealed(capsule: &str, encrypted_key: &str) -> SealedRecordKey {
    SealedRecordKey {
        capsule: Capsule::from_bytes(&bytes(capsule)).unwrap(),
        encrypted_key: EncryptedKey::from_bytes(&bytes(encrypted_key)).unwrap(),
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn record_key_opens_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("records.json"));
    let scope = SecretKey::from_bytes(secret(&vectors.scope_secret)).unwrap();
    let receiver = SecretKey::from_bytes(secret(&vectors.receiving_secret)).unwrap();
    let sealed_key = sealed(&vectors.capsule, &vectors.encrypted_key);
    let expected = secret(&vectors.record_key);

    let opened = open_as_patient(&scope, &sealed_key).unwrap();
    assert_eq!(opened.expose_secret(), &expected);

    let fragments = vectors.capsule_fragments.iter().map(|text| {
        let fragment = CapsuleFragment::from_bytes(&bytes(text)).unwrap();
        let checked = fragment.check(
            &sealed_key.capsule,
            &vectors.verifying_key,
            &scope.public_key(),
            &receiver.public_key(),
        );
        checked.unwrap()
    });
    let fragments = fragments.collect();
    let opened = open_as_grantee(&receiver, &scope.public_key(), &sealed_key, fragments, 2);
    assert_eq!(opened.unwrap().expose_secret(), &expected);

    for vector in vectors.invalid {
        let sealed_key = sealed(&vector.capsule, &vector.encrypted_key);
        let result = open_as_patient(&scope, &sealed_key);
        assert_error(&vector.name, result, &vector.error);
    }
}
