//! The recipe of the golden vectors: what each is, and what it must give, by the oracle alone.
//!
//! `cargo test -p keepwell-trie --test make_vectors -- --ignored` writes the files anew.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod oracle;

use std::{fs, path::PathBuf};

use keepwell_primitives::Hash;
use keepwell_trie::{Hasher, Sha256};
use oracle::{Map, hex_prefix, proof_of, rlp_list, rlp_string, root_of};
use serde_json::{Value, json};

type Files = [(&'static str, Vec<Value>); 3];

fn files() -> Files {
    [
        ("roots.json", roots()),
        ("proofs.json", proofs()),
        ("wrong_proofs.json", wrong_proofs()),
    ]
}

#[test]
fn vectors_are_what_their_recipe_makes() {
    for (name, cases) in files() {
        let text = fs::read_to_string(file(name)).unwrap();
        let found: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(found, cases, "{name}");
    }
}

#[test]
#[ignore = "writes the golden vectors"]
fn write_vectors() {
    for (name, cases) in files() {
        let text = serde_json::to_string_pretty(&cases).unwrap();
        fs::write(file(name), text + "\n").unwrap();
    }
}

fn file(name: &str) -> PathBuf {
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    PathBuf::from(vectors).join(name)
}

// ---- roots

type Step = (Vec<u8>, Vec<u8>);

fn roots() -> Vec<Value> {
    let long = [0x5a; 40];
    let twins = twins();
    let deep: Vec<Step> = (0..=128)
        .map(|length| (vec![0x77; length], vec![1]))
        .collect();
    let patients: Vec<Step> = patients().into_iter().collect();
    let mut thinned = patients.clone();
    thinned.extend(
        patients
            .iter()
            .step_by(2)
            .map(|(key, _)| (key.clone(), vec![])),
    );
    let mut emptied = patients.clone();
    emptied.extend(patients.iter().map(|(key, _)| (key.clone(), vec![])));
    [
        ("the empty trie", vec![]),
        ("one short leaf, hashed as the root", vec![step(&[1], &[2])]),
        ("one long leaf", vec![step(&[1], &long)]),
        ("the empty key alone", vec![step(&[], &[2])]),
        (
            "the empty key beside another: a value in the root's branch",
            vec![step(&[], &[2]), step(&[1], &long)],
        ),
        (
            "two short leaves that stand in their branch",
            vec![step(&[0x11], &[1]), step(&[0x12], &[2])],
        ),
        (
            "a branch that stands in its extension",
            vec![
                step(&[0x11], &[1]),
                step(&[0x12], &[2]),
                step(&[0x11], &[3]),
            ],
        ),
        (
            "a key that begins two others",
            vec![
                step(b"do", b"verb"),
                step(b"dog", &long),
                step(b"doge", b"coin"),
            ],
        ),
        (
            "a leaf of 31 bytes stands in its branch",
            vec![step(&[0x11, 0], &[9; 28]), step(&[0x21, 0], &[1])],
        ),
        (
            "a leaf of 32 bytes is hashed",
            vec![step(&[0x11, 0], &[9; 29]), step(&[0x21, 0], &[1])],
        ),
        (
            "a branch collapses into a leaf",
            vec![
                step(&[0x11], &long),
                step(&[0x12], &[2]),
                step(&[0x12], &[]),
            ],
        ),
        (
            "a branch collapses into the leaf of its own value",
            vec![
                step(&[0x11], &long),
                step(&[0x11, 0x22], &[2]),
                step(&[0x11, 0x22], &[]),
            ],
        ),
        (
            "a branch collapses and two extensions become one",
            vec![
                step(&[0x11, 0x11, 0x11], &long),
                step(&[0x11, 0x11, 0x12], &[2]),
                step(&[0x11, 0x21], &[3]),
                step(&[0x11, 0x21], &[]),
            ],
        ),
        (
            "a branch loses its value and its child moves up",
            vec![
                step(&[0x11], &long),
                step(&[0x11, 0x22], &[2]),
                step(&[0x11], &[]),
            ],
        ),
        ("equal subtrees at two places", twins.into_iter().collect()),
        ("each key begins the next, up to the longest", deep),
        ("two patients", patients),
        ("two patients, every second key removed", thinned),
        ("two patients, every key removed", emptied),
    ]
    .into_iter()
    .map(|(name, steps)| {
        let mut map = Map::new();
        for (key, value) in &steps {
            map.remove(key);
            if !value.is_empty() {
                map.insert(key.clone(), value.clone());
            }
        }
        json!({ "name": name, "steps": entries(&steps), "root": root_of::<Sha256>(&map) })
    })
    .collect()
}

fn step(key: &[u8], value: &[u8]) -> Step {
    (key.to_vec(), value.to_vec())
}

// ---- proofs

fn proofs() -> Vec<Value> {
    let patients = patients();
    let [ada, ben] = [id("Ada"), id("Ben")];
    let record = |id: &[u8], index: u32| [id, b"r", &index.to_be_bytes()].concat();
    let everything = [
        vec![ada.clone(), scope(&ada)],
        (0..4).map(|index| record(&ada, index)).collect(),
    ]
    .concat();
    let mut stranger = ada.clone();
    stranger[31] ^= 1;
    let absent = |name: &str, key: &[u8]| {
        proof_case(
            name,
            &patients,
            &[key.to_vec()],
            vec![step(key, b"now present")],
        )
    };
    vec![
        proof_case(
            "an account",
            &patients,
            std::slice::from_ref(&ada),
            vec![step(&ada, b"an account with its next nonce")],
        ),
        proof_case(
            "an account, its scope, all its records and the absence of the next one",
            &patients,
            &everything,
            vec![
                step(&record(&ada, 3), b"a fourth record"),
                step(&ada, b"four records"),
            ],
        ),
        proof_case(
            "keys of two patients, unsorted and one asked twice",
            &patients,
            &[record(&ben, 1), ada.clone(), record(&ben, 1), scope(&ben)],
            vec![step(&record(&ben, 1), b"superseded")],
        ),
        absent("absence in an empty place of a branch", &[0xff; 32]),
        absent("absence beside another leaf or extension", &stranger),
        absent("absence of a key that begins others", &ada[..31]),
        absent(
            "absence of a key that ends in an extension",
            &[&ada[..], b"r\0"].concat(),
        ),
        absent(
            "absence of a key that goes on where a leaf ends",
            &[&scope(&ada)[..], b"x"].concat(),
        ),
        absent("absence of the empty key", &[]),
        proof_case(
            "absence in the empty trie",
            &Map::new(),
            std::slice::from_ref(&ada),
            vec![step(&ada, b"the first account")],
        ),
        proof_case("no keys", &patients, &[], vec![]),
        proof_case(
            "equal subtrees at two places: each place has its nodes",
            &twins(),
            &[vec![0x10, 1], vec![0x20, 1], vec![0x20, 2]],
            vec![step(&[0x20, 1], b"no longer equal")],
        ),
        proof_case(
            "equal subtrees at two places, the second alone",
            &twins(),
            &[vec![0x20, 1]],
            vec![step(&[0x20, 1], b"no longer equal")],
        ),
        proof_case(
            "nodes that stand in their parents",
            &Map::from([
                step(&[0x11], &[1]),
                step(&[0x12], &[2]),
                step(&[0x12, 0x34], &[3]),
            ]),
            &[vec![0x11], vec![0x12, 0x34], vec![0x12, 0x35]],
            vec![step(&[0x12, 0x34], &[])],
        ),
    ]
}

fn proof_case(name: &str, map: &Map, keys: &[Vec<u8>], change: Vec<Step>) -> Value {
    let answers: Vec<_> = keys
        .iter()
        .map(|key| map.get(key).map(hex::encode))
        .collect();
    let mut after = map.clone();
    for (key, value) in &change {
        after.remove(key);
        if !value.is_empty() {
            after.insert(key.clone(), value.clone());
        }
    }
    json!({
        "name": name,
        "entries": entries(&map.clone().into_iter().collect::<Vec<_>>()),
        "root": root_of::<Sha256>(map),
        "keys": hexes(keys),
        "proof": hex::encode(encoded(&proof_of::<Sha256>(map, keys))),
        "answers": answers,
        "change": entries(&change),
        "root_after": root_of::<Sha256>(&after),
    })
}

// ---- proofs with one mistake

fn wrong_proofs() -> Vec<Value> {
    [
        misplaced_nodes(),
        wrong_encodings(),
        wrong_nodes(),
        wrong_children(),
    ]
    .concat()
}

/// The nodes are those of the trie, or were, but not the right ones.
fn misplaced_nodes() -> Vec<Value> {
    let map = patients();
    let root = root_of::<Sha256>(&map);
    let ada = id("Ada");
    let keys = [ada.clone(), scope(&ada)];
    let nodes = proof_of::<Sha256>(&map, &keys);
    let [top, way, account, fork, leaf] = nodes.as_slice() else {
        panic!("this recipe is for five nodes, these are {}", nodes.len());
    };
    let hash = |node: &[u8]| Sha256::hash(node);
    let digits = hex::encode(&ada);
    let at_way = &digits[..1];
    let case = |name: &str, nodes: &[&Vec<u8>], error: String| {
        let nodes: Vec<_> = nodes.iter().copied().cloned().collect();
        wrong_case(name, root, &keys, &encoded(&nodes), &error)
    };
    let mut flipped = way.clone();
    flipped[40] ^= 1;
    let other = patients()
        .into_iter()
        .map(|(key, value)| (key, [value, vec![1]].concat()));
    let elsewhere = proof_of::<Sha256>(&other.collect(), &keys).remove(0);
    vec![
        case(
            "no nodes",
            &[],
            format!("Truncated {{ got: 0, path: (root), expected: {root} }}"),
        ),
        case(
            "the last node is cut off",
            &[top, way, account, fork],
            format!(
                "Truncated {{ got: 4, path: {}, expected: {} }}",
                path_of_last(&map, &keys),
                hash(leaf)
            ),
        ),
        case(
            "a node is left out in the middle",
            &[top, account, fork, leaf],
            mismatch(1, at_way, hash(account), hash(way)),
        ),
        case(
            "a node is repeated in its place",
            &[top, way, way, account, fork, leaf],
            "Duplicated { index: 2, first: 1 }".into(),
        ),
        case(
            "a node is repeated at the end",
            &[top, way, account, fork, leaf, way],
            "Duplicated { index: 5, first: 1 }".into(),
        ),
        case(
            "two nodes are swapped",
            &[top, account, way, fork, leaf],
            format!(
                "OutOfOrder {{ index: 1, path: {at_way}, expected: {}, found_at: 2 }}",
                hash(way)
            ),
        ),
        case(
            "a node of another trie follows",
            &[top, way, account, fork, leaf, &elsewhere],
            "Surplus { got: 6, expected: 5 }".into(),
        ),
        case(
            "a node of another trie stands first",
            &[&elsewhere, way, account, fork, leaf],
            mismatch(0, "(root)", hash(&elsewhere), root),
        ),
        case(
            "one bit of a node is flipped",
            &[top, &flipped, account, fork, leaf],
            mismatch(1, at_way, hash(&flipped), hash(way)),
        ),
        wrong_case(
            "another root",
            Hash::ZERO,
            &keys,
            &encoded(&nodes),
            &mismatch(0, "(root)", root, Hash::ZERO),
        ),
        wrong_case(
            "fewer keys than the proof is for",
            root,
            &keys[..1],
            &encoded(&nodes),
            &format!(
                "Surplus {{ got: 5, expected: {} }}",
                proof_of::<Sha256>(&map, &keys[..1]).len()
            ),
        ),
        wrong_case(
            "nodes for no keys",
            root,
            &[],
            &encoded(&nodes),
            "Surplus { got: 5, expected: 0 }",
        ),
        wrong_case(
            "nodes for the empty trie",
            root_of::<Sha256>(&Map::new()),
            &keys,
            &encoded(&[vec![0x80]]),
            "Surplus { got: 1, expected: 0 }",
        ),
        wrong_case(
            "a key over the limit",
            root,
            &[vec![0; 129]],
            &encoded(&nodes),
            "KeyTooLong { got: 129, max: 128 }",
        ),
    ]
}

/// The bytes are not a list of strings, canonically.
fn wrong_encodings() -> Vec<Value> {
    let map = Map::from([step(&[1], &[2])]);
    let root = root_of::<Sha256>(&map);
    let keys = [vec![1]];
    let right = encoded(&proof_of::<Sha256>(&map, &keys));
    let case = |name: &str, bytes: &[u8], error: &str| {
        wrong_case(name, root, &keys, bytes, &format!("Encoding({error})"))
    };
    let mut long_form = right.clone();
    long_form.splice(..1, [0xf8, right[0] - 0xc0]);
    vec![
        case("no bytes at all", &[], "Rlp(InputTooShort)"),
        case(
            "the last byte is cut off",
            &right[..right.len() - 1],
            "Rlp(InputTooShort)",
        ),
        case(
            "a byte follows the proof",
            &[&right[..], &[0]].concat(),
            "TrailingBytes { got: 1 }",
        ),
        case(
            "a short list in the long form",
            &long_form,
            "Rlp(NonCanonicalSize)",
        ),
        case(
            "a string instead of a list",
            &rlp_string(&right),
            "Rlp(UnexpectedString)",
        ),
        case(
            "a node as a list instead of a string",
            &rlp_list(&proof_of::<Sha256>(&map, &keys)),
            "Rlp(UnexpectedList)",
        ),
    ]
}

/// One node that is the root, has the right hash, and breaks a rule.
fn wrong_nodes() -> Vec<Value> {
    let value = rlp_string(b"value");
    let path = rlp_string(&hex_prefix(&[0, 1], true));
    let leaf = |path: &[u8], value: &[u8]| rlp_list(&[path.to_vec(), value.to_vec()]);
    let branch = |occupied: &[(usize, Vec<u8>)], value: &[u8]| {
        let mut items = vec![rlp_string(&[]); 17];
        items[16] = rlp_string(value);
        for (nibble, child) in occupied {
            items[*nibble] = child.clone();
        }
        rlp_list(&items)
    };
    let hashed = rlp_string(&[7; 32]);
    [
        (
            "a string instead of a list",
            rlp_string(&[1; 3]),
            "Rlp(UnexpectedString)".into(),
        ),
        ("no bytes in the node", vec![], "Rlp(InputTooShort)".into()),
        (
            "a byte follows the node",
            [leaf(&path, &value), vec![0]].concat(),
            "TrailingBytes { got: 1 }".into(),
        ),
        (
            "a byte below 128 in the long form",
            leaf(&path, &[0x81, 0x05]),
            "Rlp(NonCanonicalSingleByte)".into(),
        ),
        (
            "a short value in the long form",
            leaf(&path, &[0xb8, 0x02, 0xff, 0xff]),
            "Rlp(NonCanonicalSize)".into(),
        ),
        (
            "a value longer than its list",
            leaf(&path, &[0x85, 0xff]),
            "Rlp(InputTooShort)".into(),
        ),
        (
            "a length that begins with zero",
            leaf(&path, &[&[0xb9, 0x00, 0x40][..], &[9; 64]].concat()),
            "Rlp(LeadingZero)".into(),
        ),
        (
            "a list for a value",
            leaf(&path, &[0xc1, 0x05]),
            "Rlp(UnexpectedList)".into(),
        ),
        (
            "a list for a path",
            leaf(&[0xc1, 0x20], &value),
            "Rlp(UnexpectedList)".into(),
        ),
        ("no items", rlp_list(&[]), "ItemCount { got: 0 }".into()),
        (
            "three items",
            rlp_list(&[path.clone(), value.clone(), value.clone()]),
            "ItemCount { got: 3 }".into(),
        ),
        (
            "sixteen items",
            rlp_list(&vec![hashed.clone(); 16]),
            "ItemCount { got: 16 }".into(),
        ),
        (
            "eighteen items",
            rlp_list(&[vec![hashed.clone(); 16], vec![rlp_string(&[]); 2]].concat()),
            "ItemCount { got: 18 }".into(),
        ),
        (
            "a path without its flag",
            leaf(&rlp_string(&[]), &value),
            "PathMissing".into(),
        ),
        (
            "a flag nibble of 4",
            leaf(&rlp_string(&[0x40, 0x01]), &value),
            "PathFlag { got: 4 }".into(),
        ),
        (
            "a flag nibble of 15",
            leaf(&rlp_string(&[0xf0, 0x01]), &value),
            "PathFlag { got: 15 }".into(),
        ),
        (
            "a padding nibble of 1",
            leaf(&rlp_string(&[0x21, 0x01]), &value),
            "PathPadding { got: 1 }".into(),
        ),
        (
            "a leaf without a value",
            leaf(&path, &rlp_string(&[])),
            "ValueEmpty".into(),
        ),
        (
            "a leaf half way through a byte",
            leaf(&rlp_string(&hex_prefix(&[1], true)), &value),
            "ValueAtHalfByte { got: 1 }".into(),
        ),
        (
            "a leaf longer than the longest key",
            leaf(&rlp_string(&hex_prefix(&[1; 258], true)), &value),
            "PathTooLong { got: 258, max: 256 }".into(),
        ),
        (
            "an extension by nothing",
            rlp_list(&[rlp_string(&hex_prefix(&[], false)), hashed.clone()]),
            "ExtensionEmpty".into(),
        ),
        (
            "an extension to nothing",
            rlp_list(&[rlp_string(&hex_prefix(&[0], false)), rlp_string(&[])]),
            "ExtensionWithoutBranch".into(),
        ),
        (
            "an extension to a leaf inside it",
            rlp_list(&[
                rlp_string(&hex_prefix(&[0], false)),
                leaf(&rlp_string(&hex_prefix(&[1], true)), &value),
            ]),
            "ExtensionWithoutBranch".into(),
        ),
        ("a branch with nothing", branch(&[], b""), occupants(0)),
        (
            "a branch with one child",
            branch(&[(0, hashed.clone())], b""),
            occupants(1),
        ),
        (
            "a branch with only a value",
            branch(&[], b"value"),
            occupants(1),
        ),
        (
            "a child of 31 bytes where a hash should be",
            branch(&[(0, rlp_string(&[7; 31])), (1, hashed.clone())], b""),
            "ChildLength { got: 31, expected: 32 }".into(),
        ),
        (
            "a child of 33 bytes where a hash should be",
            branch(&[(0, rlp_string(&[7; 33])), (1, hashed.clone())], b""),
            "ChildLength { got: 33, expected: 32 }".into(),
        ),
        (
            "a child of 32 bytes that stands in its parent",
            branch(
                &[
                    (
                        0,
                        leaf(&rlp_string(&hex_prefix(&[1], true)), &rlp_string(&[9; 29])),
                    ),
                    (1, hashed.clone()),
                ],
                b"",
            ),
            "ChildInlined { got: 32, limit: 32 }".into(),
        ),
        (
            "a value of a branch half way through a byte",
            rlp_list(&[
                rlp_string(&hex_prefix(&[0], false)),
                branch(&[(1, leaf(&rlp_string(&[0x20]), &[1]))], &[2]),
            ]),
            "ValueAtHalfByte { got: 1 }".into(),
        ),
    ]
    .into_iter()
    .map(|(name, node, error): (&str, Vec<u8>, String)| {
        let error = format!("NodeInvalid {{ index: 0, path: (root), error: {error} }}");
        wrong_case(
            name,
            Sha256::hash(&node),
            &[vec![1]],
            &encoded(&[node]),
            &error,
        )
    })
    .collect()
}

/// A second node that is fine by itself, and breaks a rule where it hangs.
fn wrong_children() -> Vec<Value> {
    let under = |prefix: &[u8], child: &[u8]| {
        rlp_list(&[
            rlp_string(&hex_prefix(prefix, false)),
            rlp_string(Sha256::hash(child).as_bytes()),
        ])
    };
    let leaf = |nibbles: &[u8], value: &[u8]| {
        rlp_list(&[rlp_string(&hex_prefix(nibbles, true)), rlp_string(value)])
    };
    let fork = |child: &[u8]| {
        let mut items = vec![rlp_string(&[]); 17];
        items[0] = rlp_string(Sha256::hash(child).as_bytes());
        items[1] = rlp_string(&[7; 32]);
        rlp_list(&items)
    };
    let long_leaf = leaf(&[1], &[9; 40]);
    let extension = under(&[1, 2], b"any");
    let short = leaf(&[1], &[9; 28]);
    [
        (
            "an extension to a hashed leaf",
            under(&[0], &long_leaf),
            long_leaf,
            "ExtensionWithoutBranch".to_owned(),
        ),
        (
            "an extension to an extension",
            under(&[0], &extension),
            extension,
            "ExtensionWithoutBranch".to_owned(),
        ),
        (
            "a child of 31 bytes that is hashed",
            fork(&short),
            short,
            "ChildHashed { got: 31, limit: 32 }".to_owned(),
        ),
    ]
    .into_iter()
    .map(|(name, top, child, error)| {
        let error = format!("NodeInvalid {{ index: 1, path: 0, error: {error} }}");
        let root = Sha256::hash(&top);
        wrong_case(name, root, &[vec![1]], &encoded(&[top, child]), &error)
    })
    .collect()
}

fn occupants(got: usize) -> String {
    format!("BranchOccupants {{ got: {got}, expected: 2 }}")
}

fn mismatch(index: usize, path: &str, got: Hash, expected: Hash) -> String {
    format!("HashMismatch {{ index: {index}, path: {path}, got: {got}, expected: {expected} }}")
}

/// Where the last node of the proof for `keys` stands.
fn path_of_last(map: &Map, keys: &[Vec<u8>]) -> String {
    let mut passed = oracle::nodes_of::<Sha256>(map)
        .into_iter()
        .filter(|(place, _)| {
            keys.iter()
                .any(|key| oracle::nibbles(key).starts_with(place))
        });
    let (place, _) = passed.next_back().expect("a proof has nodes");
    place.iter().map(|nibble| format!("{nibble:x}")).collect()
}

fn wrong_case(name: &str, root: Hash, keys: &[Vec<u8>], proof: &[u8], error: &str) -> Value {
    json!({
        "name": name,
        "root": root,
        "keys": hexes(keys),
        "proof": hex::encode(proof),
        "error": error,
    })
}

// ---- the maps

/// Two patients with an account, a scope, three records and twenty events each.
fn patients() -> Map {
    let mut map = Map::new();
    for name in ["Ada", "Ben"] {
        let id = id(name);
        let mut put = |suffix: &[u8], what: &str| {
            let value = format!("{what} of {name}, as long as such a thing may be");
            map.insert([&id[..], suffix].concat(), value.into_bytes());
        };
        put(b"", "the account");
        put(&scope(&id)[32..], "the scope");
        for index in 0..3_u32 {
            put(
                &[b"r", &index.to_be_bytes()[..]].concat(),
                &format!("record {index}"),
            );
        }
        for index in 0..20_u32 {
            put(
                &[b"e", &index.to_be_bytes()[..]].concat(),
                &format!("event {index}"),
            );
        }
    }
    map
}

/// Under `10` and `20` hang equal branches with equal, hashed leaves.
fn twins() -> Map {
    let keys = [[0x10, 1], [0x10, 2], [0x20, 1], [0x20, 2]];
    keys.map(|key| (key.to_vec(), vec![key[1]; 40])).into()
}

fn id(name: &str) -> Vec<u8> {
    Sha256::hash(name.as_bytes()).0.to_vec()
}

fn scope(id: &[u8]) -> Vec<u8> {
    [id, b"s", Sha256::hash(id).as_bytes()].concat()
}

// ---- as the files have it

fn encoded(nodes: &[Vec<u8>]) -> Vec<u8> {
    let strings: Vec<_> = nodes.iter().map(|node| rlp_string(node)).collect();
    rlp_list(&strings)
}

fn entries(steps: &[Step]) -> Vec<[String; 2]> {
    let steps = steps.iter();
    steps
        .map(|(key, value)| [hex::encode(key), hex::encode(value)])
        .collect()
}

fn hexes(keys: &[Vec<u8>]) -> Vec<String> {
    keys.iter().map(hex::encode).collect()
}
