//! Summaries sealed elsewhere, and those with one mistake.

use keepwell_primitives::encode_canonical;
use keepwell_seal::{RecordKey, SealedSummary};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read, secret};

#[derive(Deserialize)]
struct Vectors {
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    name: String,
    record_key: String,
    title: String,
    canonical: String,
    sealed: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invalid {
    name: String,
    record_key: String,
    sealed: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn summaries_open_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("summaries.json"));
    for vector in vectors.valid {
        let key = RecordKey::from_bytes(secret(&vector.record_key)).summary_key();
        let sealed = SealedSummary::from_bytes(&bytes(&vector.sealed)).unwrap();
        let summary = sealed.open(&key).unwrap();
        assert_eq!(summary.fields().title, vector.title, "{}", vector.name);
        let canonical = encode_canonical(summary.fields());
        assert_eq!(canonical, bytes(&vector.canonical), "{}", vector.name);
    }
    for vector in vectors.invalid {
        let key = RecordKey::from_bytes(secret(&vector.record_key)).summary_key();
        let result =
            SealedSummary::from_bytes(&bytes(&vector.sealed)).and_then(|sealed| sealed.open(&key));
        assert_error(&vector.name, result, &vector.error);
    }
}
