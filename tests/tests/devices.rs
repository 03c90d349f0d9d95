//! What a patient's devices see: records on their way, and what a second device finds again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use anyhow::{Context as _, bail};
use keepwell_ledger::transaction::{Ordering, Payload, SubmitRecord, Transaction};
use keepwell_primitives::{BlockIndex, Maybe};
use keepwell_tests::{Issued, Story, text};
use serde_json::{Value, json};

/// What the hospital signed for a record.
fn submitted(story: &Story, record: &Issued) -> anyhow::Result<SubmitRecord> {
    let answer = story.network.relays[0]
        .api
        .transaction(&record.txid.parse()?)?;
    let transaction = Transaction::from_bytes(&answer.bytes, &story.network.genesis.hash())?;
    let Transaction::Sent(envelope) = transaction else {
        bail!("a record is sent by its hospital")
    };
    let Payload::SubmitRecord(submit) = envelope.payload else {
        bail!("it is a record")
    };
    Ok(submit)
}

#[test]
fn record_on_its_way_is_listed_as_pending_and_then_as_mined() -> anyhow::Result<()> {
    let story = Story::new()?;
    let letter = story.issue("pdf/discharge-letter.pdf", "Discharge letter")?;
    // The same record again, twice. The second is sent first, so it has to wait for the other.
    let submit = SubmitRecord {
        scope_opening: Maybe(None),
        ..submitted(&story, &letter)?
    };
    let authority = story.network.relays[0].identity()?.authority.clone();
    let again = |nonce| {
        let order = Ordering {
            nonce,
            valid_until_index: BlockIndex(1_000_000),
        };
        let payload = Payload::SubmitRecord(submit.clone());
        Transaction::sign(payload, order, story.network.genesis.hash(), &authority)
    };
    let api = &story.network.relays[0].api;
    let waiting = api.submit(&again(2))?.txid.to_string();
    let listed = || -> anyhow::Result<Vec<Value>> {
        let listed = story.patient.json(&["patient", "records"])?;
        Ok(listed.as_array().context("a list")?.clone())
    };
    let before = listed()?;
    assert_eq!(before.len(), 2);
    assert_eq!(text(&before[1], "txid"), waiting);
    assert_eq!(text(&before[1], "state"), "pending");
    assert_eq!(text(&before[1], "title"), "Discharge letter");
    assert_eq!(before[1]["record"], Value::Null);
    assert_eq!(before[1]["issuedAt"], Value::Null);

    api.submit(&again(1))?;
    let after = story
        .patient
        .json(&["patient", "records", "--at-least", "3"])?;
    let places: Vec<_> = after.as_array().context("a list")?.iter().collect();
    assert_eq!(places.len(), 3);
    assert_eq!(text(places[2], "txid"), waiting);
    assert_eq!(places[2]["record"], json!(2));
    assert_ne!(text(places[2], "state"), "pending");
    Ok(())
}

#[test]
fn scope_behind_cards_that_were_never_used_is_found_again() -> anyhow::Result<()> {
    let story = Story::new()?;
    let hospital = story.hospital(0)?;
    let mut card = String::new();
    for label in ["skin", "eyes", "heart"] {
        let verb = ["patient", "card", "--hospital", &hospital];
        let shown = story
            .patient
            .json(&[&verb[..], &["--new-scope", label]].concat())?;
        card = text(&shown, "card");
    }
    let options = ["--wait", "final", "--card", &card];
    story.submit(&options, "pdf/discharge-letter.pdf", "Discharge letter")?;

    let (second, restored) = story.second_device("second-device")?;
    let found = restored["found"].as_array().context("a list")?;
    assert_eq!(found.len(), 1, "{restored}");
    assert_eq!(text(&found[0], "hospitalId"), hospital);
    assert_eq!(found[0]["scopes"], json!(1));
    assert_eq!(found[0]["scopesUnmatched"], json!(0));
    let records = second.json(&["patient", "records", "--at-least", "1"])?;
    assert_eq!(records, story.patient.json(&["patient", "records"])?);
    assert_eq!(text(&records[0], "title"), "Discharge letter");
    Ok(())
}
