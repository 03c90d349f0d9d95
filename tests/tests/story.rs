//! The main job by the command, on four real relays: a record is issued, granted, opened with a
//! custodian down, and revoked.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use std::fs;

use anyhow::{Context as _, bail};
use keepwell_ledger::transaction::{
    Ordering, Payload, PurposeCode, RecordReference, RequestKey, Transaction,
};
use keepwell_primitives::{BlockIndex, BoundedList};
use keepwell_tests::{Issued, Keepwell, Refused, SNOMED_RECORD, Story, sample, text, wait_for};
use serde_json::Value;

#[test]
fn record_is_issued_granted_opened_and_revoked() -> anyhow::Result<()> {
    let mut story = Story::new()?;
    let bundle = story.issue("fhir/johnnie.json", "Health record")?;
    let picture = story.issue("dicom/CT_small.dcm", "CT slice")?;
    assert_eq!(bundle.disease_id, picture.disease_id);

    // The patient sees both, verified, and opens one.
    let records = story
        .patient
        .json(&["patient", "records", "--at-least", "2"])?;
    let titles: Vec<_> = records
        .as_array()
        .context("a list")?
        .iter()
        .map(|record| text(record, "title"))
        .collect();
    assert_eq!(titles, ["Health record", "CT slice"]);
    let content = fs::read(sample("fhir/johnnie.json"))?;
    assert_eq!(
        story.opened(&story.patient, &["patient", "open"], &bundle)?,
        content
    );

    // Granted to the second hospital; one custodian is down when it asks.
    let (patient, disease) = (bundle.patient_id.as_str(), bundle.disease_id.as_str());
    let requester = story.hospital(1)?;
    let scope = ["--patient", patient, "--disease", disease];
    let mut grant = vec!["patient", "grant"];
    grant.extend(scope);
    grant.extend(["--to", &requester, "--until", "7d"]);
    let granted = story.patient.json(&grant)?;
    assert_eq!(
        granted.get("custodiansReady").and_then(Value::as_u64),
        Some(3)
    );
    story.network.relays[3].kill()?;

    let staff = story.staff(1)?;
    let seen = staff.json(&["hospital", "granted"])?;
    let seen = seen
        .as_array()
        .and_then(|scopes| scopes.first())
        .context("nothing granted")?;
    assert_eq!(text(seen, "diseaseId"), bundle.disease_id);
    let mut request = vec!["hospital", "request"];
    request.extend(scope);
    request.extend(["--record", &bundle.txid]);
    staff.json(&request)?;
    let open = ["hospital", "open", "--disease", disease];
    assert_eq!(story.opened(&staff, &open, &bundle)?, content);

    // Everything stands in the patient's log.
    let kinds = || -> anyhow::Result<Vec<String>> {
        let log = story.patient.json(&["patient", "log"])?;
        Ok(log
            .as_array()
            .context("a list")?
            .iter()
            .map(|entry| text(entry, "event"))
            .collect())
    };
    wait_for("two receipts in the log", || {
        let served = kinds()
            .ok()?
            .iter()
            .filter(|kind| *kind == "served")
            .count();
        (served >= 2).then_some(())
    })?;
    let log = kinds()?;
    assert_eq!(log[..4], ["submitted", "submitted", "granted", "requested"]);

    // Revoked after one of two records was opened: the second stays closed.
    let mut revoke = vec!["patient", "revoke"];
    revoke.extend(scope);
    revoke.extend(["--from", &requester]);
    let revoked = story.patient.json(&revoke)?;
    assert!(revoked.get("openedBefore").is_some());
    let mut request = vec!["hospital", "request"];
    request.extend(scope);
    request.extend(["--record", &picture.txid]);
    let refused = staff.refused(&request)?;
    assert_eq!(
        (refused.exit, refused.code.as_str()),
        (3, "noLiveGrant"),
        "{}",
        refused.message
    );
    let out = story.network.dir().join("must-not-be-there");
    let out_text = out.display().to_string();
    let mut open = vec!["hospital", "open"];
    open.extend(scope);
    open.extend(["--record", &picture.txid, "--out", &out_text]);
    let refused = staff.refused(&open)?;
    assert_eq!(refused.exit, 3, "{}", refused.message);
    assert!(!out.exists());
    refused_without_its_own_client(&story, &picture)
}

/// What the hospital's client would not even try: the ledger refuses the request, and the
/// relay the download.
fn refused_without_its_own_client(story: &Story, record: &Issued) -> anyhow::Result<()> {
    let genesis_hash = story.network.genesis.hash();
    let (requester, issuer) = (&story.network.relays[1], &story.network.relays[0]);
    let identity = requester.identity()?;
    let hospitals = story.network.genesis.hospitals();
    let txid = record.txid.parse()?;
    let submitted = issuer.api.transaction(&txid)?;
    let Transaction::Sent(envelope) = Transaction::from_bytes(&submitted.bytes, &genesis_hash)?
    else {
        bail!("a record is sent by its hospital")
    };
    let Payload::SubmitRecord(submit) = envelope.payload else {
        bail!("it is a record")
    };

    let request = RequestKey {
        patient_id: submit.patient_id,
        service_requester_id: hospitals[1].0,
        service_provider_id: hospitals[0].0,
        disease_id: submit.disease_id,
        records: BoundedList::new(vec![RecordReference { index: 1, txid }])?,
        purpose: PurposeCode::treatment(),
    };
    let order = Ordering {
        nonce: 1,
        valid_until_index: BlockIndex(1_000_000),
    };
    let payload = Payload::RequestKey(request);
    let request = Transaction::sign(payload, order, genesis_hash, &identity.authority);
    let refused = requester
        .api
        .submit(&request)
        .unwrap_err()
        .downcast::<Refused>()?;
    assert_eq!(refused.0.code.0, "noLiveGrant");

    let token = issuer
        .api
        .sign_in(hospitals[1].0, &identity.authority, &genesis_hash)?;
    let path = format!("/v1/files/{}", submit.blob_id);
    for path in [path.clone(), format!("{path}/leaves")] {
        let refused = issuer.api.get::<Value>(&path, Some(&token)).unwrap_err();
        let problem = refused.downcast::<Refused>()?.0;
        assert_eq!(
            (problem.status, problem.code.0.as_str()),
            (403, "noLiveGrant"),
            "{path}"
        );
    }
    Ok(())
}
#[test]
fn phrase_restores_the_whole_history_on_a_second_device() -> anyhow::Result<()> {
    let story = Story::new()?;
    story.issue("pdf/discharge-letter.pdf", "Discharge letter")?;
    let phrase = story.network.dir().join("phrase");
    // As it comes out of an e-mail: line breaks and stray spaces.
    fs::write(
        &phrase,
        format!("  {}\n\n", story.phrase.replace(' ', "\n ")),
    )?;
    let second = Keepwell::at(story.network.dir().join("second-device"));
    let origin = story.network.relays[0].api.origin();
    let genesis = story.network.genesis.hash().to_string();
    let file = phrase.display().to_string();
    second.json(&[
        "--relay",
        origin,
        "patient",
        "restore",
        "--genesis",
        &genesis,
        "--phrase-file",
        &file,
    ])?;
    let there = second.json(&["patient", "records", "--at-least", "1"])?;
    assert_eq!(
        there,
        story
            .patient
            .json(&["patient", "records", "--at-least", "1"])?
    );
    Ok(())
}

#[test]
fn wrong_passphrase_and_wrong_words_are_local_errors() -> anyhow::Result<()> {
    let story = Story::new()?;
    let refused = story
        .patient
        .with_passphrase("wrong")
        .refused(&["patient", "records"])?;
    assert_eq!(refused.exit, 1, "{}", refused.message);

    let phrase = story.network.dir().join("phrase");
    let mut words: Vec<&str> = story.phrase.split_whitespace().collect();
    words[4] = "keepwel";
    fs::write(&phrase, words.join(" "))?;
    let second = Keepwell::at(story.network.dir().join("second-device"));
    let origin = story.network.relays[0].api.origin();
    let genesis = story.network.genesis.hash().to_string();
    let file = phrase.display().to_string();
    let refused = second.refused(&[
        "--relay",
        origin,
        "patient",
        "restore",
        "--genesis",
        &genesis,
        "--phrase-file",
        &file,
    ])?;
    assert_eq!(refused.exit, 1, "{}", refused.message);
    assert!(
        refused.message.contains('5'),
        "the word is named: {}",
        refused.message
    );
    assert!(!second.home().exists() || fs::read_dir(second.home())?.next().is_none());
    Ok(())
}

#[test]
fn record_opens_while_the_relay_that_took_it_is_down() -> anyhow::Result<()> {
    let mut story = Story::new()?;
    let issued = story.issue("fhir/miguel-angel.json", "Patient summary")?;
    let (genesis_hash, issuer) = (
        story.network.genesis.hash(),
        story.network.genesis.hospitals()[0].0,
    );
    let authority = story.network.relays[0].identity()?.authority.clone();
    wait_for("a second relay to keep the file", || {
        let others = story.network.relays.iter().skip(1);
        let kept = others.filter(|relay| {
            let token = relay.api.sign_in(issuer, &authority, &genesis_hash);
            token
                .and_then(|token| relay.api.keeps_file(&issued.blob_id, &token))
                .unwrap_or(false)
        });
        (kept.count() == 1).then_some(())
    })?;
    story.network.relays[0].kill()?;

    // Whichever of the others is asked: one keeps the file, the rest read it from there.
    let content = fs::read(sample("fhir/miguel-angel.json"))?;
    for position in 1..4 {
        let origin = story.network.relays[position].api.origin().to_owned();
        let opened = story.opened(
            &story.patient,
            &["--relay", &origin, "patient", "open"],
            &issued,
        )?;
        assert_eq!(opened, content);
    }
    Ok(())
}

#[test]
fn empty_file_is_a_record_and_a_misnamed_one_is_not() -> anyhow::Result<()> {
    let story = Story::new()?;
    let dir = story.network.dir();
    let shown = story
        .patient
        .json(&["patient", "card", "--hospital", &story.hospital(0)?])?;
    let card = text(&shown, "card");
    let submit = |card: &str, file: &str| {
        let file = dir.join(file).display().to_string();
        let verb = [
            "hospital",
            "submit",
            "--card",
            card,
            "--code",
            SNOMED_RECORD,
        ];
        [&verb[..], &["--title", "A file", &file]]
            .concat()
            .iter()
            .map(|t| t.to_string())
            .collect()
    };
    let refused = |arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        story.staff(0)?.refused(&arguments)
    };

    fs::write(dir.join("picture.pdf"), b"\x89PNG\r\n\x1a\n and more")?;
    let ended = refused(submit(&card, "picture.pdf"))?;
    assert_eq!(ended.exit, 1, "{}", ended.message);

    // A typing mistake in the card, and the card of another hospital: nothing is submitted.
    fs::write(dir.join("empty.pdf"), b"")?;
    let mut mistyped = card.clone();
    let last = if mistyped.pop() == Some('q') {
        'p'
    } else {
        'q'
    };
    mistyped.push(last);
    let ended = refused(submit(&mistyped, "empty.pdf"))?;
    assert_eq!(ended.code, "cardDamaged", "{}", ended.message);
    let other = story
        .patient
        .json(&["patient", "card", "--hospital", &story.hospital(2)?])?;
    let ended = refused(submit(&text(&other, "card"), "empty.pdf"))?;
    assert_eq!(ended.code, "cardOfOtherHospital", "{}", ended.message);
    assert_eq!(story.network.relays[0].api.head()?.head.index.0, 0);

    let arguments: Vec<String> = submit(&card, "empty.pdf");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let made = story.staff(0)?.json(&arguments)?;
    let issued = Issued {
        blob_id: text(&made, "blobId"),
        patient_id: text(&made, "patientId"),
        disease_id: text(&made, "diseaseId"),
        txid: text(&made, "txid"),
    };
    story
        .patient
        .json(&["patient", "records", "--at-least", "1"])?;
    assert_eq!(
        story.opened(&story.patient, &["patient", "open"], &issued)?,
        b""
    );
    Ok(())
}
