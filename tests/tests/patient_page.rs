//! A patient in a real browser, at the page of a real relay: keys, visit card, timeline, records.

use anyhow::ensure;
use fantoccini::Locator;
use keepwell_tests::{
    Browser, Issued, Keepwell, Network, SNOMED_RECORD, Viewport, in_browser, sample, text,
};

/// What protects the patient's keys on the device of the test.
const PATIENT_PASSPHRASE: &str = "correct horse battery";

#[tokio::test]
async fn a_patient_makes_keys_and_reads_what_a_hospital_issues() -> anyhow::Result<()> {
    let network = Network::start(3)?;
    in_browser(async |browser| {
        browser.resize(Viewport::PHONE).await?;
        browser.open(&network.relay(0)?.page_url()?).await?;
        let phrase = browser.new_patient(PATIENT_PASSPHRASE).await?;
        let card = browser.general_card().await?;
        browser.check_look(Viewport::PHONE).await?;

        let staff = Keepwell::at(&network.relay(0)?.home);
        for (file, title) in [
            ("fhir/johnnie.json", "All visits until today"),
            ("dicom/CT_small.dcm", "CT of the chest"),
            ("pdf/discharge-letter.pdf", "Letter to the family doctor"),
        ] {
            issue(&staff, &card, file, title)?;
        }

        browser.follow("Records").await?;
        let shown = browser.the("list", "Records, newest first").await?;
        browser.the("link", "All visits until today").await?;
        browser.the("link", "CT of the chest").await?;
        browser.the("link", "Letter to the family doctor").await?;
        let words = shown.text().await?;
        ensure!(words.contains("184216000"), "the code is shown: {words}");
        browser.check_look(Viewport::PHONE).await?;

        browser.follow("All visits until today").await?;
        browser.the("heading", "All visits until today").await?;
        browser.the("table", "Conditions").await?;
        browser.check_look(Viewport::PHONE).await?;
        browser.follow("All records").await?;
        browser.follow("CT of the chest").await?;
        browser.the("image", "CT of the chest").await?;
        browser.follow("All records").await?;
        browser.follow("Letter to the family doctor").await?;
        browser
            .the("button", "Save Letter to the family doctor.pdf")
            .await?;

        browser.press("Lock").await?;
        browser.the("heading", "Locked").await?;
        ensure!(
            !browser
                .client()
                .source()
                .await?
                .contains("Letter to the family doctor"),
            "what is locked is not on the page"
        );
        browser
            .fill("Passphrase of my records", "wrong horse battery")
            .await?;
        browser.press("Unlock my records").await?;
        let alert = browser.the("alert", "").await?.text().await?;
        ensure!(alert.contains("passphrase"), "{alert}");
        browser
            .fill("Passphrase of my records", PATIENT_PASSPHRASE)
            .await?;
        browser.press("Unlock my records").await?;
        browser
            .the("heading", "Letter to the family doctor")
            .await?;

        sign_out(browser).await?;
        restore(browser, &phrase).await?;
        browser.the("link", "CT of the chest").await?;
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

async fn sign_out(browser: &Browser) -> anyhow::Result<()> {
    browser.follow("Settings").await?;
    browser.the("heading", "Settings").await?;
    browser.check_look(Viewport::PHONE).await?;
    browser.press("Sign out").await?;
    let dialog = browser
        .the("dialog", "Remove the keys from this device?")
        .await?;
    let buttons = dialog.find_all(Locator::Css("button")).await?;
    for button in buttons {
        if button.text().await? == "Sign out" {
            button.click().await?;
            break;
        }
    }
    browser.the("link", "I am new here").await?;
    Ok(())
}

/// From the start to the records, with stray spaces and line breaks in the phrase.
async fn restore(browser: &Browser, words: &[String]) -> anyhow::Result<()> {
    browser.follow("I already have a phrase").await?;
    let broken = words.join(" ").replacen(' ', " zebraa ", 1);
    browser.fill("Recovery phrase", &broken).await?;
    browser.press("Restore").await?;
    browser.the("alert", "").await?;
    browser
        .fill("Recovery phrase", &format!("  {} ", words.join("  ")))
        .await?;
    browser.press("Restore").await?;
    browser
        .fill("Passphrase for this device", PATIENT_PASSPHRASE)
        .await?;
    browser
        .fill("The same passphrase again", PATIENT_PASSPHRASE)
        .await?;
    browser.press("Keep my keys on this device").await?;
    browser.the("heading", "Records").await?;
    Ok(())
}

fn issue(staff: &Keepwell, card: &str, file: &str, title: &str) -> anyhow::Result<Issued> {
    let file = sample(file).display().to_string();
    let arguments = [
        "hospital",
        "submit",
        "--wait",
        "final",
        "--card",
        card,
        "--code",
        SNOMED_RECORD,
        "--title",
        title,
        &file,
    ];
    let answer = staff.json(&arguments)?;
    ensure!(!text(&answer, "txid").is_empty(), "{answer}");
    Ok(Issued::from_answer(&answer))
}
