//! Hospital staff at the page of their hospital's relay, in a real browser: they issue records, see
//! what was issued, and open what a patient has granted.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use std::fs;

use anyhow::{Context as _, ensure};
use keepwell_keys::{HospitalId, MasterSeed};
use keepwell_ledger::transaction::{VisitCard, VisitCardText};
use keepwell_primitives::Timestamp;
use keepwell_tests::{
    Browser, Issued, Network, PASSPHRASE, Story, Viewport, in_browser, sample, text,
};
use serde_json::{Value, json};

/// What the records of these tests are coded as.
const CODE: &str = "184216000";

#[tokio::test]
async fn staff_issue_correct_and_another_hospital_opens_what_was_granted() -> anyhow::Result<()> {
    let story = Story::new()?;
    let card = card_of(&story)?;
    in_browser(async |browser| {
        browser.resize(Viewport::DESK).await?;
        browser.sign_in_staff(story.network.relay(0)?).await?;
        browser.the("heading", "Issue a record").await?;
        browser.check_look(Viewport::DESK).await?;

        // Pasted as mail programs break lines.
        let (front, back) = card.split_at(70);
        browser.give_file(&sample("fhir/johnnie.json")).await?;
        browser.shows("Recognised as FHIR (Bundle).").await?;
        browser
            .fill("The patient's visit card", &format!(" {front}\n{back} \n"))
            .await?;
        assert_eq!(browser.text_in("Title").await?, "Johnnie");
        browser.fill("Code", CODE).await?;
        assert!(!warns_before_leaving(browser).await?);
        browser.press("Issue").await?;
        assert!(warns_before_leaving(browser).await?, "it is at work");
        browser.shows("The record is issued.").await?;
        assert!(!warns_before_leaving(browser).await?);
        browser.check_look(Viewport::DESK).await?;

        for (file, kind, title) in [
            ("dicom/CT_small.dcm", "Recognised as DICOM.", "CT small"),
            (
                "pdf/discharge-letter.pdf",
                "Recognised as PDF.",
                "Discharge letter",
            ),
        ] {
            browser.press("Issue another").await?;
            browser.give_file(&sample(file)).await?;
            browser.shows(kind).await?;
            assert_eq!(browser.text_in("Title").await?, title);
            browser.fill("Code", CODE).await?;
            browser.press("Issue").await?;
            browser.shows("The record is issued.").await?;
        }

        // What was issued, by the titles that this session remembers.
        browser.follow("See what was issued").await?;
        browser.the("heading", "Issued").await?;
        for title in ["Johnnie", "CT small", "Discharge letter"] {
            browser.shows(title).await?;
        }
        browser
            .until("three records are final", |page| {
                page.matches("Final").count() == 3
            })
            .await?;
        browser.check_look(Viewport::DESK).await?;

        // A correction goes to the same scope, without a card.
        browser
            .follow("Correct this record Discharge letter")
            .await?;
        browser.the("heading", "Correct a record").await?;
        browser
            .give_file(&sample("pdf/discharge-letter.pdf"))
            .await?;
        browser.fill("Title", "Discharge letter, corrected").await?;
        browser.choose("Code system", "Another one").await?;
        browser
            .fill("URI of the code system", "http://example.org/codes")
            .await?;
        browser.fill("Code", "letter").await?;
        browser.check_look(Viewport::DESK).await?;
        browser.press("Issue the correction").await?;
        browser.shows("The record is issued.").await?;
        browser.follow("See what was issued").await?;
        browser
            .until("the correction is told from what it corrects", |page| {
                page.contains("Discharge letter, corrected")
                    && page.contains("Corrected since")
                    && page.contains("A correction")
            })
            .await?;

        // Locked, the titles are gone with the keys.
        browser.press("Lock").await?;
        browser
            .fill("Passphrase of the identity file", PASSPHRASE)
            .await?;
        browser.press("Unlock for hospital staff").await?;
        browser
            .until("the records are shown without titles", |page| {
                page.contains("Record 4") && !page.contains("Discharge letter")
            })
            .await?;
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await?;

    let granted = grant_to(&story, 1)?;
    in_browser(async |browser| {
        browser.resize(Viewport::DESK).await?;
        browser.sign_in_staff(story.network.relay(1)?).await?;
        browser.follow("Granted to us").await?;
        browser.the("heading", "Granted to us").await?;
        browser
            .until("the grant is listed", |page| {
                page.contains("Hospital 0")
                    && page.contains("Treatment")
                    && page.contains("Record 4")
            })
            .await?;
        browser.check_look(Viewport::DESK).await?;
        browser.press("Request the keys").await?;
        browser
            .until("all four records are ready", |page| {
                page.matches("Ready to open").count() == 4
            })
            .await?;
        browser.check_look(Viewport::DESK).await?;

        browser.follow("Open Record 1").await?;
        browser.the("heading", "Johnnie").await?;
        browser.the("table", "Conditions").await?;
        browser.check_look(Viewport::DESK).await?;

        browser.follow("All that is granted").await?;
        browser.follow("Open Record 4").await?;
        browser
            .the("heading", "Discharge letter, corrected")
            .await?;

        // Taken back while it is shown: it goes.
        let from = story.hospital(1)?;
        let [p, patient, d, disease] = granted.scope();
        let revoke = ["patient", "revoke", p, patient, d, disease, "--from", &from];
        story.patient.json(&revoke)?;
        browser.shows("This record is not granted to us").await?;
        browser.follow("Go to what is granted").await?;
        browser.shows("Nothing is granted to us").await?;
        browser.check_look(Viewport::DESK).await?;
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_cannot_be_issued_is_refused_in_words_and_nothing_is_submitted() -> anyhow::Result<()>
{
    let story = Story::among(2)?;
    let (own, other) = (story.network.hospital_id(0)?, story.network.hospital_id(1)?);
    let misnamed = story.network.dir().join("scan.png");
    fs::copy(sample("pdf/discharge-letter.pdf"), &misnamed)?;
    let good = card_of(&story)?;
    let network = &story.network;
    let mut cut = good.clone();
    cut.truncate(good.len() - 5);
    in_browser(async |browser| {
        browser.resize(Viewport::DESK).await?;
        browser.sign_in_staff(network.relay(0)?).await?;

        // Nothing filled in: each part says what it lacks.
        browser.press("Issue").await?;
        let focused = "return document.activeElement.id";
        let focused = browser.client().execute(focused, vec![]).await?;
        assert_eq!(focused, json!("record-file"), "the first mistake");
        for words in [
            "Choose the file to issue.",
            "Paste the text of the patient's visit card.",
            "Say what it is, for the patient.",
            "Write the code.",
        ] {
            browser.shows(words).await?;
        }
        browser.check_look(Viewport::DESK).await?;

        // A file that is not what its name says is refused before anything else.
        browser.give_file(&misnamed).await?;
        browser
            .shows(
                "is not what its name says: image/png by its name, application/pdf by its content",
            )
            .await?;
        browser.fill("The patient's visit card", &good).await?;
        browser.fill("Code", CODE).await?;
        browser.press("Issue").await?;
        browser.check_look(Viewport::DESK).await?;

        browser
            .give_file(&sample("pdf/discharge-letter.pdf"))
            .await?;
        browser.shows("Recognised as PDF.").await?;
        for (card, words) in [
            (cut, "The visit card was cut or mistyped"),
            (String::from("hello"), "A visit card starts with kwv1"),
            (forged(network, own), "not signed by the key it names"),
            (
                made(network, own, Timestamp(1_000)),
                "The visit card lapsed at",
            ),
            (
                made(network, other, Timestamp::MAX),
                "The visit card is for hospital",
            ),
        ] {
            browser.fill("The patient's visit card", &card).await?;
            browser.press("Issue").await?;
            browser.shows(words).await?;
            let kept = browser.text_in("Code").await?;
            assert_eq!(kept, CODE, "what was filled in stays");
        }
        browser.check_look(Viewport::DESK).await?;

        // A title of which one letter too many does not fit.
        browser.fill("Title", &"é".repeat(129)).await?;
        browser.press("Issue").await?;
        browser
            .shows("This has 258 bytes, at most 256 fit.")
            .await?;
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await?;
    let issued = story.staff(0)?.json(&["hospital", "issued"])?;
    assert_eq!(issued, json!([]));
    assert_eq!(
        network.relay(0)?.api.head()?.head.index.0,
        0,
        "no block was needed"
    );
    Ok(())
}

#[tokio::test]
async fn a_large_file_is_issued_with_progress_and_an_empty_one_too() -> anyhow::Result<()> {
    let story = Story::among(2)?;
    let (large, empty) = (
        story.network.dir().join("large.dcm"),
        story.network.dir().join("empty.pdf"),
    );
    let mut content: Vec<u8> = (0..=250).cycle().take(20_000_000).collect();
    content[128..132].copy_from_slice(b"DICM");
    fs::write(&large, &content)?;
    fs::write(&empty, [])?;
    let card = card_of(&story)?;
    in_browser(async |browser| {
        browser.resize(Viewport::DESK).await?;
        browser.sign_in_staff(story.network.relay(0)?).await?;
        browser.client().execute(WATCH_PROGRESS, vec![]).await?;
        browser.give_file(&large).await?;
        browser.shows("20 MB. Recognised as DICOM.").await?;
        browser.fill("The patient's visit card", &card).await?;
        browser.fill("Code", CODE).await?;
        browser.press("Issue").await?;
        browser.shows("The record is issued.").await?;
        let told = browser.client().execute("return told", vec![]).await?;
        let told: Vec<String> = serde_json::from_value(told)?;
        for stage in ["Sealing ", "Uploading part ", "Waiting until the network"] {
            let is_told = told.iter().any(|words| words.starts_with(stage));
            ensure!(is_told, "{stage:?} is not among {told:?}");
        }
        ensure!(
            told.iter().any(|words| words.ends_with(" of 20 MB")),
            "{told:?}"
        );

        browser.press("Issue another").await?;
        browser.give_file(&empty).await?;
        browser.shows("0 bytes. Recognised as PDF.").await?;
        browser.fill("Code", CODE).await?;
        browser.press("Issue").await?;
        browser.shows("The record is issued.").await?;
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await?;
    let seen = story
        .patient
        .json(&["patient", "records", "--at-least", "2"])?;
    let opened = |position: usize| {
        let issued = Issued::from_answer(&seen[position]);
        story.opened(&story.patient, &["patient", "open"], &issued)
    };
    assert!(opened(0)? == content, "the large file is what it was");
    assert_eq!(opened(1)?, Vec::<u8>::new());
    Ok(())
}

#[tokio::test]
async fn a_relay_that_is_out_takes_nothing_away() -> anyhow::Result<()> {
    let mut story = Story::among(2)?;
    story.issue("pdf/discharge-letter.pdf", "Letter")?;
    in_browser(async |browser| {
        browser.resize(Viewport::DESK).await?;
        browser.sign_in_staff(story.network.relay(0)?).await?;
        browser.follow("Issued").await?;
        browser.shows("Record 1").await?;
        story.network.relays[0].kill()?;
        browser.press("Look for news").await?;
        browser.shows("What is shown below was checked").await?;
        browser.shows("Record 1").await?;
        browser.check_look(Viewport::DESK).await?;

        story.network.relays[0].start()?;
        browser.press("Try again").await?;
        browser
            .until("the relay is back", |page| {
                page.contains("Record 1") && !page.contains("What is shown below")
            })
            .await
    })
    .await
}

#[tokio::test]
async fn a_wrong_passphrase_opens_no_identity() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let relay = network.relay(0)?;
    in_browser(async |browser| {
        browser.resize(Viewport::DESK).await?;
        browser.open(&relay.page_url()?).await?;
        browser.follow("I work at a hospital").await?;
        browser.the("heading", "Hospital staff").await?;
        browser.check_look(Viewport::DESK).await?;
        browser
            .give_file(&relay.home.join("identity.keepwell"))
            .await?;
        browser.fill("Passphrase", "not the passphrase").await?;
        browser.press("Sign in").await?;
        browser.shows("wrongPassphrase").await?;
        browser.check_look(Viewport::DESK).await?;
        // Staff's own pages stay shut.
        ensure!(!browser.page_text().await?.contains("Granted to us"));
        browser.fill("Passphrase", PASSPHRASE).await?;
        browser.press("Sign in").await?;
        browser.the("heading", "Issue a record").await?;
        Ok(())
    })
    .await
}

/// Writes down every line that a progress bar shows.
const WATCH_PROGRESS: &str = "
    window.told = [];
    new MutationObserver(() => {
        for (const line of document.querySelectorAll('.progress-line')) {
            const words = Array.from(line.children, part => part.textContent).join(' ');
            if (!told.includes(words)) told.push(words);
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
";

/// Whether the browser would ask before it leaves the page now.
async fn warns_before_leaving(browser: &Browser) -> anyhow::Result<bool> {
    let script = "return !dispatchEvent(new Event('beforeunload', { cancelable: true }))";
    let warns = browser.client().execute(script, vec![]).await?;
    warns.as_bool().context("yes or no")
}

/// The card that the patient shows the first hospital.
fn card_of(story: &Story) -> anyhow::Result<String> {
    let hospital = story.hospital(0)?;
    let shown = story
        .patient
        .json(&["patient", "card", "--hospital", &hospital])?;
    Ok(text(&shown, "card"))
}

/// The patient has seen four records, and grants their scope to a hospital.
fn grant_to(story: &Story, position: usize) -> anyhow::Result<Issued> {
    let seen = story
        .patient
        .json(&["patient", "records", "--at-least", "4"])?;
    let records = seen.as_array().context("a list")?;
    let titles: Vec<_> = records.iter().map(|record| text(record, "title")).collect();
    let expected = [
        "Johnnie",
        "CT small",
        "Discharge letter",
        "Discharge letter, corrected",
    ];
    assert_eq!(titles, expected);
    let kinds: Vec<_> = records
        .iter()
        .map(|record| record.get("mediaType").and_then(Value::as_str))
        .collect();
    let expected = [
        "application/fhir+json",
        "application/dicom",
        "application/pdf",
        "application/pdf",
    ];
    assert_eq!(kinds, expected.map(Some));
    let issued = Issued::from_answer(&records[0]);
    assert_eq!(text(&records[3], "code"), "http://example.org/codes|letter");
    // What the page sealed is what was chosen.
    let content = story.opened(&story.patient, &["patient", "open"], &issued)?;
    assert_eq!(content, fs::read(sample("fhir/johnnie.json"))?);
    let to = story.hospital(position)?;
    let mut grant = vec!["patient", "grant"];
    grant.extend(issued.scope());
    grant.extend(["--to", &to, "--until", "7d"]);
    story.patient.json(&grant)?;
    Ok(issued)
}

/// A card that a patient would sign, for this hospital and until then.
fn made(network: &Network, hospital_id: HospitalId, not_after: Timestamp) -> String {
    let genesis_hash = network.genesis.hash();
    let card = signed(network, hospital_id, not_after);
    VisitCardText { genesis_hash, card }.to_string()
}

/// A card whose end was changed after it was signed.
fn forged(network: &Network, hospital_id: HospitalId) -> String {
    let genesis_hash = network.genesis.hash();
    let mut card = signed(network, hospital_id, Timestamp(1_000));
    card.not_after = Timestamp::MAX;
    VisitCardText { genesis_hash, card }.to_string()
}

fn signed(network: &Network, hospital_id: HospitalId, not_after: Timestamp) -> VisitCard {
    let persona = MasterSeed::from_bytes([9; 64]).persona(&hospital_id);
    VisitCard::sign(
        persona.patient_id(),
        &persona.identity(0),
        hospital_id,
        persona.scope(0).public_key(),
        not_after,
        &network.genesis.hash(),
    )
}
