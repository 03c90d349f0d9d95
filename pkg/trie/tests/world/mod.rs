//! Random maps in the shapes that matter: the chain's keys, where an account's key begins all of its
//! scopes' and records' keys, and short keys over few nibbles, where everything is a neighbour.

#![allow(dead_code, reason = "each test binary uses a part")]

use keepwell_trie::{Hasher, MemoryStore, Trie};
use proptest::{collection::vec, prelude::*};

use crate::oracle::Map;

/// One operation; an empty value removes.
pub(crate) type Step = (Vec<u8>, Vec<u8>);

pub(crate) fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    vec((key(), value()), 0..count)
}

pub(crate) fn keys(count: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(key(), 0..count)
}

pub(crate) fn key() -> impl Strategy<Value = Vec<u8>> {
    let few = prop::sample::select(vec![0x00, 0x01, 0x10, 0x11, 0xf1]);
    prop_oneof![vec(few, 0..5), chain_key()]
}

/// `id`, `id ‖ "s" ‖ id`, `id ‖ "r" ‖ u32`, `id ‖ "e" ‖ u32`.
fn chain_key() -> impl Strategy<Value = Vec<u8>> {
    let suffix = prop_oneof![
        Just(Vec::new()),
        id().prop_map(|scope| [b"s".to_vec(), scope].concat()),
        (0..20_u32).prop_map(|index| [b"r", &index.to_be_bytes()[..]].concat()),
        (0..300_u32).prop_map(|index| [b"e", &index.to_be_bytes()[..]].concat()),
    ];
    (id(), suffix).prop_map(|(id, suffix)| [id, suffix].concat())
}

/// One of few ids, two of which part only at their last nibble.
fn id() -> impl Strategy<Value = Vec<u8>> {
    (0..5_u8).prop_map(|n| {
        let mut id = vec![if n < 3 { 0xa0 } else { 0xa1 }; 32];
        id[31] = n;
        id
    })
}

/// Short ones stand in their parent, long ones do not; every eighth is empty.
pub(crate) fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => Just(Vec::new()),
        4 => (1..3_usize, 0..4_u8).prop_map(|(length, byte)| vec![byte; length]),
        3 => (26..60_usize, any::<u8>()).prop_map(|(length, byte)| vec![byte; length]),
    ]
}

pub(crate) fn run(map: &mut Map, (key, value): &Step) {
    map.remove(key);
    if !value.is_empty() {
        map.insert(key.clone(), value.clone());
    }
}

pub(crate) fn map_of(steps: &[Step]) -> Map {
    let mut map = Map::new();
    steps.iter().for_each(|step| run(&mut map, step));
    map
}

/// A trie of the map, its nodes in its store.
pub(crate) fn trie_of<H: Hasher>(map: &Map) -> Trie<H, MemoryStore> {
    let mut trie: Trie<H, _> = Trie::new(MemoryStore::new());
    for (key, value) in map {
        trie.insert(key, value.clone()).unwrap();
    }
    let changes = trie.commit();
    let mut store = MemoryStore::new();
    store.apply(&changes);
    Trie::at(store, changes.root)
}
