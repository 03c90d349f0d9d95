//! Whole stretches that many tests walk: new keys, a visit card, signing in.

use anyhow::{Context as _, ensure};
use fantoccini::Locator;

use crate::{Browser, PASSPHRASE, Relay, Viewport};

impl Browser {
    /// A new patient, from the start to the page that new keys lead to. Of the words that are asked
    /// for again, wrong ones are typed first, and found. Returns the 24 words, and leaves the page as
    /// on a phone.
    ///
    /// # Errors
    ///
    /// If a step is not there.
    pub async fn new_patient(&self, passphrase: &str) -> anyhow::Result<Vec<String>> {
        self.follow("I am new here").await?;
        self.press("Make my recovery phrase").await?;
        let list = self.the("list", "Recovery phrase").await?;
        let mut words = Vec::new();
        for item in list.find_all(Locator::Css("li")).await? {
            let word = item.text().await?;
            let word = word.split_whitespace().last().unwrap_or_default();
            words.push(word.to_owned());
        }
        ensure!(words.len() == 24, "{} words", words.len());
        self.check_look(Viewport::PHONE).await?;
        self.press("I have written them down").await?;
        self.confirm(&words).await?;
        self.choose_passphrase(passphrase).await?;
        self.the("heading", "Visit card").await?;
        Ok(words)
    }

    /// A passphrase for this device, twice.
    ///
    /// # Errors
    ///
    /// If it is not asked for.
    pub async fn choose_passphrase(&self, passphrase: &str) -> anyhow::Result<()> {
        self.fill("Passphrase for this device", passphrase).await?;
        self.fill("The same passphrase again", passphrase).await?;
        self.press("Keep my keys on this device").await
    }

    /// Makes a card for the page's own hospital and everything there. Returns its text.
    ///
    /// # Errors
    ///
    /// If no card is shown.
    pub async fn general_card(&self) -> anyhow::Result<String> {
        self.press("Make the card").await?;
        self.the("image", "Visit card as a QR code").await?;
        self.text_in("Visit card as text").await
    }

    /// Signs staff in at their relay's page, with the identity file of the hospital's home.
    ///
    /// # Errors
    ///
    /// If they do not get in.
    pub async fn sign_in_staff(&self, relay: &Relay) -> anyhow::Result<()> {
        self.open(&relay.page_url()?).await?;
        self.follow("I work at a hospital").await?;
        self.the("heading", "Hospital staff").await?;
        self.give_file(&relay.home.join("identity.keepwell"))
            .await?;
        self.shows("identity.keepwell, ").await?;
        self.fill("Passphrase", PASSPHRASE).await?;
        self.press("Sign in").await?;
        self.the("heading", "Issue a record").await?;
        Ok(())
    }

    async fn confirm(&self, words: &[String]) -> anyhow::Result<()> {
        self.the("heading", "Check what you wrote").await?;
        let mut asked = Vec::new();
        for label in self.client().find_all(Locator::Css("form label")).await? {
            let label = label.text().await?;
            let number = label.rsplit(' ').next();
            let number = number.and_then(|number| number.parse::<usize>().ok());
            asked.push((label.clone(), number.with_context(|| format!("{label:?}"))?));
        }
        ensure!(!asked.is_empty(), "no word is asked for");
        for (label, _) in &asked {
            self.fill(label, "nonsense").await?;
        }
        self.press("Check").await?;
        self.the("heading", "Check what you wrote").await?;
        for (label, number) in &asked {
            let word = words.get(number - 1).context("a word of the phrase")?;
            self.fill(label, word).await?;
        }
        self.press("Check").await?;
        self.the("heading", "Choose a passphrase").await?;
        Ok(())
    }
}
