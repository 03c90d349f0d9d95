//! `docs/protocol.md`, section 12, shows bytes: they are those of the vectors.

use keepwell_ledger::{
    block::Header,
    transaction::{Transaction, VisitCardText},
};
use keepwell_primitives::{encode_canonical, limits};
use serde_json::Value;

const PAGE: &str = include_str!("../../../../docs/protocol.md");

/// The lines of the page's one code block of this kind, without what is said beside them.
fn example(kind: &str) -> String {
    let start = format!("\n```{kind}\n");
    let mut blocks = PAGE.split(&start).skip(1);
    let block = blocks.next().expect("the page has the example");
    assert!(
        blocks.next().is_none(),
        "the page has two examples of one kind"
    );
    let lines = block.lines().take_while(|line| *line != "```");
    lines
        .map(|line| line.split("  ").next().unwrap_or_default())
        .collect()
}

fn vector(json: &str, name: &str) -> Value {
    let vectors: Value = serde_json::from_str(json).unwrap();
    let valid = vectors["valid"].as_array().unwrap().iter();
    valid
        .into_iter()
        .find(|vector| vector["name"] == name)
        .unwrap()
        .clone()
}

/// Asserts that the page, outside its examples, names this value of the vector.
fn assert_named(vector: &Value, field: &str) {
    let value = vector[field].as_str().unwrap();
    assert!(PAGE.contains(&format!("`{value}`")), "{field} {value}");
}

#[test]
fn transaction_on_the_page_is_that_of_the_vectors() {
    let vector = vector(
        include_str!("../vectors/transactions.json"),
        "RequestKey for one record",
    );
    let hex = example("transaction");
    assert_eq!(hex, vector["bytes"]);
    let genesis: Value =
        serde_json::from_str(include_str!("../vectors/transactions.json")).unwrap();
    let genesis = genesis["genesis"].as_str().unwrap().parse().unwrap();
    let read = Transaction::from_bytes(&hex::decode(hex).unwrap(), &genesis).unwrap();
    assert_eq!(read.txid().to_string(), vector["txid"]);
    assert_named(&vector, "txid");
    assert_named(&vector["signatures"][0], "digest");
}

#[test]
fn card_on_the_page_is_that_of_the_vectors() {
    let vector = vector(
        include_str!("../vectors/cards.json"),
        "a card good for an hour",
    );
    assert_eq!(example("card"), vector["bytes"]);
    assert_eq!(example("card-text"), vector["text"]);
    let shown: VisitCardText = example("card-text").parse().unwrap();
    assert_eq!(hex::encode(encode_canonical(&shown)), example("card"));
    assert_named(&vector, "diseaseId");
    assert_named(&vector, "digest");
}

#[test]
fn header_on_the_page_is_that_of_the_vectors() {
    let vector = vector(
        include_str!("../vectors/headers.json"),
        "the first block's header",
    );
    let hex = example("header");
    assert_eq!(hex, vector["bytes"]);
    let header = Header::from_bytes(&hex::decode(hex).unwrap()).unwrap();
    assert_eq!(header.hash().to_string(), vector["hash"]);
    assert_named(&vector, "hash");
}

#[test]
fn limits_on_the_page_are_those_of_the_code() {
    for (text, limit) in [
        ("capsule bytes(105)", limits::CAPSULE_BYTES),
        (
            "encrypted_record_key bytes(72)",
            limits::ENCRYPTED_RECORD_KEY_BYTES,
        ),
        ("sealed_summary bytes(≤1024)", limits::SUMMARY_BYTES_MAX),
        ("custodians list(≤16) hospital_id", limits::CUSTODIANS_MAX),
        ("records list(≤128) record", limits::LISTED_RECORDS_MAX),
        ("entries list(≤64) entry", limits::SCOPE_ENTRIES_MAX),
        ("members list(≤256) member", limits::COUNCIL_MAX),
        ("name bytes(≤256)", limits::NAME_BYTES_MAX),
        ("urls list(≤8) bytes(≤256)", limits::ADDRESSES_MAX),
        ("at most 16,384 bytes", limits::TRANSACTION_BYTES_MAX),
    ] {
        assert!(PAGE.contains(text), "{text}");
        assert!(
            text.replace(',', "").contains(&limit.to_string()),
            "{text}: {limit}"
        );
    }
}
