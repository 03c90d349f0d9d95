//! The patient's sharing pages in a real browser: a set is granted, opened by the hospital, changed
//! to one record, revoked; and the log tells of all of it.

use std::time::{Duration, Instant};

use anyhow::ensure;
use fantoccini::{Locator, elements::Element};
use keepwell_tests::{Browser, Story, Viewport, in_browser};

const PASSPHRASE: &str = "a passphrase for this device";
const SET: &str = "Everything at Hospital 0";
const LETTER: &str = "Discharge letter";
const SUMMARY: &str = "Health record";

/// How long the network may take to record something and the page to show it, on a busy machine.
const RECORDED_WITHIN: Duration = Duration::from_secs(90);

#[tokio::test]
async fn a_set_is_granted_changed_and_revoked_and_the_log_tells_of_it() -> anyhow::Result<()> {
    let story = Story::new()?;
    let letter = story.issue("pdf/discharge-letter.pdf", LETTER)?;
    story.submit(&letter.scope(), "fhir/johnnie.json", SUMMARY)?;
    let page = story.network.relay(0)?.page_url()?;
    in_browser(async |browser| {
        browser.resize(Viewport::PHONE).await?;
        browser.open(&page).await?;
        restore(browser, &story.phrase).await?;
        browser.follow("Sharing").await?;
        browser.the("heading", SET).await?;
        browser
            .shows("Only you and Hospital 0 may open it.")
            .await?;
        browser.check_look(Viewport::PHONE).await?;

        grant_the_whole_set(browser).await?;
        let request = [&["hospital", "request"], &letter.scope()[..]].concat();
        story.staff(1)?.json(&request)?;
        browser.follow("Records").await?;
        browser.press("Look for news").await?;
        browser.follow("Sharing").await?;
        browser.shows("Has opened something").await?;
        change_to_one_record(browser).await?;
        revoke_and_close(browser).await?;
        let refused = story.staff(1)?.refused(&request)?;
        assert_eq!(refused.exit, 3, "{}", refused.message);
        read_the_log(browser).await?;
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

async fn restore(browser: &Browser, phrase: &str) -> anyhow::Result<()> {
    browser.follow("I already have a phrase").await?;
    browser.fill("Recovery phrase", phrase).await?;
    browser.press("Restore").await?;
    browser
        .fill("Passphrase for this device", PASSPHRASE)
        .await?;
    browser
        .fill("The same passphrase again", PASSPHRASE)
        .await?;
    browser.press("Keep my keys on this device").await?;
    in_time(browser, "heading", "Records").await?;
    in_time(browser, "link", LETTER).await?;
    Ok(())
}

async fn grant_the_whole_set(browser: &Browser) -> anyhow::Result<()> {
    browser
        .follow(&format!("Let a hospital open this ({SET})"))
        .await?;
    browser
        .the("heading", "Let a hospital open records")
        .await?;
    // Nothing is sent before it is said to whom.
    browser.press("Let this hospital open it").await?;
    browser
        .shows("Choose the hospital that may open it.")
        .await?;
    browser.check_look(Viewport::PHONE).await?;

    browser
        .choose("Which hospital may open it?", "Hospital 1")
        .await?;
    tick(browser, "radio", "The end of a day that I choose").await?;
    browser.press("Let Hospital 1 open it").await?;
    browser.shows("Choose the last day.").await?;
    tick(browser, "radio", "7 days").await?;
    browser.choose("What for?", "Emergency treatment").await?;
    browser.press("Let Hospital 1 open it").await?;
    in_time(browser, "heading", "Recorded").await?;
    browser
        .shows(&format!("Hospital 1 may open “{SET}”."))
        .await?;
    browser.shows("Custodians ready: 3 of 3.").await?;
    browser.check_look(Viewport::PHONE).await?;

    browser.follow("Back to sharing").await?;
    browser.the("list", &format!("Who may open {SET}")).await?;
    for words in [
        "Hospital 1",
        "The whole set, later records too",
        "Emergency treatment",
        "Hospital 0, Hospital 2, Hospital 3; any 2 must answer",
        "Has opened nothing",
    ] {
        browser.shows(words).await?;
    }
    browser.check_look(Viewport::PHONE).await
}

async fn change_to_one_record(browser: &Browser) -> anyhow::Result<()> {
    let change = format!("Change what Hospital 1 may open of {SET}");
    browser.follow(&change).await?;
    browser.the("heading", "What changes").await?;
    let table = browser.the("table", "What Hospital 1 may open").await?;
    let table = table.text().await?;
    // The form starts with what is granted now: until a day, which is filled in.
    ensure!(!table.contains("Not chosen yet"), "{table}");
    let day = browser.client().find(Locator::Id("grant-day")).await?;
    let day = day.prop("value").await?.unwrap_or_default();
    ensure!(day.len() == "2026-01-31".len(), "{day:?} is no day");
    tick(browser, "radio", "Only records that I choose").await?;
    browser.press("Replace what Hospital 1 may open").await?;
    browser
        .shows("Tick at least one record, or choose the whole set.")
        .await?;
    tick(browser, "checkbox", SUMMARY).await?;
    tick(browser, "radio", "Until I revoke it").await?;
    let table = browser.the("table", "What Hospital 1 may open").await?;
    let table = table.text().await?;
    for words in ["The whole set, later records too", SUMMARY, "You revoke it"] {
        ensure!(table.contains(words), "{words:?} is not in {table:?}");
    }
    unfold(browser, "Advanced: who holds the key").await?;
    tick(browser, "checkbox", "Hospital 3").await?;
    tick(browser, "checkbox", "Hospital 2").await?;
    browser.press("Replace what Hospital 1 may open").await?;
    browser
        .shows("tick as many custodians as must answer, 2: now it is 1.")
        .await?;
    browser.check_look(Viewport::PHONE).await?;
    tick(browser, "checkbox", "Hospital 2").await?;
    browser.press("Replace what Hospital 1 may open").await?;
    in_time(browser, "heading", "Recorded").await?;
    browser.shows("Custodians ready: 2 of 2.").await?;
    browser
        .shows("Hospital 1 may open what you chose of")
        .await?;
    browser.follow("Back to sharing").await?;
    let live = browser.the("list", &format!("Who may open {SET}")).await?;
    let live = live.text().await?;
    for words in [
        SUMMARY,
        "You revoke it",
        "Hospital 0, Hospital 2; all must answer",
    ] {
        ensure!(live.contains(words), "{words:?} is not in {live:?}");
    }
    ensure!(!live.contains(LETTER), "{LETTER:?} is in {live:?}");
    Ok(())
}

async fn revoke_and_close(browser: &Browser) -> anyhow::Result<()> {
    let revoke = format!("Revoke… what Hospital 1 may open of {SET}");
    browser.press(&revoke).await?;
    let dialog = "Take back what Hospital 1 may open?";
    let question = browser.the("dialog", dialog).await?.text().await?;
    let warning = "Hospital 1 has already opened something of it.";
    ensure!(question.contains(warning), "{question}");
    browser.check_look(Viewport::PHONE).await?;
    let closes = "Also close this set: later records go to a new one";
    tick(browser, "checkbox", closes).await?;
    browser.press("Revoke").await?;
    browser
        .shows("Hospital 1 can open nothing more of it.")
        .await?;
    browser.shows("It had opened something before.").await?;
    browser
        .shows("Hospital 0 will ask you for a new visit card.")
        .await?;
    browser.shows("Closed to new records").await?;
    browser
        .shows("Only you and Hospital 0 may open it.")
        .await?;
    unfold(browser, "Ended (1)").await?;
    let ended = format!("Who could open {SET} once");
    let ended = browser.the("list", &ended).await?.text().await?;
    ensure!(ended.contains("Revoked"), "{ended}");
    browser.check_look(Viewport::PHONE).await
}

async fn read_the_log(browser: &Browser) -> anyhow::Result<()> {
    browser.follow("Log").await?;
    let log = browser.the("list", "Log, newest first").await?;
    let log = log.text().await?;
    let mut rest = log.as_str();
    // Newest first; the custodians' answers come in any order.
    for words in [
        &format!("You took back what Hospital 1 could open of “{SET}”"),
        &format!("You let Hospital 1 open: {SUMMARY}"),
        "(custodian) gave Hospital 1 its part of the key of",
        "Hospital 1 asked for the key of",
        &format!("You let Hospital 1 open all of “{SET}”, later records too"),
        &format!("Hospital 0 issued a record: {SUMMARY}"),
        &format!("Hospital 0 issued a record: {LETTER}"),
    ] {
        let found = rest.split_once(words);
        ensure!(found.is_some(), "{words:?} is not in its place in {log}");
        rest = found.map(|(_, rest)| rest).unwrap_or_default();
    }
    browser.shows("Complete as of").await?;
    unfold(browser, "What Keepwell cannot hide, prevent or undo").await?;
    browser.check_look(Viewport::PHONE).await?;

    let filter = "Show what this hospital had a part in";
    browser.choose(filter, "Hospital 1").await?;
    let log = browser.the("list", "Log, newest first").await?;
    let log = log.text().await?;
    ensure!(!log.contains("issued a record"), "{log}");
    ensure!(log.contains("asked for the key"), "{log}");
    Ok(())
}

/// The box around it takes the clicks, so by the keyboard.
async fn tick(browser: &Browser, role: &str, name: &str) -> anyhow::Result<()> {
    Ok(browser.the(role, name).await?.send_keys(" ").await?)
}

/// What is folded away; a summary has no role of its own in every browser.
async fn unfold(browser: &Browser, summary: &str) -> anyhow::Result<()> {
    let path = format!("//summary[normalize-space(.) = '{summary}']");
    let folded = browser.client().find(Locator::XPath(&path)).await?;
    Ok(folded.send_keys("\u{e007}").await?)
}

/// What the network has to record first.
async fn in_time(browser: &Browser, role: &str, name: &str) -> anyhow::Result<Element> {
    let deadline = Instant::now() + RECORDED_WITHIN;
    loop {
        match browser.the(role, name).await {
            Err(_) if Instant::now() < deadline => {}
            found => return found,
        }
    }
}
