//! Writes the golden vectors of `tests/vectors/`, from keys made of labels: every run writes the
//! same bytes, so a difference in the working copy is a change of the format.
//!
//! `cargo run -p keepwell-ledger --example make_vectors`
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "made for tests from what is known to be there, like the tests themselves"
)]

use std::{fs, path::Path};

use alloy_rlp::Encodable;
use keepwell_keys::GenesisHash;
use keepwell_ledger::{
    block::{Block, Header, HeaderChain, SealedHeader, merkle_root},
    genesis::Genesis,
    state::StateRoots,
    transaction::{
        Coverage, Envelope, GrantAccess, Outcome, Payload, RefusalReason, RequestKey,
        RequestReference, SubmitRecord, Transaction, VerifiedTransaction, VisitCard, VisitCardText,
    },
};
use keepwell_primitives::{Hash, Maybe, encode_canonical, limits};
use serde_json::{Value, json};

#[path = "../tests/ledger/world.rs"]
mod world;

use world::{A, B, C, GENERAL, World, genesis_file, key, list, next_header, served};

fn main() {
    write("transactions.json", &transactions());
    write("headers.json", &headers());
    write("blocks.json", &blocks());
    write("cards.json", &cards());
    write("genesis.json", &geneses());
}

fn write(name: &str, vectors: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let text = serde_json::to_string_pretty(vectors).unwrap() + "\n";
    fs::write(folder.join(name), text).unwrap();
}

// Transactions.

fn transactions() -> Value {
    let mut world = World::with_hospitals(4);
    let mut valid = Vec::new();
    let mut add =
        |name: &str, transaction: &Transaction| valid.push(transaction_vector(name, transaction));

    let opening = world.signed(world.submission(A, GENERAL));
    add(
        "SubmitRecord that opens a scope with a visit card",
        &opening,
    );
    world.apply(&opening).unwrap();
    let record = keepwell_ledger::transaction::RecordReference {
        index: 0,
        txid: opening.txid(),
    };
    let corrected = SubmitRecord {
        supersedes: Maybe(Some(record)),
        ..world.submission(A, GENERAL)
    };
    add(
        "SubmitRecord that supersedes another, in an open scope",
        &world.signed(corrected),
    );
    let whole = world.signed(world.grant(B));
    add("GrantAccess to a whole scope", &whole);
    let listed = GrantAccess {
        coverage: Coverage::Records(list(vec![record])),
        ..world.grant(B)
    };
    add("GrantAccess to one listed record", &world.signed(listed));
    add("RevokeAccess", &world.signed(world.revocation(B)));
    add(
        "RevokeAccess that names the issuer and closes the scope",
        &world.signed(world.closing()),
    );
    world.apply(&whole).unwrap();
    let request = world.signed(world.request(B, &[record]));
    add("RequestKey for one record", &request);
    let reference = RequestReference {
        service_requester_id: world.hospital(B),
        index: 0,
        txid: request.txid(),
    };
    let answer = |outcome| world.signed_answer(world.answer(C, reference, outcome));
    add("AnswerRequest: served", &answer(served()));
    let reason = RefusalReason::NoFragment;
    add(
        "AnswerRequest: refused",
        &answer(Outcome::Refused { reason }),
    );

    json!({
        "about": "Signed transactions in canonical bytes. `read` takes the bytes and the genesis hash; `verified` checks the signatures inside.",
        "genesis": world.genesis_hash(),
        "valid": valid,
        "invalid": wrong_transactions(&world, &opening, &request),
    })
}

fn transaction_vector(name: &str, transaction: &Transaction) -> Value {
    let checks: Vec<_> = transaction
        .signature_checks()
        .map(|check| {
            json!({
                "publicKey": check.public_key,
                "digest": check.digest,
                "signature": check.signature.to_string(),
            })
        })
        .collect();
    json!({
        "name": name,
        "type": transaction.kind() as u8,
        "bytes": hex::encode(transaction.to_bytes()),
        "txid": transaction.txid(),
        "signatures": checks,
    })
}

fn wrong_transactions(world: &World, opening: &Transaction, request: &Transaction) -> Vec<Value> {
    let good = opening.to_bytes();
    let mut wrong = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| {
        let genesis = world.genesis_hash();
        let error = match Transaction::from_bytes(&bytes, &genesis) {
            Err(error) => format!("{error:?}"),
            Ok(read) => format!("{:?}", VerifiedTransaction::verify(read).unwrap_err()),
        };
        wrong.push(json!({ "name": name, "bytes": hex::encode(bytes), "error": error }));
    };
    add("truncated by one byte", good[..good.len() - 1].to_vec());
    add("a trailing byte", [good.as_slice(), &[0x80]].concat());
    add("oversized", vec![0xc0; limits::TRANSACTION_BYTES_MAX + 1]);
    // f9 .. .. (the whole), type 0 as 80, version 1 as 01.
    assert_eq!(good[3..5], [0x80, 0x01]);
    add(
        "the version as an integer with a leading zero",
        relength(&good, |body| {
            body.splice(1..2, [0x82, 0x00, 0x01]);
        }),
    );
    add(
        "the version in the long form of one byte",
        relength(&good, |body| {
            body.splice(1..2, [0x81, 0x01]);
        }),
    );
    add(
        "the type as a zero byte instead of the empty string",
        relength(&good, |body| {
            body[0] = 0x00;
        }),
    );
    add("an unknown type", relength(&good, |body| body[0] = 0x05));
    add(
        "a field after the signature",
        relength(&good, |body| body.push(0x80)),
    );

    let Transaction::Sent(envelope) = opening.clone() else {
        unreachable!("sent")
    };
    let again = |envelope| Transaction::Sent(envelope).to_bytes();
    add(
        "another version",
        again(Envelope {
            version: 2,
            ..envelope.clone()
        }),
    );
    let genesis_hash = GenesisHash(Hash::untagged(b"another network"));
    add(
        "another network",
        again(Envelope {
            genesis_hash,
            ..envelope.clone()
        }),
    );
    let signature = keepwell_keys::sign(&key("stranger"), &Hash::ZERO);
    add(
        "a signature of another key",
        again(Envelope {
            signature,
            ..envelope.clone()
        }),
    );
    let Payload::SubmitRecord(submit) = envelope.payload.clone() else {
        unreachable!("a record")
    };
    let mut with_forged_card = submit.clone();
    let card = with_forged_card.scope_opening.0.as_mut().unwrap();
    card.signature = signature;
    add(
        "a visit card signed by another key",
        world.signed(with_forged_card).to_bytes(),
    );
    add("a signature with a high s", high_s(&good));

    let mut grant = |name: &str, alter: &dyn Fn(&mut GrantAccess)| {
        let mut grant = world.grant(C);
        alter(&mut grant);
        add(name, world.signed(grant).to_bytes());
    };
    grant("a custodian named twice", &|grant| {
        let [first, _, third] = *grant.custodians else {
            unreachable!("three")
        };
        grant.custodians = list(vec![first, first, third]);
    });
    grant("a coverage that lists nothing", &|grant| {
        grant.coverage = Coverage::Records(list(vec![]))
    });
    grant("the requester as custodian", &|grant| {
        let mut custodians = vec![world.hospital(A), world.hospital(B), world.hospital(C)];
        custodians.sort();
        grant.custodians = list(custodians);
    });
    grant("a grant to the issuer", &|grant| {
        grant.service_requester_id = world.hospital(A)
    });

    let Transaction::Sent(asked) = request.clone() else {
        unreachable!("sent")
    };
    let Payload::RequestKey(asked) = asked.payload else {
        unreachable!("a request")
    };
    let record = asked.records[0];
    let twice = RequestKey {
        records: list(vec![record, record]),
        ..asked.clone()
    };
    add("a record requested twice", world.signed(twice).to_bytes());
    let many =
        (0..128).map(|index| keepwell_ledger::transaction::RecordReference { index, ..record });
    let many = RequestKey {
        records: list(many.collect()),
        ..asked.clone()
    };
    add(
        "129 records where 128 are allowed",
        with_one_more_record(&world.signed(many)),
    );
    add(
        "a request for nothing",
        world
            .signed(RequestKey {
                records: list(vec![]),
                ..asked
            })
            .to_bytes(),
    );
    wrong
}

/// Alters what is inside the outermost list and writes the list's length anew.
fn relength(bytes: &[u8], alter: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut body = alloy_rlp::Header::decode_bytes(&mut &bytes[..], true)
        .unwrap()
        .to_vec();
    alter(&mut body);
    list_of(&body)
}

fn list_of(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let (list, payload_length) = (true, payload.len());
    alloy_rlp::Header {
        list,
        payload_length,
    }
    .encode(&mut out);
    [out.as_slice(), payload].concat()
}

/// A request of 128 records with the last of them repeated under the next index.
fn with_one_more_record(request: &Transaction) -> Vec<u8> {
    relength(&request.to_bytes(), |body| {
        let mut fields = fields_of(body);
        let mut payload = fields_of(inside(&fields[6]));
        let mut records = fields_of(inside(&payload[4]));
        let mut one_more = fields_of(inside(records.last().unwrap()));
        one_more[0] = vec![0x81, 0x80];
        records.push(list_of(&one_more.concat()));
        payload[4] = list_of(&records.concat());
        fields[6] = list_of(&payload.concat());
        *body = fields.concat();
    })
}

fn inside(mut list: &[u8]) -> &[u8] {
    alloy_rlp::Header::decode_bytes(&mut list, true).unwrap()
}

/// The encoded items of a list's payload.
fn fields_of(mut payload: &[u8]) -> Vec<Vec<u8>> {
    let mut fields = Vec::new();
    while !payload.is_empty() {
        let before = payload;
        let header = alloy_rlp::Header::decode(&mut payload).unwrap();
        let head = before.len() - payload.len();
        // A single byte is its own header, and was not consumed.
        let length = head + header.payload_length;
        fields.push(before[..length].to_vec());
        payload = &before[length..];
    }
    fields
}

/// The same signature with n - s for s, which verifies in libraries that do not look.
fn high_s(bytes: &[u8]) -> Vec<u8> {
    use crypto_bigint::{Encoding, U256};
    let order =
        U256::from_be_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    let (rest, s) = bytes.split_at(bytes.len() - 32);
    let high = order.wrapping_sub(&U256::from_be_slice(s)).to_be_bytes();
    [rest, &high].concat()
}

// Headers.

fn first_header(world: &World) -> Header {
    Header {
        miner: world.hospital(A),
        merkle_root_hash: merkle_root(&[b"a transaction"]),
        extra_nonce: 1,
        ..next_header(&HeaderChain::genesis(&world.genesis))
    }
}

fn headers() -> Value {
    let world = World::with_hospitals(4);
    let sealed = world.seal(A, first_header(&world));
    let header = sealed.header;
    let push = |sealed: &SealedHeader| {
        let mut chain = HeaderChain::genesis(&world.genesis);
        let result = chain.push(sealed, header.timestamp);
        (result, chain)
    };
    let (result, chain) = push(&sealed);
    result.unwrap();
    let mut invalid = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>, seal: &SealedHeader| {
        let error = match Header::from_bytes(&bytes) {
            Err(error) => error,
            Ok(header) => push(&SealedHeader {
                header,
                seal: seal.seal,
            })
            .0
            .unwrap_err(),
        };
        let (bytes, error) = (hex::encode(bytes), format!("{error:?}"));
        invalid.push(
            json!({ "name": name, "bytes": bytes, "seal": seal.seal.to_string(), "error": error }),
        );
    };
    let bytes = header.to_bytes().to_vec();
    add("truncated by one byte", bytes[..287].to_vec(), &sealed);
    add(
        "a trailing byte",
        [bytes.as_slice(), &[0]].concat(),
        &sealed,
    );
    let mut other_version = bytes.clone();
    other_version[3] = 2;
    add("another version", other_version, &sealed);
    let mut mined = |name: &str, alter: &dyn Fn(&mut Header)| {
        let mut header = header;
        alter(&mut header);
        let sealed = world.seal(A, header);
        add(name, sealed.header.to_bytes().to_vec(), &sealed);
    };
    mined("another index", &|header| {
        header.index = header.index.next()
    });
    mined("another parent", &|header| {
        header.previous_hash.0 = Hash::ZERO
    });
    mined("another past", &|header| header.history_root = Hash::ZERO);
    mined("another council", &|header| {
        header.council_hash = Hash::ZERO
    });
    mined("the time of its parent", &|header| {
        header.timestamp = world::CREATED
    });
    mined("an easier target", &|header| {
        header.target = world::target_bits(4)
    });
    mined("a miner who is no member", &|header| {
        header.miner = keepwell_keys::HospitalId::from_bytes([7; 32])
    });
    let lazy = (header.nonce + 1..).map(|nonce| Header { nonce, ..header });
    let lazy = lazy
        .into_iter()
        .find(|header| !header.hash().meets(&header.target))
        .unwrap();
    add("too little work", lazy.to_bytes().to_vec(), &sealed);
    let by_b = SealedHeader::seal(header, &world.genesis_hash(), &world.keys[B].node);
    add(
        "sealed by another member than its miner",
        bytes.clone(),
        &by_b,
    );
    json!({
        "about": "Headers of 288 bytes with their seals, the first on the network of `toml`, read at their own time.",
        "toml": world.genesis.file().to_toml().unwrap(),
        "now": header.timestamp,
        "valid": [{
            "name": "the first block's header",
            "bytes": hex::encode(header.to_bytes()),
            "hash": header.hash(),
            "seal": sealed.seal.to_string(),
            "json": header,
            "historyRootAfter": chain.history().root(),
            "work": chain.work(),
            "nextTarget": chain.next_target(),
        }],
        "invalid": invalid,
    })
}

// Blocks.

fn blocks() -> Value {
    let mut world = World::with_hospitals(4);
    let chain = HeaderChain::genesis(&world.genesis);
    let empty = world.mine(&chain, &[], StateRoots::from(world.genesis.header()));
    let submit = world.signed(world.submission(A, GENERAL));
    world.apply(&submit).unwrap();
    let grant = world.signed(world.grant(B));
    world.apply(&grant).unwrap();
    let roots = world.state.roots();
    let two = world.mine(&chain, &[submit.clone(), grant], roots);
    let valid = [
        ("without transactions", &empty),
        ("a record and a grant", &two),
    ];
    let valid = valid.map(|(name, block)| {
        json!({
            "name": name,
            "bytes": hex::encode(block.to_bytes()),
            "hash": block.header().hash(),
            "txids": block.transactions().iter().map(VerifiedTransaction::txid).collect::<Vec<_>>(),
            "merkleRootHash": block.header().merkle_root_hash,
            "patientStateTrieHash": block.header().patient_state_trie_hash,
            "hospitalStateTrieHash": block.header().hospital_state_trie_hash,
        })
    });
    json!({
        "about": "Blocks in canonical bytes, on the network of `toml`. Valid ones are executed on its genesis state.",
        "toml": world.genesis.file().to_toml().unwrap(),
        "valid": valid,
        "invalid": wrong_blocks(&world, &two, &submit),
    })
}

fn wrong_blocks(world: &World, block: &Block, submit: &Transaction) -> Vec<Value> {
    let mut wrong = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| {
        let error = Block::from_bytes(&bytes, &world.genesis_hash(), world::all_good).unwrap_err();
        let (bytes, error) = (hex::encode(bytes), format!("{error:?}"));
        wrong.push(json!({ "name": name, "bytes": bytes, "error": error }));
    };
    let good = block.to_bytes();
    add("truncated by one byte", good[..good.len() - 1].to_vec());
    add("a trailing byte", [good.as_slice(), &[0x80]].concat());
    add(
        "a field after the transactions",
        relength(&good, |body| body.push(0x80)),
    );
    let with = |alter: &dyn Fn(&mut Vec<Vec<u8>>)| {
        relength(&good, |body| {
            let mut fields = fields_of(body);
            let mut transactions = fields_of(inside(&fields[1]));
            alter(&mut transactions);
            fields[1] = list_of(&transactions.concat());
            *body = fields.concat();
        })
    };
    add(
        "a transaction missing",
        with(&|transactions| drop(transactions.pop())),
    );
    add(
        "transactions in another order",
        with(&|transactions| transactions.reverse()),
    );
    add(
        "a transaction repeated under the old root",
        with(&|transactions| {
            let last = transactions.last().unwrap().clone();
            transactions.push(last);
        }),
    );
    let for_these = |transactions: &[Vec<u8>], version| {
        let slices: Vec<_> = transactions.iter().map(Vec::as_slice).collect();
        let merkle_root_hash = merkle_root(&slices);
        let header = Header {
            merkle_root_hash,
            version,
            ..*block.header()
        };
        let mut sealed = Vec::new();
        world.seal(A, header).encode(&mut sealed);
        list_of(&[sealed, list_of(&transactions.concat())].concat())
    };
    let one = submit.to_bytes();
    add("another version", for_these(std::slice::from_ref(&one), 2));
    add(
        "a transaction twice under its own root",
        for_these(&[one.clone(), one.clone()], 1),
    );
    let elsewhere = World::with_hospitals(5);
    let foreign = elsewhere
        .signed(elsewhere.submission(A, GENERAL))
        .to_bytes();
    add(
        "a transaction of another network",
        for_these(&[one, foreign], 1),
    );
    let Transaction::Sent(mut envelope) = submit.clone() else {
        unreachable!("sent")
    };
    envelope.signature = keepwell_keys::sign(&key("stranger"), &Hash::ZERO);
    let forged = Transaction::Sent(envelope).to_bytes();
    add(
        "a transaction with a bad signature",
        for_these(&[forged], 1),
    );
    wrong
}

// Visit cards.

fn cards() -> Value {
    let world = World::with_hospitals(4);
    let (genesis_hash, now) = (world.genesis_hash(), world.context.time);
    let shown = VisitCardText {
        genesis_hash,
        card: world.card(A, GENERAL),
    };
    let check = |text: &str| {
        let read: VisitCardText = text.parse()?;
        read.check(&genesis_hash, &world.hospital(A), None, now)
    };
    let mut invalid = Vec::new();
    let mut add = |name: &str, text: &str| {
        let error = format!("{:?}", check(text).unwrap_err());
        invalid.push(json!({ "name": name, "text": text, "error": error }));
    };
    let text = shown.to_string();
    check(&text).unwrap();
    let bytes = encode_canonical(&shown);
    let as_text = |bytes: &[u8]| {
        bech32::encode::<bech32::Bech32m>(bech32::Hrp::parse("kwv").unwrap(), bytes).unwrap()
    };
    add("something else", &world.patient_id().to_string());
    add("truncated by one character", &text[..text.len() - 1]);
    let swapped = if text.ends_with('q') { "p" } else { "q" };
    add(
        "a mistyped character",
        &format!("{}{swapped}", &text[..text.len() - 1]),
    );
    add(
        "truncated by one byte under a good checksum",
        &as_text(&bytes[..bytes.len() - 1]),
    );
    add(
        "a trailing byte under a good checksum",
        &as_text(&[bytes.as_slice(), &[0x80]].concat()),
    );
    add("oversized under a good checksum", &as_text(&[0xc0; 257]));
    add("a signature with a high s", &as_text(&high_s(&bytes)));
    let mut of = |name: &str, genesis_hash, card: VisitCard| {
        add(name, &VisitCardText { genesis_hash, card }.to_string());
    };
    of(
        "for another network",
        World::with_hospitals(5).genesis_hash(),
        shown.card.clone(),
    );
    of("for another hospital", genesis_hash, world.card(B, GENERAL));
    let mut later = shown.card.clone();
    later.not_after.0 += 1;
    of("altered after it was signed", genesis_hash, later);
    let honest = &shown.card;
    let sign = |key: &keepwell_keys::SecretKey, not_after| {
        let (hospital_id, scope) = (honest.hospital_id, honest.scope_public_key);
        VisitCard::sign(
            honest.patient_id,
            key,
            hospital_id,
            scope,
            not_after,
            &genesis_hash,
        )
    };
    of(
        "signed by another key than the patient's",
        genesis_hash,
        sign(&key("thief"), honest.not_after),
    );
    of("lapsed", genesis_hash, sign(&world.patient, now));
    json!({
        "about": "Visit cards, shown to hospital `hospitalId` of the network `genesis` at `now` by a patient without an account.",
        "genesis": genesis_hash,
        "hospitalId": world.hospital(A),
        "now": now,
        "valid": [{
            "name": "a card good for an hour",
            "text": text,
            "bytes": hex::encode(&bytes),
            "diseaseId": honest.disease_id(),
            "digest": honest.signature_check(&genesis_hash).digest,
            "card": honest,
        }],
        "invalid": invalid,
    })
}

// Genesis.

fn geneses() -> Value {
    let genesis = Genesis::new(genesis_file(4)).unwrap();
    let toml = genesis.file().to_toml().unwrap();
    let mut invalid = Vec::new();
    let mut add = |name: &str, toml: String| {
        let error = format!("{:?}", Genesis::from_toml(&toml).unwrap_err());
        // Of a syntax error the exact words are the parser's; the kind is ours.
        let kind = error
            .split(['{', '('])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        let error = if kind == "Toml" { kind } else { error };
        invalid.push(json!({ "name": name, "toml": toml, "error": error }));
    };
    add("truncated", toml[..toml.len() - 4].to_owned());
    add("an unknown field", format!("{toml}votes = 3\n"));
    add(
        "an interval of nothing",
        toml.replace("interval = 2000", "interval = 0"),
    );
    let (easiest, first) = (
        world::target_bits(4).to_string(),
        world::target_bits(8).to_string(),
    );
    let swapped = toml
        .replace(&easiest, "easiest")
        .replace(&first, &easiest)
        .replace("easiest\"", &format!("{first}\""));
    add("first blocks easier than the easiest", swapped);
    add(
        "a hospital without a name",
        toml.replace("\"Hospital 1\"", "\"\""),
    );
    let twice = |number| {
        let mut file = genesis_file(4);
        file.hospitals[3] = world::genesis_hospital(number);
        file.to_toml().unwrap()
    };
    add("a hospital named twice", twice(0));
    let mut shared = genesis_file(4);
    shared.hospitals[3].keys.node = shared.hospitals[0].keys.node;
    add("a node key of two hospitals", shared.to_toml().unwrap());
    let roots = StateRoots::from(genesis.header());
    json!({
        "about": "Genesis files and the network's name that follows from them.",
        "valid": [{
            "name": "four hospitals",
            "toml": toml,
            "hash": genesis.hash(),
            "header": hex::encode(genesis.header().to_bytes()),
            "councilHash": genesis.council().hash(),
            "patientStateTrieHash": roots.patients,
            "hospitalStateTrieHash": roots.hospitals,
        }],
        "invalid": invalid,
    })
}
