//! How phrases may be written down, and every way in which they may not.

use keepwell_keys::{MasterSeed, Phrase};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read};

#[derive(Deserialize)]
struct Vectors {
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
struct Valid {
    name: String,
    text: String,
    words: String,
    seed: String,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    text: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn phrases_parse_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("phrases.json"));
    for vector in vectors.valid {
        let phrase = Phrase::parse(&vector.text).unwrap_or_else(|e| panic!("{}: {e}", vector.name));
        assert_eq!(*phrase.expose_secret(), vector.words, "{}", vector.name);
        let seed = MasterSeed::from_phrase(&phrase).expose_secret();
        assert_eq!(seed.as_slice(), bytes(&vector.seed), "{}", vector.name);
    }
    for vector in vectors.invalid {
        assert_error(&vector.name, Phrase::parse(&vector.text), &vector.error);
    }
}
