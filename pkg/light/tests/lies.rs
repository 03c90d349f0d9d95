//! A relay that lies: each field of each answer altered in turn, and the lies that need a plan.
//! After every one of them the client is as before.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says so by panicking"
)]

mod world;

use std::collections::BTreeSet;

use keepwell_keys::HospitalId;
use keepwell_ledger::{
    block::{BlockHash, HeaderError},
    state::account_key,
};
use keepwell_light::{
    Answer, Interest, LeafName, LightClient, Query, Standing, TrieName, Update, VerificationError,
};
use keepwell_primitives::{BlockIndex, BoundedBytes, Hash};
use keepwell_trie::{Proof, ProofError};
use keepwell_wire::api::{BlockAnswer, BlockName, BlocksAnswer, HeadAnswer, ProofAnswer};
use serde_json::{Map, Value, json};
use world::{HonestRelay, PatientKeys, Relay, World, drive};

/// Alters the answers to the questions of one kind, in the same way each time.
struct Lying<'w, F> {
    inner: HonestRelay<'w>,
    alter: F,
}

impl<F: FnMut(&Query, Answer) -> Answer> Relay for Lying<'_, F> {
    fn answer(&mut self, query: &Query) -> Answer {
        let honest = self.inner.answer(query);
        (self.alter)(query, honest)
    }
}

/// A patient with two scopes and a log, a client that has followed so far, and five more blocks.
struct Scene {
    world: World,
    client: LightClient,
    interests: Vec<Interest>,
    alice: PatientKeys,
    bob: PatientKeys,
}

impl Scene {
    fn new() -> Self {
        let [alice, bob] = [1, 2].map(PatientKeys::number);
        let mut world = World::new();
        world.submit(0, &alice, 0);
        world.submit(0, &bob, 0);
        world.mine();
        world.mine_empty(2);
        let hospital = world.hospitals[1].id;
        let interests = vec![
            Interest::Patient(alice.id),
            Interest::Hospital(hospital),
            Interest::Directory,
        ];
        let mut client = LightClient::new(world.genesis.clone());
        let update = drive(&client, &mut HonestRelay(&world), &interests).unwrap();
        client.apply(update).unwrap();
        world.submit(0, &alice, 1);
        world.mine();
        world.grant(&alice, 0, 1, 1);
        world.mine();
        let request = world.request(&alice, 0, 1, 1);
        world.mine();
        world.serve(2, request);
        world.mine();
        world.mine_empty(1);
        Self {
            world,
            client,
            interests,
            alice,
            bob,
        }
    }

    /// A scene where the client has seen everything.
    fn at_rest() -> Self {
        let mut scene = Self::new();
        let update = scene.honest();
        scene.client.apply(update).unwrap();
        scene
    }

    fn honest(&self) -> Update {
        drive(&self.client, &mut HonestRelay(&self.world), &self.interests).unwrap()
    }

    /// What comes of a round with a relay that alters its answers so.
    fn lie(
        &self,
        alter: impl FnMut(&Query, Answer) -> Answer,
    ) -> Result<Update, VerificationError> {
        let before = self.client.stored();
        let inner = HonestRelay(&self.world);
        let result = drive(&self.client, &mut Lying { inner, alter }, &self.interests);
        assert_eq!(self.client.stored(), before);
        result
    }

    fn lie_about_head(&self, alter: impl Fn(&mut HeadAnswer)) -> Result<Update, VerificationError> {
        self.lie(|_, answer| match answer {
            Answer::Head(mut head) => {
                alter(&mut head);
                Answer::Head(head)
            }
            other => other,
        })
    }

    fn lie_about_headers(&self, alter: impl Fn(&mut Vec<BlockAnswer>)) -> VerificationError {
        let result = self.lie(|_, answer| match answer {
            Answer::Headers(mut headers) => {
                alter(&mut headers.blocks);
                Answer::Headers(headers)
            }
            other => other,
        });
        result.unwrap_err()
    }

    /// Alters the nodes of every proof from the patient trie.
    fn lie_about_proof(&self, alter: impl Fn(&mut Vec<Vec<u8>>)) -> ProofError {
        let result = self.lie(|_, answer| match answer {
            Answer::Proof(mut answer) => {
                answer.patients = answer.patients.map(|bytes| {
                    let proof = Proof::from_bytes(&bytes).unwrap();
                    let mut nodes: Vec<Vec<u8>> = proof.nodes().map(<[u8]>::to_vec).collect();
                    alter(&mut nodes);
                    let altered = Proof::from_nodes(nodes).unwrap();
                    BoundedBytes::new(altered.to_bytes()).unwrap()
                });
                Answer::Proof(answer)
            }
            other => other,
        });
        match result.unwrap_err() {
            VerificationError::Proof { trie, error } => {
                assert_eq!(trie, TrieName::Patients);
                error
            }
            other => panic!("{other}"),
        }
    }
}

/// Every way that one value of an answer, or one list of it, is altered.
fn alterations(honest: &Value) -> Vec<(String, Value)> {
    let mut altered = Vec::new();
    collect(honest, "", &mut |path, with| {
        let mut copy = honest.clone();
        *copy.pointer_mut(path).unwrap() = with;
        altered.push((path.to_string(), copy));
    });
    altered
}

fn collect(value: &Value, path: &str, found: &mut impl FnMut(&str, Value)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                collect(field, &format!("{path}/{name}"), found);
                let without = fields.iter().filter(|(other, _)| *other != name);
                let without = without.map(|(name, field)| (name.clone(), field.clone()));
                found(path, Value::Object(without.collect::<Map<_, _>>()));
            }
        }
        Value::Array(items) => {
            let mut with = |alter: fn(&mut Vec<Value>)| {
                let mut items = items.clone();
                alter(&mut items);
                if &items != value.as_array().unwrap() {
                    found(path, Value::Array(items));
                }
            };
            with(|items| drop(items.pop()));
            with(|items| drop((!items.is_empty()).then(|| items.remove(0))));
            with(|items| items.reverse());
            with(|items| items.extend(items.first().cloned()));
            with(Vec::clear);
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{path}/{index}"), found);
            }
        }
        Value::Number(number) => {
            let number = number.as_u64().unwrap();
            for other in [
                0,
                1,
                number.wrapping_sub(1),
                number.wrapping_add(1),
                u64::MAX,
            ] {
                if other != number {
                    found(path, json!(other));
                }
            }
        }
        Value::String(text) => altered_texts(text)
            .into_iter()
            .for_each(|text| found(path, json!(text))),
        Value::Null => {
            for other in [json!(""), json!("c0"), json!([])] {
                found(path, other);
            }
        }
        Value::Bool(_) => unreachable!("no answer has one"),
    }
}

/// The text with a character exchanged at its ends and every 61st place, cut, emptied, and all
/// zeros; for a hospital's id, whose checksum sees all that, another id.
fn altered_texts(text: &str) -> Vec<String> {
    let places = (0..text.len()).step_by(61).chain(text.len().checked_sub(1));
    let exchanged = places.map(|place| {
        let with = if &text[place..=place] == "0" {
            "1"
        } else {
            "0"
        };
        format!("{}{with}{}", &text[..place], &text[place + 1..])
    });
    let shorter = [2, text.len()].map(|cut| text[..text.len().saturating_sub(cut)].to_string());
    let another = HospitalId::from_bytes([4; 32]).to_string();
    let another = text.starts_with("kwh1").then_some(another);
    let zeros = "0".repeat(text.len());
    let others = shorter.into_iter().chain([zeros]).chain(another);
    exchanged.chain(others).collect()
}

/// The kinds of answers, as JSON and back; `None` for what is no such answer.
fn to_json(answer: &Answer) -> Value {
    match answer {
        Answer::Head(answer) => serde_json::to_value(answer),
        Answer::Headers(answer) => serde_json::to_value(answer),
        Answer::Proof(answer) => serde_json::to_value(answer),
        Answer::ProofTooLarge => unreachable!("nothing here is large"),
    }
    .unwrap()
}

fn from_json(like: &Answer, value: Value) -> Option<Answer> {
    match like {
        Answer::Head(_) => serde_json::from_value(value).map(Answer::Head),
        Answer::Headers(_) => serde_json::from_value(value).map(Answer::Headers),
        Answer::Proof(_) => serde_json::from_value(value).map(Answer::Proof),
        Answer::ProofTooLarge => unreachable!("nothing here is large"),
    }
    .ok()
}

/// The dialogue of an honest round.
fn dialogue(scene: &Scene) -> Vec<(Query, Answer)> {
    let mut said = Vec::new();
    let honest = scene.lie(|query, answer| {
        said.push((query.clone(), answer.clone()));
        answer
    });
    honest.unwrap();
    said
}

/// Alters each value of each answer of a round in turn. Returns the paths where an altered answer
/// was taken, with what was verified as if it had not been altered; and those where the relay
/// passed for one that is behind.
fn alter_everything(scene: &Scene) -> (BTreeSet<String>, BTreeSet<String>) {
    let honest = scene.honest();
    let (mut taken, mut behind) = (BTreeSet::new(), BTreeSet::new());
    let (mut tried, mut refused) = (0, 0);
    for (target, answer) in dialogue(scene) {
        for (path, value) in alterations(&to_json(&answer)) {
            tried += 1;
            // What is not even JSON of an answer never reaches the client.
            let Some(altered) = from_json(&answer, value) else {
                refused += 1;
                continue;
            };
            if altered == answer {
                continue;
            }
            let result = scene.lie(|query, honest| {
                if *query == target {
                    altered.clone()
                } else {
                    honest
                }
            });
            match result {
                Err(_) => refused += 1,
                Ok(update) if matches!(update.standing(), Some(Standing::Behind { .. })) => {
                    assert!(update.views().is_empty());
                    let mut client = scene.client.clone();
                    assert!(client.apply(update).unwrap().is_empty());
                    behind.insert(path);
                }
                Ok(update) => {
                    assert_eq!(update.views(), honest.views(), "{path}");
                    assert_eq!(update.head(), honest.head(), "{path}");
                    taken.insert(path);
                }
            }
        }
    }
    assert!(tried > 200 && refused > tried / 2, "{refused} of {tried}");
    (taken, behind)
}

fn paths(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_altered_is_believed_while_catching_up() {
    let (taken, behind) = alter_everything(&Scene::new());
    // A relay's clock, name and number of peers are its word alone, and said to be. The last is a
    // header fewer in an answer: the rest is asked for, and comes.
    assert_eq!(taken, paths(&["/hospitalId", "/peers", "/time", "/blocks"]));
    // Claiming less work than the client knows is being behind: nothing is taken.
    assert_eq!(behind, paths(&["/work"]));
}

#[test]
fn nothing_altered_is_believed_at_rest() {
    let (taken, behind) = alter_everything(&Scene::at_rest());
    assert_eq!(taken, paths(&["/hospitalId", "/peers", "/time"]));
    // Another head with no more work than the one known is no better than it.
    assert_eq!(behind, paths(&["/head/hash"]));
}

#[test]
fn nothing_altered_is_believed_by_a_new_client() {
    let mut scene = Scene::new();
    scene.client = LightClient::new(scene.world.genesis.clone());
    let (taken, behind) = alter_everything(&scene);
    assert_eq!(taken, paths(&["/hospitalId", "/peers", "/time", "/blocks"]));
    // No work is as much as block 0 has: whether that is behind is for the hashes to say.
    assert!(behind.is_subset(&paths(&["/work"])), "{behind:?}");
}

#[test]
fn head_that_its_headers_do_not_reach_is_named() {
    let scene = Scene::new();
    let honest = scene.world.head_answer();
    let index = honest.head.index;
    let further = BlockName {
        index: index.next(),
        hash: honest.head.hash,
    };
    assert_eq!(
        scene
            .lie_about_head(|head| head.head = further)
            .unwrap_err(),
        VerificationError::HeadNotReached {
            got: honest.head,
            expected: further
        }
    );
    let hash = BlockHash(Hash([7; 32]));
    let invented = BlockName { index, hash };
    assert_eq!(
        scene
            .lie_about_head(|head| head.head = invented)
            .unwrap_err(),
        VerificationError::HeadNotReached {
            got: honest.head,
            expected: invented
        }
    );
    let work = honest.work + honest.work;
    assert_eq!(
        scene.lie_about_head(|head| head.work = work).unwrap_err(),
        VerificationError::HeadWork {
            got: work,
            expected: honest.work
        }
    );
    let head = honest.head;
    assert_eq!(
        scene
            .lie_about_head(|answer| answer.final_block = head)
            .unwrap_err(),
        VerificationError::FinalBlock {
            got: head,
            expected: honest.final_block
        }
    );
}

/// Its head is an old block of our own chain, said to have more work than ours.
#[test]
fn stale_head_in_new_clothes_is_named() {
    let scene = Scene::at_rest();
    let ours = scene.client.head();
    let old = BlockName {
        index: BlockIndex(3),
        hash: scene.world.hash_at(3),
    };
    let work = scene.world.chain.work() + scene.world.chain.work();
    let result = scene.lie_about_head(|head| {
        head.head = old;
        head.work = work;
    });
    assert_eq!(
        result.unwrap_err(),
        VerificationError::HeadWork {
            got: work,
            expected: scene.world.work[3]
        }
    );
    let honestly_old = scene.lie_about_head(|head| {
        head.head = old;
        head.work = scene.world.work[3];
    });
    let standing = honestly_old.unwrap().standing();
    let (ours, theirs) = (ours.name(), old);
    assert_eq!(standing, Some(Standing::Behind { ours, theirs }));
}

#[test]
fn fewer_headers_than_claimed_are_named() {
    let scene = Scene::new();
    let expected = scene.world.head_answer().head;
    let index = BlockIndex(expected.index.0 - 1);
    let hash = scene.world.hash_at(index.0);
    let got = BlockName { index, hash };
    let error = scene.lie_about_headers(|blocks| {
        blocks.retain(|block| block.sealed.header.index != expected.index);
    });
    assert_eq!(error, VerificationError::HeadNotReached { got, expected });
    let got = scene.client.head().name();
    let error = scene.lie_about_headers(Vec::clear);
    assert_eq!(error, VerificationError::HeadNotReached { got, expected });
}

#[test]
fn more_headers_than_asked_for_are_named() {
    let scene = Scene::new();
    let error = scene.lie_about_headers(|blocks| {
        *blocks = std::iter::repeat_n(blocks[0].clone(), 513).collect();
    });
    assert_eq!(
        error,
        VerificationError::TooManyHeaders { got: 513, max: 512 }
    );
}

#[test]
fn header_that_breaks_a_rule_is_named_with_the_rule() {
    let scene = Scene::new();
    let first = scene.client.head().index().next();
    let stranger = HospitalId::from_bytes([3; 32]);
    // Well named, well linked, not mined.
    let error = scene.lie_about_headers(|blocks| {
        let header = &mut blocks[0].sealed.header;
        header.patient_state_trie_hash = Hash([1; 32]);
        while header.hash().meets(&header.target) {
            header.nonce += 1;
        }
        blocks[0].hash = header.hash();
    });
    let VerificationError::Header { index, error } = error else {
        panic!("{error}")
    };
    assert_eq!(index, first);
    assert!(matches!(error, HeaderError::ProofOfWork { .. }), "{error}");
    // Mined by a stranger.
    let error = scene.lie_about_headers(|blocks| {
        let header = &mut blocks[0].sealed.header;
        header.miner = stranger;
        while !header.hash().meets(&header.target) {
            header.nonce += 1;
        }
        blocks[0].hash = header.hash();
    });
    let error = |expected: HeaderError| {
        (
            error,
            VerificationError::Header {
                index,
                error: expected,
            },
        )
    };
    let (got, expected) = error(HeaderError::MinerNotEnrolled { miner: stranger });
    assert_eq!(got, expected);
    // Sealed by another's key.
    let error = scene.lie_about_headers(|blocks| blocks[0].sealed.seal = blocks[1].sealed.seal);
    let miner = scene.world.header(first).unwrap().miner;
    let error_expected = HeaderError::Seal { miner };
    assert_eq!(
        error,
        VerificationError::Header {
            index,
            error: error_expected
        }
    );
    // Called by another's name.
    let (got, expected) = (scene.world.hash_at(1), scene.world.hash_at(first.0));
    let error = scene.lie_about_headers(|blocks| blocks[0].hash = got);
    assert_eq!(
        error,
        VerificationError::BlockHash {
            index,
            got,
            expected
        }
    );
    let error = scene.lie_about_headers(|blocks| blocks[0].transactions = Some(vec![]));
    assert_eq!(error, VerificationError::TransactionsUnasked { index });
}

#[test]
fn answer_to_another_question_is_named() {
    let scene = Scene::new();
    let head = Answer::Head(scene.world.head_answer());
    let error = scene.lie(|_, _| head.clone()).unwrap_err();
    assert_eq!(
        error,
        VerificationError::OtherQuestion {
            got: "the head",
            expected: "headers"
        }
    );
    let none = Answer::Headers(BlocksAnswer { blocks: vec![] });
    let error = scene.lie(|_, _| none.clone()).unwrap_err();
    assert_eq!(
        error,
        VerificationError::OtherQuestion {
            got: "headers",
            expected: "the head"
        }
    );
}

#[test]
fn proof_of_another_patient_is_no_proof() {
    let scene = Scene::new();
    let key = BoundedBytes::new(account_key(&scene.bob.id)).unwrap();
    let result = scene.lie(|query, honest| match query {
        Query::Proof(question) => {
            let mut question = question.clone();
            question.patients = vec![key.clone()];
            scene.world.proof_answer(&question)
        }
        _ => honest,
    });
    let Err(VerificationError::Proof { trie, error }) = result else {
        panic!("believed")
    };
    assert_eq!(trie, TrieName::Patients);
    assert!(matches!(
        error,
        ProofError::HashMismatch { .. } | ProofError::Truncated { .. }
    ));
}

#[test]
fn proof_at_an_old_block_is_no_proof() {
    let scene = Scene::new();
    let result = scene.lie(|query, honest| match query {
        Query::Proof(question) => {
            let mut question = question.clone();
            question.block_hash = scene.world.hash_at(3);
            scene.world.proof_answer(&question)
        }
        _ => honest,
    });
    let Err(VerificationError::Proof { error, .. }) = result else {
        panic!("believed")
    };
    assert!(
        matches!(error, ProofError::HashMismatch { index: 0, .. }),
        "{error}"
    );
}

#[test]
fn proof_that_withholds_a_record_is_no_proof() {
    let scene = Scene::new();
    let result = scene.lie(|query, honest| match query {
        Query::Proof(question) => {
            let mut question = question.clone();
            question.patients.pop();
            scene.world.proof_answer(&question)
        }
        _ => honest,
    });
    assert!(matches!(
        result,
        Err(VerificationError::Proof { .. } | VerificationError::ProofMissing { .. })
    ));
}

#[test]
fn nodes_removed_added_repeated_or_reordered_are_named() {
    let scene = Scene::new();
    let removed = scene.lie_about_proof(|nodes| drop(nodes.pop()));
    assert!(matches!(removed, ProofError::Truncated { .. }), "{removed}");
    let added = scene.lie_about_proof(|nodes| nodes.push(vec![0xc2, 0x20, 0x01]));
    assert!(matches!(added, ProofError::Surplus { .. }), "{added}");
    let repeated = scene.lie_about_proof(|nodes| nodes.push(nodes[0].clone()));
    assert!(
        matches!(repeated, ProofError::Duplicated { .. }),
        "{repeated}"
    );
    let reordered = scene.lie_about_proof(|nodes| nodes.swap(0, 1));
    assert!(
        matches!(reordered, ProofError::OutOfOrder { .. }),
        "{reordered}"
    );
    let altered = scene.lie_about_proof(|nodes| nodes.last_mut().unwrap()[5] ^= 1);
    assert!(
        matches!(altered, ProofError::HashMismatch { .. }),
        "{altered}"
    );
    let none = scene.lie_about_proof(Vec::clear);
    assert!(matches!(none, ProofError::Truncated { .. }), "{none}");
}

#[test]
fn proof_that_is_missing_or_was_not_asked_for_is_named() {
    let scene = Scene::new();
    let with = |alter: fn(&mut ProofAnswer)| {
        let result = scene.lie(|_, answer| match answer {
            Answer::Proof(mut answer) => {
                alter(&mut answer);
                Answer::Proof(answer)
            }
            other => other,
        });
        result.unwrap_err()
    };
    let (patients, hospitals) = (TrieName::Patients, TrieName::Hospitals);
    assert_eq!(
        with(|answer| answer.patients = None),
        VerificationError::ProofMissing { trie: patients }
    );
    assert_eq!(
        with(|answer| answer.hospitals = None),
        VerificationError::ProofMissing { trie: hospitals }
    );

    let directory = [Interest::Directory];
    let alter = |_: &Query, answer: Answer| match answer {
        Answer::Proof(mut answer) => {
            answer.patients = answer.hospitals.clone();
            Answer::Proof(answer)
        }
        other => other,
    };
    let inner = HonestRelay(&scene.world);
    let result = drive(&scene.client, &mut Lying { inner, alter }, &directory);
    assert_eq!(
        result.unwrap_err(),
        VerificationError::ProofUnasked { trie: patients }
    );
}

#[test]
fn what_is_said_of_a_lie_can_be_understood() {
    let scene = Scene::new();
    let error = scene.lie_about_headers(Vec::clear);
    let (ours, claimed) = (scene.client.head().name(), scene.world.head_answer().head);
    assert_eq!(
        error.to_string(),
        format!(
            "the headers lead to block 3 ({}), the relay claimed block 8 ({})",
            ours.hash, claimed.hash
        )
    );
    let leaf = LeafName::Record(scene.alice.id, 2);
    assert_eq!(
        VerificationError::LeafMissing { leaf }.to_string(),
        format!(
            "record 2 of patient {} is missing, though a counter says that it exists",
            scene.alice.id
        )
    );
}
