//! Golden vectors with SHA-256, the chain's hasher: the same run natively and in the browser, since
//! a difference between the two would be a fork. `make_vectors.rs` holds their recipe.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use keepwell_primitives::Hash;
use keepwell_trie::{MemoryStore, PartialTrie, Proof, Sha256, Trie, partial_trie, verify_proof};
use serde::{Deserialize, de::DeserializeOwned};

const ROOTS: &str = include_str!("vectors/roots.json");
const PROOFS: &str = include_str!("vectors/proofs.json");
const WRONG_PROOFS: &str = include_str!("vectors/wrong_proofs.json");

/// A key and its value; an empty value removes the key.
type Entry = (Bytes, Bytes);

/// A history of a trie and the root at its end.
#[derive(Deserialize)]
struct RootCase {
    name: String,
    steps: Vec<Entry>,
    root: Hash,
}

/// A map, the proof for some keys, their answers, and the root after a change to the proven part.
#[derive(Deserialize)]
struct ProofCase {
    name: String,
    entries: Vec<Entry>,
    root: Hash,
    keys: Vec<Bytes>,
    proof: Bytes,
    answers: Vec<Option<Bytes>>,
    change: Vec<Entry>,
    root_after: Hash,
}

/// A proof with one mistake, and the error that names it.
#[derive(Deserialize)]
struct WrongProofCase {
    name: String,
    root: Hash,
    keys: Vec<Bytes>,
    proof: Bytes,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn roots_are_the_golden_ones() {
    for case in parse::<RootCase>(ROOTS) {
        assert_eq!(trie_of(&case.steps).root(), case.root, "{}", case.name);
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn proofs_are_made_and_answer_as_the_golden_ones() {
    for case in parse::<ProofCase>(PROOFS) {
        let mut trie = trie_of(&case.entries);
        assert_eq!(trie.root(), case.root, "{}", case.name);
        let proof = trie.prove(&case.keys).unwrap();
        assert_eq!(Bytes(proof.to_bytes()), case.proof, "{}", case.name);

        let proof = Proof::from_bytes(&case.proof.0).unwrap();
        let answers = verify_proof::<Sha256>(case.root, &case.keys, &proof).unwrap();
        let answers: Vec<_> = answers
            .into_iter()
            .map(|answer| answer.map(Bytes))
            .collect();
        assert_eq!(answers, case.answers, "{}", case.name);

        let mut part: PartialTrie<Sha256> = partial_trie(case.root, &proof).unwrap();
        for (key, value) in case.change {
            part.insert(&key.0, value.0).unwrap();
        }
        assert_eq!(part.root(), case.root_after, "{}", case.name);
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn each_wrong_proof_is_refused_by_its_own_error() {
    for case in parse::<WrongProofCase>(WRONG_PROOFS) {
        let error = Proof::from_bytes(&case.proof.0)
            .and_then(|proof| verify_proof::<Sha256>(case.root, &case.keys, &proof))
            .unwrap_err();
        assert_eq!(format!("{error:?}"), case.error, "{}", case.name);
    }
}

fn trie_of(steps: &[Entry]) -> Trie<Sha256, MemoryStore> {
    let mut trie = Trie::new(MemoryStore::new());
    for (key, value) in steps {
        trie.insert(&key.0, value.0.clone()).unwrap();
    }
    trie
}

fn parse<T: DeserializeOwned>(json: &str) -> Vec<T> {
    let cases: Vec<T> = serde_json::from_str(json).unwrap();
    assert!(!cases.is_empty());
    cases
}

/// Bytes, in hex digits in the files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Bytes(Vec<u8>);

impl TryFrom<String> for Bytes {
    type Error = hex::FromHexError;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        hex::decode(digits).map(Self)
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
