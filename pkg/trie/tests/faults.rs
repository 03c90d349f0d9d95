//! Stores that lose, spoil or refuse nodes, and input over its limits: each has its error, which
//! says where, and the trie is as it was.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod oracle;
mod world;

use std::collections::BTreeMap;

use keepwell_primitives::Hash;
use keepwell_trie::{
    Hasher, KEY_BYTES_MAX, MemoryStore, NodeError, NodeStore, PROOF_BYTES_MAX, PROOF_KEYS_MAX,
    Proof, ProofError, Sha256, Trie, TrieError, partial_trie, verify_proof,
};
use oracle::{Map, nodes_of, rlp_list, rlp_string, root_of};
use proptest::{prelude::*, sample::Index};
use world::{key, keys, map_of, steps, trie_of, value};

/// Nodes by hash, with nothing checked.
#[derive(Default)]
struct RawStore {
    nodes: BTreeMap<Hash, Vec<u8>>,
    is_broken: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct DiskBroken;

impl std::fmt::Display for DiskBroken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the disk is broken")
    }
}

impl std::error::Error for DiskBroken {}

impl NodeStore for RawStore {
    type Error = DiskBroken;

    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, DiskBroken> {
        if self.is_broken {
            return Err(DiskBroken);
        }
        Ok(self.nodes.get(hash).cloned())
    }
}

impl RawStore {
    fn of(map: &Map) -> Self {
        let nodes = nodes_of::<Sha256>(map).into_iter();
        Self {
            nodes: nodes
                .map(|(_, bytes)| (Sha256::hash(&bytes), bytes))
                .collect(),
            is_broken: false,
        }
    }
}

/// The leaf of key `12` hangs at path `12`, that of key `11` at path `11`, both hashed.
fn two_keys() -> (Map, Hash) {
    let map = Map::from([(vec![0x11], vec![1; 40]), (vec![0x12], vec![2; 40])]);
    let leaf = rlp_list(&[rlp_string(&[0x20]), rlp_string(&[2; 40])]);
    (map, Sha256::hash(&leaf))
}

fn path_12() -> keepwell_trie::NibblePath {
    keepwell_trie::NibblePath::of_key(&[0x12])
}

type Outcome = Result<(), TrieError<DiskBroken>>;

/// What reading, changing, removing and proving key `12` say, and removing its only neighbour.
fn outcomes(store: &RawStore, root: Hash) -> Vec<Outcome> {
    let mut trie: Trie<Sha256, _> = Trie::at(store, root);
    let outcomes = vec![
        trie.get(&[0x12]).map(drop),
        trie.insert(&[0x12], vec![3]),
        trie.remove(&[0x12]).map(drop),
        trie.remove(&[0x11]).map(drop),
        trie.prove(&[[0x12]]).map(drop),
    ];
    assert_eq!(trie.root(), root);
    let changes = trie.commit();
    assert!(changes.inserted.is_empty() && changes.removed.is_empty());
    outcomes
}

#[test]
fn missing_node_is_named_and_nothing_changes() {
    let (map, hash) = two_keys();
    let mut store = RawStore::of(&map);
    store.nodes.remove(&hash).unwrap();
    let path = path_12();
    for outcome in outcomes(&store, root_of::<Sha256>(&map)) {
        let path = path.clone();
        assert_eq!(outcome, Err(TrieError::NodeMissing { hash, path }));
    }
}

#[test]
fn corrupt_node_is_named_and_nothing_changes() {
    let (map, hash) = two_keys();
    let mut store = RawStore::of(&map);
    let bytes = store.nodes.get_mut(&hash).unwrap();
    bytes[10] ^= 1;
    let got = Sha256::hash(bytes);
    for outcome in outcomes(&store, root_of::<Sha256>(&map)) {
        let path = path_12();
        assert_eq!(outcome, Err(TrieError::NodeCorrupt { hash, path, got }));
    }
}

#[test]
fn node_that_breaks_a_rule_is_named_and_nothing_changes() {
    // A leaf of 31 bytes that its branch points at by hash.
    let leaf = rlp_list(&[rlp_string(&[0x20]), rlp_string(&[2; 28])]);
    let hash = Sha256::hash(&leaf);
    let other = rlp_list(&[rlp_string(&[0x20]), rlp_string(&[1; 40])]);
    let mut items = vec![rlp_string(&[]); 17];
    items[1] = rlp_string(Sha256::hash(&other).as_bytes());
    items[2] = rlp_string(hash.as_bytes());
    let branch = rlp_list(&items);
    let top = rlp_list(&[
        rlp_string(&[0x11]),
        rlp_string(Sha256::hash(&branch).as_bytes()),
    ]);
    let root = Sha256::hash(&top);
    let nodes = [leaf, other, branch, top].map(|bytes| (Sha256::hash(&bytes), bytes));
    let store = RawStore {
        nodes: nodes.into(),
        is_broken: false,
    };
    for outcome in outcomes(&store, root) {
        let path = path_12();
        let error = NodeError::ChildHashed { got: 31, limit: 32 };
        assert_eq!(outcome, Err(TrieError::NodeInvalid { hash, path, error }));
    }
}

#[test]
fn failing_store_is_named_with_its_reason() {
    let (map, _) = two_keys();
    let mut store = RawStore::of(&map);
    store.is_broken = true;
    let root = root_of::<Sha256>(&map);
    for outcome in outcomes(&store, root) {
        let error = outcome.unwrap_err();
        let text = format!("node {root} at (root) could not be read: the disk is broken");
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn partial_trie_names_the_unproven_node_it_would_need() {
    let (map, hash) = two_keys();
    let mut whole = trie_of::<Sha256>(&map);
    let proof = whole.prove(&[[0x11]]).unwrap();
    let mut part = partial_trie::<Sha256>(whole.root(), &proof).unwrap();
    let path = path_12();
    let missing = TrieError::NodeMissing { hash, path };
    assert_eq!(part.get(&[0x12]), Err(missing.clone()));
    assert_eq!(part.remove(&[0x11]), Err(missing));

    part.insert(&[0x11], vec![5]).unwrap();
    whole.insert(&[0x11], vec![5]).unwrap();
    assert_eq!(part.root(), whole.root());
}

#[test]
fn key_over_the_limit_is_refused_everywhere() {
    let key = [0; KEY_BYTES_MAX + 1];
    let mut trie: Trie<Sha256, _> = Trie::new(MemoryStore::new());
    let error = TrieError::KeyTooLong { got: 129, max: 128 };
    assert_eq!(trie.get(&key), Err(error.clone()));
    assert_eq!(trie.insert(&key, vec![1]), Err(error.clone()));
    assert_eq!(trie.insert(&key, vec![]), Err(error.clone()));
    assert_eq!(trie.remove(&key), Err(error.clone()));
    assert_eq!(trie.prove(&[key]), Err(error));
}

#[test]
fn longest_keys_go_as_deep_as_a_trie_can() {
    // Each of the 128 lengths ends in a branch of its own.
    let map: Map = (0..=KEY_BYTES_MAX)
        .map(|length| (vec![0x77; length], vec![9; 40]))
        .collect();
    let keys: Vec<_> = map.keys().cloned().collect();
    let mut trie = trie_of::<Sha256>(&map);
    let root = trie.root();
    let proof = trie.prove(&keys).unwrap();
    let answers = verify_proof::<Sha256>(root, &keys, &proof).unwrap();
    assert!(answers.iter().all(Option::is_some));

    let mut part = partial_trie::<Sha256>(root, &proof).unwrap();
    for key in &keys {
        assert_eq!(part.remove(key), Ok(true));
        assert_eq!(trie.remove(key), Ok(true));
        assert_eq!(part.root(), trie.root());
    }
    assert_eq!(part.root(), Trie::<Sha256, MemoryStore>::empty_root());
}

#[test]
fn too_many_keys_are_refused_by_prover_and_verifier() {
    let keys = vec![[0]; PROOF_KEYS_MAX + 1];
    let trie: Trie<Sha256, _> = Trie::new(MemoryStore::new());
    let (got, max) = (PROOF_KEYS_MAX + 1, PROOF_KEYS_MAX);
    assert_eq!(trie.prove(&keys), Err(TrieError::TooManyKeys { got, max }));
    assert_eq!(
        verify_proof::<Sha256>(Hash::ZERO, &keys, &Proof::default()),
        Err(ProofError::TooManyKeys { got, max })
    );
}

#[test]
fn proof_over_the_limit_is_neither_made_nor_read() {
    let max = PROOF_BYTES_MAX;
    let mut trie: Trie<Sha256, _> = Trie::new(MemoryStore::new());
    // Four bytes each for the lengths of value, leaf, string and list, and three for the path.
    trie.insert(&[1], vec![1; max - 19]).unwrap();
    assert_eq!(trie.prove(&[[1]]).unwrap().to_bytes().len(), max);
    trie.insert(&[1], vec![1; max - 18]).unwrap();
    let got = max + 1;
    assert_eq!(
        trie.prove(&[[1]]),
        Err(TrieError::ProofTooLong { got, max })
    );

    let bytes = vec![0; max + 1];
    assert_eq!(
        Proof::from_bytes(&bytes),
        Err(ProofError::TooLong { got, max })
    );
    let nodes = vec![vec![0x80; PROOF_BYTES_MAX / 2]; 3];
    assert!(matches!(
        Proof::from_nodes(nodes),
        Err(ProofError::TooLong { .. })
    ));
}

proptest! {
    /// An attacker who chose the root may hang anything under it. It may be refused or read, but
    /// not panic, and what was read stands for the same bytes.
    #[test]
    fn spoiled_nodes_with_right_hashes_never_panic(
        steps in steps(20),
        spoiled in any::<Index>(),
        changes in proptest::collection::vec((any::<Index>(), any::<u8>()), 1..4),
        asked in keys(6),
        (key, value) in (key(), value()),
    ) {
        let map = map_of(&steps);
        let places = nodes_of::<Sha256>(&map);
        prop_assume!(!places.is_empty());
        let (_, mut top) = spoiled.get(&places).clone();
        for (at, byte) in &changes {
            let at = at.index(top.len());
            top[at] = *byte;
        }
        let root = Sha256::hash(&top);
        let mut store = RawStore::of(&map);
        store.nodes.insert(root, top.clone());

        let below = places.into_iter().map(|(_, node)| node);
        let proof = Proof::from_nodes([top.clone()].into_iter().chain(below)).unwrap();
        let _ = verify_proof::<Sha256>(root, &asked, &proof);
        let _ = partial_trie::<Sha256>(root, &proof);
        let mut trie: Trie<Sha256, _> = Trie::at(&store, root);
        if let Ok(proof) = trie.prove(&asked) {
            prop_assert!(verify_proof::<Sha256>(root, &asked, &proof).is_ok());
        }
        let _ = trie.get(&key);
        let before = trie.get(&key);
        if let (Ok(before), Ok(())) = (before, trie.insert(&key, value))
            && let Ok(()) = trie.insert(&key, before.unwrap_or_default())
        {
            prop_assert_eq!(trie.root(), root);
        }
        for key in &asked {
            let _ = trie.remove(key);
            trie.root();
        }
        trie.commit();
    }
}
