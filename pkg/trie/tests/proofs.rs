//! Proofs over random maps: the true ones hold, no other does, and what they cover can be changed.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod oracle;
mod world;

use std::convert::Infallible;

use keepwell_primitives::{decode_canonical, encode_canonical};
use keepwell_trie::{
    PROOF_BYTES_MAX, PartialTrie, Proof, Sha256, TrieError, partial_trie, verify_proof,
};
use oracle::{nodes_of, proof_of, root_of};
use proptest::{prelude::*, sample::Index};
use world::{keys, map_of, run, steps, trie_of};

proptest! {
    #[test]
    fn proof_is_the_one_of_the_map_and_gives_its_answers(steps in steps(60), keys in keys(20)) {
        let map = map_of(&steps);
        let mut trie = trie_of::<Sha256>(&map);
        let proof = trie.prove(&keys).unwrap();
        prop_assert_eq!(proof.nodes().collect::<Vec<_>>(), proof_of::<Sha256>(&map, &keys));

        let answers = verify_proof::<Sha256>(trie.root(), &keys, &proof).unwrap();
        let expected: Vec<_> = keys.iter().map(|key| map.get(key).cloned()).collect();
        prop_assert_eq!(answers, expected);

        let bytes = encode_canonical(&proof);
        prop_assert_eq!(decode_canonical(&bytes, PROOF_BYTES_MAX), Ok(proof));
    }

    #[test]
    fn proof_of_an_uncommitted_state_is_that_of_the_committed_one(
        before in steps(30),
        after in steps(20),
        keys in keys(10),
    ) {
        let mut map = map_of(&before);
        let mut trie = trie_of::<Sha256>(&map);
        for step in &after {
            run(&mut map, step);
            trie.insert(&step.0, step.1.clone()).unwrap();
        }
        let expected = Proof::from_nodes(proof_of::<Sha256>(&map, &keys)).unwrap();
        prop_assert_eq!(trie.prove(&keys).unwrap(), expected.clone());
        trie.root();
        prop_assert_eq!(trie.prove(&keys).unwrap(), expected.clone());
        let changes = trie.commit();
        prop_assert_eq!(trie.prove(&keys).unwrap(), expected.clone());
        trie.store_mut().apply(&changes);
        prop_assert_eq!(trie.prove(&keys).unwrap(), expected);
    }

    #[test]
    fn only_one_list_of_nodes_proves_a_statement(
        steps in steps(40),
        keys in keys(8),
        other in steps(20),
        mistakes in proptest::collection::vec(mistake(), 1..4),
    ) {
        let map = map_of(&steps);
        let honest = proof_of::<Sha256>(&map, &keys);
        let mut foreign: Vec<_> = nodes_of::<Sha256>(&map).into_iter().map(|(_, node)| node).collect();
        foreign.extend(nodes_of::<Sha256>(&map_of(&other)).into_iter().map(|(_, node)| node));
        let mut nodes = honest.clone();
        for mistake in &mistakes {
            mistake.make(&mut nodes, &foreign);
        }
        let proof = Proof::from_nodes(nodes.clone()).unwrap();
        let verified = verify_proof::<Sha256>(root_of::<Sha256>(&map), &keys, &proof);
        prop_assert_eq!(verified.is_ok(), nodes == honest);
    }

    #[test]
    fn only_one_byte_string_proves_a_statement(
        steps in steps(30),
        keys in keys(6),
        place in any::<Index>(),
        bit in 0..8_u8,
        cut in any::<Option<Index>>(),
    ) {
        let map = map_of(&steps);
        let mut bytes = trie_of::<Sha256>(&map).prove(&keys).unwrap().to_bytes();
        match cut {
            Some(cut) => bytes.truncate(cut.index(bytes.len())),
            None => {
                let place = place.index(bytes.len());
                bytes[place] ^= 1 << bit;
            }
        }
        let answers = Proof::from_bytes(&bytes)
            .and_then(|proof| verify_proof::<Sha256>(root_of::<Sha256>(&map), &keys, &proof));
        prop_assert!(answers.is_err());
    }

    #[test]
    fn proof_for_some_keys_does_not_answer_for_others(
        steps in steps(40),
        keys in keys(8),
        asked in keys(8),
    ) {
        let map = map_of(&steps);
        let proof = trie_of::<Sha256>(&map).prove(&keys).unwrap();
        let root = root_of::<Sha256>(&map);
        let verified = verify_proof::<Sha256>(root, &asked, &proof);
        let same_nodes = proof_of::<Sha256>(&map, &keys) == proof_of::<Sha256>(&map, &asked);
        prop_assert_eq!(verified.is_ok(), same_nodes);
        if let Ok(answers) = verified {
            let expected: Vec<_> = asked.iter().map(|key| map.get(key).cloned()).collect();
            prop_assert_eq!(answers, expected);
        }
    }

    #[test]
    fn partial_trie_follows_the_whole_or_names_what_it_lacks(
        before in steps(60),
        proved in keys(12),
        values in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 12),
        strange in keys(4),
    ) {
        let map = map_of(&before);
        let mut whole = trie_of::<Sha256>(&map);
        let proof = whole.prove(&proved).unwrap();
        let mut part: PartialTrie<Sha256> = partial_trie(whole.root(), &proof).unwrap();
        for key in &proved {
            prop_assert_eq!(part.get(key).unwrap(), map.get(key).cloned());
        }
        for key in &strange {
            match part.get(key) {
                Ok(value) => prop_assert_eq!(value, map.get(key).cloned()),
                Err(error) => prop_assert!(is_missing(&error)),
            }
        }
        for (key, value) in proved.iter().zip(values) {
            let before = part.root();
            match part.insert(key, value.clone()) {
                Ok(()) => whole.insert(key, value).unwrap(),
                // Only closing a gap needs a node beside the path.
                Err(error) => {
                    prop_assert!(value.is_empty());
                    prop_assert!(is_missing(&error));
                    prop_assert_eq!(part.root(), before);
                }
            }
            prop_assert_eq!(part.root(), whole.root());
        }
        let inserted = part.commit().inserted;
        prop_assert_eq!(inserted, whole.commit().inserted);
    }

    #[test]
    fn partial_trie_refuses_what_hangs_nowhere(
        steps in steps(40),
        keys in keys(8),
        mistake in mistake(),
        other in steps(20),
    ) {
        let map = map_of(&steps);
        let honest = proof_of::<Sha256>(&map, &keys);
        let foreign: Vec<_> = nodes_of::<Sha256>(&map_of(&other)).into_iter().map(|(_, node)| node).collect();
        let mut nodes = honest.clone();
        mistake.make(&mut nodes, &foreign);
        let root = root_of::<Sha256>(&map);
        let proof = Proof::from_nodes(nodes.clone()).unwrap();
        // Without keys, fewer nodes prove less, not something else.
        if let Ok(part) = partial_trie::<Sha256>(root, &proof) {
            for (key, value) in &map {
                if let Ok(answer) = part.get(key) {
                    prop_assert_eq!(answer.as_ref(), Some(value));
                }
            }
            for node in &nodes {
                prop_assert!(nodes_of::<Sha256>(&map).iter().any(|(_, live)| live == node));
            }
        }
    }
}

fn is_missing(error: &TrieError<Infallible>) -> bool {
    matches!(error, TrieError::NodeMissing { .. })
}

/// One way to spoil a list of nodes.
#[derive(Clone, Debug)]
enum Mistake {
    Flip(Index, Index, u8),
    Cut(Index, Index),
    Drop(Index),
    Repeat(Index, Index),
    Swap(Index, Index),
    Replace(Index, Index),
    Splice(Index, Index),
}

fn mistake() -> impl Strategy<Value = Mistake> {
    let index = any::<Index>;
    prop_oneof![
        (index(), index(), 0..8_u8).prop_map(|(node, byte, bit)| Mistake::Flip(node, byte, bit)),
        (index(), index()).prop_map(|(node, length)| Mistake::Cut(node, length)),
        index().prop_map(Mistake::Drop),
        (index(), index()).prop_map(|(node, at)| Mistake::Repeat(node, at)),
        (index(), index()).prop_map(|(one, other)| Mistake::Swap(one, other)),
        (index(), index()).prop_map(|(node, foreign)| Mistake::Replace(node, foreign)),
        (index(), index()).prop_map(|(at, foreign)| Mistake::Splice(at, foreign)),
    ]
}

impl Mistake {
    fn make(&self, nodes: &mut Vec<Vec<u8>>, foreign: &[Vec<u8>]) {
        let count = nodes.len();
        if let Self::Splice(at, node) = self {
            if !foreign.is_empty() {
                nodes.insert(at.index(count + 1), node.get(foreign).clone());
            }
            return;
        }
        if count == 0 {
            return;
        }
        match self {
            Self::Flip(node, byte, bit) => {
                let node = &mut nodes[node.index(count)];
                if !node.is_empty() {
                    let byte = byte.index(node.len());
                    node[byte] ^= 1 << bit;
                }
            }
            Self::Cut(node, length) => {
                let node = &mut nodes[node.index(count)];
                node.truncate(length.index(node.len() + 1));
            }
            Self::Drop(node) => {
                nodes.remove(node.index(count));
            }
            Self::Repeat(node, at) => {
                let node = nodes[node.index(count)].clone();
                nodes.insert(at.index(count + 1), node);
            }
            Self::Swap(one, other) => nodes.swap(one.index(count), other.index(count)),
            Self::Replace(node, by) if !foreign.is_empty() => {
                nodes[node.index(count)] = by.get(foreign).clone();
            }
            Self::Replace(..) | Self::Splice(..) => {}
        }
    }
}
