//! A patient in a real browser, at the page of a real relay: keys, visit card, timeline, records.

use anyhow::{Context as _, ensure};
use fantoccini::Locator;
use keepwell_tests::{
    Browser, ColorScheme, Issued, Keepwell, Network, SNOMED_RECORD, Viewport, in_browser, sample,
    text,
};

/// What protects the patient's keys on the device of the test.
const PATIENT_PASSPHRASE: &str = "correct horse battery";

#[tokio::test]
async fn a_patient_makes_keys_and_reads_what_a_hospital_issues() -> anyhow::Result<()> {
    let network = Network::start(3)?;
    in_browser(async |browser| {
        browser.resize(Viewport::PHONE).await?;
        browser.open(&network.relay(0)?.page_url()?).await?;
        let phrase = new_patient(browser).await?;
        let card = general_card(browser).await?;
        check_look(browser, Viewport::PHONE).await?;

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
        check_look(browser, Viewport::PHONE).await?;
        check_look(browser, Viewport::DESK).await?;

        browser.follow("All visits until today").await?;
        browser.the("heading", "All visits until today").await?;
        browser.the("table", "Conditions").await?;
        check_look(browser, Viewport::DESK).await?;
        check_look(browser, Viewport::PHONE).await?;
        browser.follow("All records").await?;
        browser.follow("CT of the chest").await?;
        browser.the("image", "CT of the chest").await?;
        browser.follow("All records").await?;
        browser.follow("Letter to the family doctor").await?;
        browser.the("button", "Save").await?;

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

/// New keys, up to the page that they lead to. Returns the words.
async fn new_patient(browser: &Browser) -> anyhow::Result<Vec<String>> {
    browser.follow("I am new here").await?;
    browser.press("Make my recovery phrase").await?;
    let list = browser.the("list", "Recovery phrase").await?;
    let mut words = Vec::new();
    for item in list.find_all(Locator::Css("li")).await? {
        let word = item.text().await?;
        let word = word.split_whitespace().last().unwrap_or_default();
        words.push(word.to_owned());
    }
    ensure!(words.len() == 24, "{} words", words.len());
    check_look(browser, Viewport::PHONE).await?;
    browser.press("I have written them down").await?;
    confirm(browser, &words).await?;
    browser
        .fill("Passphrase for this device", PATIENT_PASSPHRASE)
        .await?;
    browser
        .fill("The same passphrase again", PATIENT_PASSPHRASE)
        .await?;
    browser.press("Keep my keys on this device").await?;
    browser.the("heading", "Visit card").await?;
    Ok(words)
}

/// Types the words that are asked for; first a wrong one, which is found.
async fn confirm(browser: &Browser, words: &[String]) -> anyhow::Result<()> {
    browser.the("heading", "Check what you wrote").await?;
    let labels = browser
        .client()
        .find_all(Locator::Css("form label"))
        .await?;
    let mut asked = Vec::new();
    for label in labels {
        let label = label.text().await?;
        let number = label
            .rsplit(' ')
            .next()
            .and_then(|number| number.parse::<usize>().ok());
        asked.push((label.clone(), number.with_context(|| format!("{label:?}"))?));
    }
    ensure!(!asked.is_empty(), "no word is asked for");
    for (label, _) in &asked {
        browser.fill(label, "nonsense").await?;
    }
    browser.press("Check").await?;
    browser.the("heading", "Check what you wrote").await?;
    for (label, number) in &asked {
        let word = words.get(number - 1).context("a word of the phrase")?;
        browser.fill(label, word).await?;
    }
    browser.press("Check").await?;
    browser.the("heading", "Choose a passphrase").await?;
    Ok(())
}

async fn general_card(browser: &Browser) -> anyhow::Result<String> {
    browser.press("Make the card").await?;
    browser.the("image", "Visit card as a QR code").await?;
    browser.text_in("Visit card as text").await
}

async fn sign_out(browser: &Browser) -> anyhow::Result<()> {
    browser.follow("Settings").await?;
    browser.the("heading", "Settings").await?;
    check_look(browser, Viewport::PHONE).await?;
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

/// Nothing serious for axe in light and dark, and nothing wider than the window.
async fn check_look(browser: &Browser, viewport: Viewport) -> anyhow::Result<()> {
    browser.resize(viewport).await?;
    for scheme in [ColorScheme::Dark, ColorScheme::Light] {
        browser.color_scheme(scheme).await?;
        browser.check_accessibility().await?;
    }
    let script =
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let over = browser.client().execute(script, vec![]).await?;
    ensure!(
        over.as_i64() == Some(0),
        "{over} pixels wider than {}",
        viewport.width
    );
    Ok(())
}
