use keepwell_keys::SignatureCheck;
use keepwell_ledger::{
    block::{Block, BlockHash},
    execute::execute_block,
    genesis::Genesis,
    state::{State, StateRoots},
    transaction::Txid,
};
use keepwell_primitives::Hash;
use keepwell_trie::MemoryStore;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read};

#[derive(Deserialize)]
struct Vectors {
    toml: String,
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    name: String,
    bytes: String,
    hash: BlockHash,
    txids: Vec<Txid>,
    merkle_root_hash: Hash,
    patient_state_trie_hash: Hash,
    hospital_state_trie_hash: Hash,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    bytes: String,
    error: String,
}

fn all_good(checks: &[SignatureCheck]) -> bool {
    checks.iter().all(|check| check.verify().is_ok())
}

/// The state after the genesis block.
fn initial_state(genesis: &Genesis) -> State<MemoryStore> {
    let store = MemoryStore::new;
    let change = genesis.initial_change(store(), store());
    let change = change.expect("an empty store in memory cannot fail");
    let (mut patients, mut hospitals) = (store(), store());
    patients.apply(&change.patients);
    hospitals.apply(&change.hospitals);
    State::at(patients, hospitals, StateRoots::from(genesis.header()))
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn blocks_are_read_and_executed_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("blocks.json"));
    let genesis = Genesis::from_toml(&vectors.toml).unwrap();
    for vector in &vectors.valid {
        let name = &vector.name;
        let block = Block::from_bytes(&bytes(&vector.bytes), &genesis.hash(), all_good);
        let block = block.expect(name);
        assert_eq!(block.to_bytes(), bytes(&vector.bytes), "{name}");
        assert_eq!(block.header().hash(), vector.hash, "{name}");
        assert_eq!(
            block.header().merkle_root_hash,
            vector.merkle_root_hash,
            "{name}"
        );
        let txids: Vec<_> = block.transactions().iter().map(|t| t.txid()).collect();
        assert_eq!(txids, vector.txids, "{name}");
        let change = execute_block(&mut initial_state(&genesis), &block).expect(name);
        assert_eq!(
            change.patients.root, vector.patient_state_trie_hash,
            "{name}"
        );
        assert_eq!(
            change.hospitals.root, vector.hospital_state_trie_hash,
            "{name}"
        );
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn blocks_with_one_mistake_are_refused_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("blocks.json"));
    let genesis = Genesis::from_toml(&vectors.toml).unwrap();
    for vector in &vectors.invalid {
        let read = Block::from_bytes(&bytes(&vector.bytes), &genesis.hash(), all_good);
        assert_error(&vector.name, read, &vector.error);
    }
}
