//! The trie against two others: one made anew from a map after every step, and `eth_trie`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod oracle;
mod world;

use std::{collections::BTreeMap, sync::Arc};

use eth_trie::{EthTrie, MemoryDB, Trie as _};
use keepwell_primitives::Hash;
use keepwell_trie::{Hasher, MemoryStore, Sha256, Trie};
use oracle::{Keccak256, Map, nodes_of, root_of};
use proptest::prelude::*;
use world::{Step, run, steps};

proptest! {
    #[test]
    fn root_and_values_after_each_step_are_those_of_the_map(steps in steps(40)) {
        let mut map = Map::new();
        let mut trie: Trie<Sha256, MemoryStore> = Trie::new(MemoryStore::new());
        for (key, value) in &steps {
            let was_there = map.contains_key(key);
            if value.is_empty() {
                prop_assert_eq!(trie.remove(key).unwrap(), was_there);
            } else {
                trie.insert(key, value.clone()).unwrap();
            }
            run(&mut map, &(key.clone(), value.clone()));
            prop_assert_eq!(trie.root(), root_of::<Sha256>(&map));
            for (key, _) in &steps {
                prop_assert_eq!(trie.get(key).unwrap(), map.get(key).cloned());
            }
        }
    }

    #[test]
    fn root_is_that_of_eth_trie(steps in steps(200)) {
        let mut theirs = EthTrie::new(Arc::new(MemoryDB::new(true)));
        let mut ours: Trie<Keccak256, MemoryStore> = Trie::new(MemoryStore::new());
        for (key, value) in &steps {
            theirs.insert(key, value).unwrap();
            ours.insert(key, value.clone()).unwrap();
        }
        prop_assert_eq!(ours.root(), Hash(theirs.root_hash().unwrap().0));
    }

    #[test]
    fn change_sets_leave_exactly_the_live_nodes_in_the_store(
        blocks in proptest::collection::vec(steps(12), 0..6),
    ) {
        let mut map = Map::new();
        let mut store = MemoryStore::new();
        let mut root = Trie::<Sha256, MemoryStore>::empty_root();
        let mut kept_open: Trie<Sha256, MemoryStore> = Trie::new(MemoryStore::new());
        for block in &blocks {
            let mut trie: Trie<Sha256, _> = Trie::at(&store, root);
            for (key, value) in block {
                trie.insert(key, value.clone()).unwrap();
                kept_open.insert(key, value.clone()).unwrap();
            }
            block.iter().for_each(|step| run(&mut map, step));
            let changes = trie.commit();
            prop_assert_eq!(trie.commit().inserted, []);
            prop_assert_eq!(changes.root, root_of::<Sha256>(&map));
            prop_assert_eq!(kept_open.commit(), changes.clone());
            kept_open.store_mut().apply(&changes);
            store.apply(&changes);
            root = changes.root;
            prop_assert_eq!(counted(&store), live_nodes(&map));
        }
    }

    #[test]
    fn every_order_leads_to_the_same_root((steps, shuffled) in shuffled_inserts()) {
        prop_assert_eq!(root_after::<Sha256>(&steps), root_after::<Sha256>(&shuffled));
    }
}

fn shuffled_inserts() -> impl Strategy<Value = (Vec<Step>, Vec<Step>)> {
    steps(60)
        .prop_map(|steps| world::map_of(&steps).into_iter().collect::<Vec<_>>())
        .prop_flat_map(|steps| (Just(steps.clone()), Just(steps).prop_shuffle()))
}

fn root_after<H: Hasher>(steps: &[Step]) -> Hash {
    let mut trie: Trie<H, MemoryStore> = Trie::new(MemoryStore::new());
    for (key, value) in steps {
        trie.insert(key, value.clone()).unwrap();
    }
    trie.root()
}

type Counted = BTreeMap<Hash, (Vec<u8>, usize)>;

fn counted(store: &MemoryStore) -> Counted {
    let nodes = store.nodes();
    nodes
        .map(|(hash, bytes, places)| (*hash, (bytes.to_vec(), places)))
        .collect()
}

fn live_nodes(map: &Map) -> Counted {
    let mut nodes = Counted::new();
    for (_, bytes) in nodes_of::<Sha256>(map) {
        nodes.entry(Sha256::hash(&bytes)).or_insert((bytes, 0)).1 += 1;
    }
    nodes
}
