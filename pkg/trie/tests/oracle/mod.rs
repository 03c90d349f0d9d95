//! A second opinion: from a map straight to its nodes, written from the Yellow Paper and sharing no
//! line with the library. Slow and plain: it builds everything anew for each question.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::collections::{BTreeMap, BTreeSet};

use keepwell_trie::Hasher;

/// What a trie stands for.
pub(crate) type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// Keccak-256, Ethereum's hasher.
pub(crate) struct Keccak256;

impl Hasher for Keccak256 {
    fn hash(bytes: &[u8]) -> keepwell_primitives::Hash {
        use tiny_keccak::Hasher as _;
        let mut keccak = tiny_keccak::Keccak::v256();
        keccak.update(bytes);
        let mut hash = [0; 32];
        keccak.finalize(&mut hash);
        keepwell_primitives::Hash(hash)
    }
}

/// The root of a map.
pub(crate) fn root_of<H: Hasher>(map: &Map) -> keepwell_primitives::Hash {
    let entries = entries_of(map);
    if entries.is_empty() {
        return H::hash(&[0x80]);
    }
    H::hash(&structure::<H>(&entries, 0, &mut |_, _| {}))
}

/// All hashed nodes of a map's trie, once for each place: the path and the bytes.
pub(crate) fn nodes_of<H: Hasher>(map: &Map) -> Vec<(Vec<u8>, Vec<u8>)> {
    let entries = entries_of(map);
    let mut nodes = Vec::new();
    if entries.is_empty() {
        return nodes;
    }
    let root = structure::<H>(&entries, 0, &mut |path, bytes| {
        if !path.is_empty() && bytes.len() >= 32 {
            nodes.push((path.to_vec(), bytes.to_vec()));
        }
    });
    nodes.push((Vec::new(), root));
    nodes.sort();
    nodes
}

/// The nodes of the proof for `keys`, found by the places that a key's path begins with: the path
/// to a node sorts before the paths below it, so their order is that of the proof.
pub(crate) fn proof_of<H: Hasher>(map: &Map, keys: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let paths: BTreeSet<Vec<u8>> = keys.iter().map(|key| nibbles(key)).collect();
    let is_passed = |place: &[u8]| paths.iter().any(|path| path.starts_with(place));
    let nodes = nodes_of::<H>(map).into_iter();
    let passed = nodes.filter(|(place, _)| is_passed(place));
    passed.map(|(_, bytes)| bytes).collect()
}

pub(crate) fn nibbles(key: &[u8]) -> Vec<u8> {
    key.iter().flat_map(|byte| [byte / 16, byte % 16]).collect()
}

type Entry = (Vec<u8>, Vec<u8>);

fn entries_of(map: &Map) -> Vec<Entry> {
    let entries = map.iter();
    entries
        .map(|(key, value)| (nibbles(key), value.clone()))
        .collect()
}

/// The function *c* of appendix D: the bytes of the node for entries that agree in their first `at`
/// nibbles. `seen` is shown every node below and this one, with its path.
fn structure<H: Hasher>(
    entries: &[Entry],
    at: usize,
    seen: &mut impl FnMut(&[u8], &[u8]),
) -> Vec<u8> {
    let (first, value) = &entries[0];
    let bytes = if entries.len() == 1 {
        rlp_list(&[
            rlp_string(&hex_prefix(&first[at..], true)),
            rlp_string(value),
        ])
    } else {
        let shared = (at..first.len())
            .find(|&i| {
                entries
                    .iter()
                    .any(|(path, _)| path.get(i) != Some(&first[i]))
            })
            .unwrap_or(first.len());
        if shared > at {
            let child = structure::<H>(entries, shared, seen);
            rlp_list(&[
                rlp_string(&hex_prefix(&first[at..shared], false)),
                named::<H>(child),
            ])
        } else {
            let mut items: Vec<Vec<u8>> = (0..16)
                .map(|nibble| {
                    let below: Vec<Entry> = entries
                        .iter()
                        .filter(|(path, _)| path.get(at) == Some(&nibble))
                        .cloned()
                        .collect();
                    if below.is_empty() {
                        return rlp_string(&[]);
                    }
                    named::<H>(structure::<H>(&below, at + 1, seen))
                })
                .collect();
            let own = entries.iter().find(|(path, _)| path.len() == at);
            items.push(rlp_string(own.map_or(&[][..], |(_, value)| value)));
            rlp_list(&items)
        }
    };
    seen(&first[..at], &bytes);
    bytes
}

/// The function *n* of appendix D.
fn named<H: Hasher>(node: Vec<u8>) -> Vec<u8> {
    if node.len() < 32 {
        return node;
    }
    rlp_string(H::hash(&node).as_bytes())
}

/// Appendix C.
pub(crate) fn hex_prefix(nibbles: &[u8], is_leaf: bool) -> Vec<u8> {
    let flag = if is_leaf { 2 } else { 0 };
    let mut all = if nibbles.len() % 2 == 1 {
        vec![flag + 1]
    } else {
        vec![flag, 0]
    };
    all.extend(nibbles);
    all.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

/// Appendix B.
pub(crate) fn rlp_string(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [byte] if *byte < 0x80 => vec![*byte],
        _ => [rlp_length(0x80, bytes.len()), bytes.to_vec()].concat(),
    }
}

/// Appendix B; the items are encoded already.
pub(crate) fn rlp_list(items: &[Vec<u8>]) -> Vec<u8> {
    let payload = items.concat();
    [rlp_length(0xc0, payload.len()), payload].concat()
}

fn rlp_length(offset: u8, length: usize) -> Vec<u8> {
    if length < 56 {
        return vec![offset + u8::try_from(length).expect("below 56")];
    }
    let digits: Vec<u8> = length
        .to_be_bytes()
        .into_iter()
        .skip_while(|byte| *byte == 0)
        .collect();
    let count = u8::try_from(digits.len()).expect("at most 8");
    [vec![offset + 55 + count], digits].concat()
}
