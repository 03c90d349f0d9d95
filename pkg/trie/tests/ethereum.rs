//! Ethereum's published trie vectors (ethereum/tests, `TrieTests`), with its hasher Keccak-256.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod oracle;

use std::collections::BTreeMap;

use keepwell_primitives::Hash;
use keepwell_trie::{MemoryStore, Trie};
use oracle::{Keccak256, Map, root_of};
use serde::{Deserialize, de::DeserializeOwned};

const ORDERED: &str = include_str!("vectors/ethereum/trietest.json");
const ANY_ORDER: &str = include_str!("vectors/ethereum/trieanyorder.json");

#[derive(Deserialize)]
struct Case<I> {
    #[serde(rename = "in")]
    input: I,
    root: String,
}

type OrderedSteps = Vec<(String, Option<String>)>;

type Step = (Vec<u8>, Option<Vec<u8>>);

#[test]
fn ordered_vectors_have_their_roots_at_once_and_with_a_commit_after_each_step() {
    let cases: BTreeMap<String, Case<OrderedSteps>> = parse(ORDERED);
    assert_eq!(cases.len(), 5);
    for (name, case) in cases {
        let steps: Vec<Step> = case
            .input
            .iter()
            .map(|(key, value)| (bytes(key), value.as_deref().map(bytes)))
            .collect();
        check(&name, &steps, &case.root);
    }
}

#[test]
fn unordered_vectors_have_their_roots_in_every_order() {
    let cases: BTreeMap<String, Case<BTreeMap<String, String>>> = parse(ANY_ORDER);
    assert_eq!(cases.len(), 7);
    for (name, case) in cases {
        let steps: Vec<Step> = case
            .input
            .iter()
            .map(|(key, value)| (bytes(key), Some(bytes(value))))
            .collect();
        for steps in permutations(&steps) {
            check(&name, &steps, &case.root);
        }
    }
}

fn check(name: &str, steps: &[Step], root: &str) {
    let root: Hash = root.strip_prefix("0x").unwrap().parse().unwrap();
    let mut map = Map::new();
    let mut trie: Trie<Keccak256, MemoryStore> = Trie::new(MemoryStore::new());
    let mut stored = MemoryStore::new();
    let mut stored_root = Trie::<Keccak256, MemoryStore>::empty_root();
    for (key, value) in steps {
        map.remove(key);
        if let Some(value) = value {
            map.insert(key.clone(), value.clone());
        }
        let value = value.clone().unwrap_or_default();
        trie.insert(key, value.clone()).unwrap();

        let mut step: Trie<Keccak256, _> = Trie::at(&stored, stored_root);
        step.insert(key, value).unwrap();
        let changes = step.commit();
        stored_root = changes.root;
        stored.apply(&changes);
    }
    assert_eq!(trie.root(), root, "{name}");
    assert_eq!(stored_root, root, "{name}");
    assert_eq!(root_of::<Keccak256>(&map), root, "{name}, by the oracle");
    for (key, _) in steps {
        assert_eq!(trie.get(key).unwrap(), map.get(key).cloned(), "{name}");
    }
}

/// Text stands for itself unless it begins with 0x.
fn bytes(text: &str) -> Vec<u8> {
    match text.strip_prefix("0x") {
        Some(digits) => hex::decode(digits).unwrap(),
        None => text.as_bytes().to_vec(),
    }
}

fn permutations(steps: &[Step]) -> Vec<Vec<Step>> {
    if steps.is_empty() {
        return vec![Vec::new()];
    }
    let with_first = |first: usize| {
        let mut rest = steps.to_vec();
        let step = rest.remove(first);
        let rests = permutations(&rest).into_iter();
        rests.map(move |rest| [vec![step.clone()], rest].concat())
    };
    (0..steps.len()).flat_map(with_first).collect()
}

fn parse<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap()
}
