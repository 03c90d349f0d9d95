//! A patient's devices: what they see on its way, what a second one finds again, what they send
//! at the same time, and what they send again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use std::{fs, path::Path, thread};

use anyhow::{Context as _, bail, ensure};
use keepwell_ledger::transaction::{Ordering, Payload, SubmitRecord, Transaction};
use keepwell_primitives::{BlockIndex, Maybe};
use keepwell_tests::{Issued, Keepwell, Relay, Story, text, wait_for};
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

#[test]
fn two_devices_that_grant_at_the_same_time_both_do() -> anyhow::Result<()> {
    let story = Story::new()?;
    let letter = story.issue("pdf/discharge-letter.pdf", "Discharge letter")?;
    let (second, _) = story.second_device("second-device")?;
    let (birch, cedar) = (story.hospital(1)?, story.hospital(2)?);
    for days in ["7d", "8d", "9d"] {
        let grant = |device: &Keepwell, to: &str| {
            let verb = [&["patient", "grant"], &letter.scope()[..]].concat();
            let txid = device.json(&[&verb[..], &["--to", to, "--until", days]].concat());
            txid.map(|granted| text(&granted, "txid"))
        };
        let (one, other) = thread::scope(|scope| {
            let other = scope.spawn(|| grant(&second, &cedar));
            (grant(&story.patient, &birch), other.join().unwrap())
        });
        assert_ne!(one?, other?);
    }
    let granted = story
        .log()?
        .iter()
        .filter(|kind| *kind == "granted")
        .count();
    assert_eq!(granted, 6);
    Ok(())
}

#[test]
fn home_is_used_by_one_process_at_a_time() -> anyhow::Result<()> {
    let story = Story::among(2)?;
    let card = ["patient", "card", "--hospital", &story.hospital(0)?];
    story.patient.json(&card)?;
    // It waits for a record that never comes.
    let start = || {
        story
            .patient
            .start(&["patient", "records", "--at-least", "1"])
    };
    let mut first = start()?;
    let refused = wait_for("the second process to be refused", || {
        // Either may have been the quicker one.
        if matches!(first.try_wait(), Ok(Some(_))) {
            first = start().ok()?;
        }
        story.patient.refused(&["patient", "log"]).ok()
    });
    first.kill()?;
    first.wait()?;
    let refused = refused?;
    assert_eq!((refused.exit, refused.code.as_str()), (1, "homeInUse"));
    // A process that was killed holds nothing.
    story.patient.json(&["patient", "log"])?;
    Ok(())
}

#[test]
fn relay_restored_from_a_backup_is_sent_what_it_has_lost() -> anyhow::Result<()> {
    let mut story = Story::among(2)?;
    let letter = story.issue("pdf/discharge-letter.pdf", "Discharge letter")?;
    let outbox = story.patient.home().join("outbox");
    assert!(!outbox.exists(), "nothing was sent yet");

    // Nobody else has heard of what is sent between the backup and the loss.
    story.network.relays[1].kill()?;
    let backup = story.network.dir().join("backup");
    story.network.relays[0].kill()?;
    copy(&story.network.relays[0].data, &backup)?;
    story.network.relays[0].start()?;
    let first = text(&grant(&story, &letter, "none")?, "txid");
    assert!(fs::read(&outbox)?.len() > 1);
    is_private(&outbox)?;
    story.network.relays[0].kill()?;
    fs::remove_dir_all(&story.network.relays[0].data)?;
    copy(&backup, &story.network.relays[0].data)?;
    story.network.relays[0].start()?;
    assert!(!knows(&story.network.relays[0], &first)?);

    let second = text(&grant(&story, &letter, "mined")?, "txid");
    assert_ne!(first, second);
    assert!(knows(&story.network.relays[0], &first)?);
    assert_eq!(story.log()?, ["submitted", "granted", "granted"]);
    // Both are settled: an empty list is left.
    assert_eq!(fs::read(&outbox)?, [0xc0]);
    Ok(())
}

/// Grants to the second hospital, the issuer being the one custodian.
fn grant(story: &Story, letter: &Issued, wait: &str) -> anyhow::Result<Value> {
    let (issuer, requester) = (story.hospital(0)?, story.hospital(1)?);
    let mut arguments = vec!["patient", "grant", "--wait", wait, "--until", "7d"];
    arguments.extend(letter.scope());
    arguments.extend(["--to", &requester, "--custodian", &issuer]);
    story.patient.json(&arguments)
}

fn knows(relay: &Relay, txid: &str) -> anyhow::Result<bool> {
    match relay.api.transaction(&txid.parse()?) {
        Ok(_) => Ok(true),
        Err(error) => match error.downcast::<keepwell_tests::Refused>() {
            Ok(refused) if refused.0.status == 404 => Ok(false),
            Ok(refused) => Err(refused.into()),
            Err(error) => Err(error),
        },
    }
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn is_private(path: &Path) -> anyhow::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path)?.permissions());
    ensure!(mode & 0o077 == 0, "{} has mode {mode:o}", path.display());
    Ok(())
}
