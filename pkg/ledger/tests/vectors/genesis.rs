use keepwell_keys::GenesisHash;
use keepwell_ledger::genesis::{Genesis, GenesisError};
use keepwell_primitives::Hash;
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
#[serde(rename_all = "camelCase")]
struct Valid {
    name: String,
    toml: String,
    hash: GenesisHash,
    header: String,
    council_hash: Hash,
    patient_state_trie_hash: Hash,
    hospital_state_trie_hash: Hash,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    toml: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn genesis_files_give_the_names_of_the_vectors() {
    let vectors: Vectors = read(include_str!("genesis.json"));
    for vector in &vectors.valid {
        let name = &vector.name;
        let genesis = Genesis::from_toml(&vector.toml).expect(name);
        let header = genesis.header();
        assert_eq!(
            header.to_bytes().as_slice(),
            bytes(&vector.header),
            "{name}"
        );
        assert_eq!(genesis.hash(), vector.hash, "{name}");
        assert_eq!(header.council_hash, vector.council_hash, "{name}");
        assert_eq!(
            header.patient_state_trie_hash, vector.patient_state_trie_hash,
            "{name}"
        );
        assert_eq!(
            header.hospital_state_trie_hash, vector.hospital_state_trie_hash,
            "{name}"
        );
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn genesis_files_with_one_mistake_are_refused_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("genesis.json"));
    for vector in &vectors.invalid {
        let read = Genesis::from_toml(&vector.toml);
        // The words of a syntax error are the parser's; that it is one is ours.
        match &read {
            Err(GenesisError::Toml { .. }) => assert_eq!("Toml", vector.error, "{}", vector.name),
            _ => assert_error(&vector.name, read, &vector.error),
        }
    }
}
