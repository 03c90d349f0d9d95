//! The whole story by the page alone, in three real browsers: a patient on a phone, and the staff of
//! two hospitals, each at the page of a relay of their own. One custodian is out.

use anyhow::ensure;
use keepwell_tests::{Network, Viewport, in_browser, sample};

/// What protects the patient's keys on the device of the test.
const PATIENT_PASSPHRASE: &str = "correct horse battery";

/// What the patient's general set is called.
const SET: &str = "Everything at Hospital 0";

const VISITS: &str = "All visits until today";
const LETTER: &str = "Letter to the family doctor";

#[tokio::test]
async fn a_record_is_issued_granted_opened_and_revoked_by_the_page_alone() -> anyhow::Result<()> {
    let mut network = Network::start(4)?;
    in_browser(async |patient| {
        patient.resize(Viewport::PHONE).await?;
        patient.open(&network.relay(0)?.page_url()?).await?;
        patient.new_patient(PATIENT_PASSPHRASE).await?;
        let card = patient.general_card().await?;

        in_browser(async |issuer| {
            issuer.resize(Viewport::DESK).await?;
            issuer.sign_in_staff(network.relay(0)?).await?;
            for (file, title) in [
                ("fhir/miguel-angel.json", VISITS),
                ("pdf/discharge-letter.pdf", LETTER),
            ] {
                issuer.give_file(&sample(file)).await?;
                issuer.shows("Recognised as").await?;
                issuer.fill("The patient's visit card", &card).await?;
                issuer.fill("Title", title).await?;
                issuer.fill("Code", "184216000").await?;
                issuer.press("Issue").await?;
                issuer.shows("The record is issued.").await?;
                issuer.press("Issue another").await?;
            }
            Ok(())
        })
        .await?;

        patient.follow("Records").await?;
        patient.shows(VISITS).await?;
        patient.shows(LETTER).await?;
        patient.follow(VISITS).await?;
        patient.the("table", "Conditions").await?;

        patient.follow("Sharing").await?;
        patient
            .follow(&format!("Let a hospital open this ({SET})"))
            .await?;
        patient
            .choose("Which hospital may open it?", "Hospital 1")
            .await?;
        let until_revoked = patient.the("radio", "Until I revoke it").await?;
        until_revoked.send_keys(" ").await?;
        patient.press("Let Hospital 1 open it").await?;
        patient
            .shows(&format!("Hospital 1 may open “{SET}”."))
            .await?;

        // Any one custodian may be out: the issuer and the other are enough.
        let custodian = network.relays.get_mut(3);
        custodian
            .ok_or_else(|| anyhow::anyhow!("four relays"))?
            .kill()?;
        in_browser(async |requester| {
            requester.resize(Viewport::DESK).await?;
            requester.sign_in_staff(network.relay(1)?).await?;
            requester.follow("Granted to us").await?;
            requester.shows("Record 2").await?;
            requester.press("Request the keys").await?;
            requester
                .until("both records can be opened", |page| {
                    page.matches("Ready to open").count() == 2
                })
                .await?;
            requester.follow("Open Record 1").await?;
            requester.the("heading", VISITS).await?;
            requester.the("table", "Conditions").await?;

            // Asked for, answered, and revoked before it was opened: it stays closed.
            patient.follow("Sharing").await?;
            patient
                .press(&format!("Revoke… what Hospital 1 may open of {SET}"))
                .await?;
            patient.press("Revoke").await?;
            patient
                .shows("Hospital 1 can open nothing more of it.")
                .await?;
            patient.shows("It had opened something before.").await?;
            requester.shows("This record is not granted to us").await?;
            requester.follow("Go to what is granted").await?;
            requester.shows("Nothing is granted to us").await?;
            ensure!(
                !requester.page_text().await?.contains(LETTER),
                "a revoked record is nowhere"
            );
            Ok(())
        })
        .await?;

        patient.follow("Log").await?;
        for words in [
            &format!("Hospital 0 issued a record: {VISITS}"),
            &format!("Hospital 0 issued a record: {LETTER}"),
            &format!("You let Hospital 1 open all of “{SET}”, later records too"),
            "Hospital 1 asked for the key of",
            "(custodian) gave Hospital 1 its part of the key of",
            &format!("You took back what Hospital 1 could open of “{SET}”"),
        ] {
            patient.shows(words).await?;
        }
        patient.check_look(Viewport::PHONE).await?;
        Ok(())
    })
    .await
}
