//! What a patient may say beside the plain grant, by the command: these records only, these
//! custodians; and what a hospital may say: this record corrects that one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use std::fs;

use anyhow::Context as _;
use keepwell_ledger::transaction::{
    Ordering, Payload, PurposeCode, RecordReference, RequestKey, Transaction,
};
use keepwell_primitives::{BlockIndex, BoundedList};
use keepwell_tests::{Issued, Keepwell, Refused, Story, sample, text};
use serde_json::{Value, json};

/// A verb with the scope of a record, and more options.
fn scoped<'a>(verb: &[&'a str], record: &'a Issued, options: &[&'a str]) -> Vec<&'a str> {
    [verb, &record.scope()[..], options].concat()
}

fn exit_and_code(who: &Keepwell, arguments: &[&str]) -> anyhow::Result<(i32, String)> {
    let ended = who.refused(arguments)?;
    Ok((ended.exit, ended.code))
}

#[test]
fn corrected_record_names_the_one_it_supersedes() -> anyhow::Result<()> {
    let story = Story::new()?;
    let wrong = story.issue("pdf/discharge-letter.pdf", "Discharge letter")?;
    let right = story.submit(
        &[
            &["--wait", "final", "--supersedes", &wrong.txid],
            &wrong.scope()[..],
        ]
        .concat(),
        "fhir/miguel-angel.json",
        "Discharge letter, corrected",
    )?;
    assert_eq!(right.disease_id, wrong.disease_id);
    let records = story
        .patient
        .json(&["patient", "records", "--at-least", "2"])?;
    assert_eq!(records[0]["supersedes"], Value::Null);
    assert_eq!(text(&records[1], "supersedes"), wrong.txid);
    let issued = story.staff(0)?.json(&["hospital", "issued"])?;
    assert_eq!(text(&issued[0]["records"][1], "supersedes"), wrong.txid);
    // Both stay: what was issued is never taken back.
    let before = fs::read(sample("pdf/discharge-letter.pdf"))?;
    assert_eq!(
        story.opened(&story.patient, &["patient", "open"], &wrong)?,
        before
    );

    let file = sample("pdf/discharge-letter.pdf").display().to_string();
    let nothing = "00".repeat(32);
    let options = [
        "--supersedes",
        &nothing,
        "--code",
        "a|b",
        "--title",
        "T",
        &file,
    ];
    let submit = scoped(&["hospital", "submit"], &wrong, &options);
    let refused = exit_and_code(&story.staff(0)?, &submit)?;
    assert_eq!(refused, (3, String::from("unknownRecord")));
    Ok(())
}

#[test]
fn grant_of_listed_records_keeps_the_others_closed() -> anyhow::Result<()> {
    let story = Story::new()?;
    let letter = story.issue("pdf/discharge-letter.pdf", "Discharge letter")?;
    let picture = story.issue("dicom/CT_small.dcm", "CT slice")?;
    let (requester, staff) = (story.hospital(1)?, story.staff(1)?);
    let options = [
        "--to",
        &requester,
        "--until",
        "7d",
        "--record",
        &letter.txid,
    ];
    let grant = scoped(&["patient", "grant"], &letter, &options);
    story.patient.json(&grant)?;

    let granted = staff.json(&["hospital", "granted"])?;
    let records = granted[0]["records"].as_array().context("a list")?;
    let txids: Vec<_> = records.iter().map(|record| text(record, "txid")).collect();
    assert_eq!(txids, [letter.txid.as_str()]);

    // Its client refuses to ask, and the ledger one that asks all the same.
    let options = ["--record", picture.txid.as_str()];
    let request = scoped(&["hospital", "request"], &letter, &options);
    let refused = exit_and_code(&staff, &request)?;
    assert_eq!(refused, (3, String::from("recordNotCovered")));
    let request = Transaction::sign(
        Payload::RequestKey(RequestKey {
            patient_id: picture.patient_id.parse()?,
            service_requester_id: story.network.hospital_id(1)?,
            service_provider_id: story.network.hospital_id(0)?,
            disease_id: keepwell_ledger::transaction::DiseaseId(picture.disease_id.parse()?),
            records: BoundedList::new(vec![RecordReference {
                index: 1,
                txid: picture.txid.parse()?,
            }])?,
            purpose: PurposeCode::treatment(),
        }),
        Ordering {
            nonce: 0,
            valid_until_index: BlockIndex(1_000_000),
        },
        story.network.genesis.hash(),
        &story.network.relays[1].identity()?.authority,
    );
    let refused = story.network.relays[1].api.submit(&request).unwrap_err();
    let problem = refused.downcast::<Refused>()?.0;
    assert_eq!(problem.code.0, "recordNotCovered");

    // Asked for all that is covered, the custodians open the one and not the other.
    staff.json(&scoped(&["hospital", "request"], &letter, &[]))?;
    let open = ["hospital", "open", "--disease", &letter.disease_id];
    let content = fs::read(sample("pdf/discharge-letter.pdf"))?;
    assert_eq!(story.opened(&staff, &open, &letter)?, content);
    let out = story.network.dir().join("must-not-be-there");
    let out_text = out.display().to_string();
    let options = ["--record", &picture.txid, "--out", &out_text];
    let open = scoped(&["hospital", "open"], &picture, &options);
    let refused = exit_and_code(&staff, &open)?;
    assert_eq!(refused, (3, String::from("notRequested")));
    assert!(!out.exists());
    Ok(())
}

#[test]
fn patient_chooses_custodians_and_how_many_must_answer() -> anyhow::Result<()> {
    let mut story = Story::new()?;
    let letter = story.issue("pdf/discharge-letter.pdf", "Discharge letter")?;
    let (requester, third, fourth) = (story.hospital(1)?, story.hospital(2)?, story.hospital(3)?);
    let to = ["--to", requester.as_str(), "--until", "7d"];
    let grant = |options: &[&str]| {
        let options = [&to[..], options].concat();
        let arguments = scoped(&["patient", "grant"], &letter, &options);
        arguments
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    let refused = |options: &[&str]| {
        let arguments = grant(options);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        exit_and_code(&story.patient, &arguments)
    };
    assert_eq!(
        refused(&["--custodian", &requester, "--custodian", &third])?,
        (3, String::from("requesterAsCustodian"))
    );
    // Who did not issue the records may not hold their key alone.
    assert_eq!(refused(&["--custodian", &third])?.0, 3);
    let both = ["--custodian", &third, "--custodian", &fourth];
    assert_eq!(refused(&[&both[..], &["--threshold", "3"]].concat())?.0, 3);

    let arguments = grant(&[&both[..], &["--threshold", "2"]].concat());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let granted = story.patient.json(&arguments)?;
    let mut chosen = [third.clone(), fourth.clone()];
    chosen.sort();
    let mut custodians: Vec<String> = serde_json::from_value(granted["custodians"].clone())?;
    custodians.sort();
    assert_eq!(custodians, chosen);
    assert_eq!(granted["custodiansReady"], json!(2));

    // The issuer is no custodian here: without it the record opens, without one of the two it
    // waits.
    story.network.relays[3].kill()?;
    let staff = story.staff(1)?;
    staff.json(&scoped(&["hospital", "request"], &letter, &[]))?;
    let out = story.network.dir().join("must-not-be-there");
    let out_text = out.display().to_string();
    let options = [
        "--record",
        &letter.txid,
        "--out",
        &out_text,
        "--timeout",
        "5",
    ];
    let open = scoped(&["hospital", "open"], &letter, &options);
    let waited = staff.with_timeout_of_its_own().refused(&open)?;
    assert_eq!((waited.exit, waited.code.as_str()), (6, "timedOut"));
    assert!(!out.exists());
    story.network.relays[3].start()?;
    let open = ["hospital", "open", "--disease", &letter.disease_id];
    let content = fs::read(sample("pdf/discharge-letter.pdf"))?;
    assert_eq!(story.opened(&staff, &open, &letter)?, content);
    Ok(())
}
