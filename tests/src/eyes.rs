//! What a person sees of a page, and whether everybody could.

use std::time::Duration;

use anyhow::ensure;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::{Browser, ColorScheme, Viewport};

/// Long enough for blocks to be mined and custodians to answer, on a busy machine.
const SEEN_WITHIN: Duration = Duration::from_secs(120);
/// How often the page is read meanwhile.
const READ_EVERY: Duration = Duration::from_millis(100);

impl Browser {
    /// All words that are on the page and not folded away.
    ///
    /// # Errors
    ///
    /// If the browser does not tell.
    pub async fn page_text(&self) -> anyhow::Result<String> {
        let script = "return document.body.innerText";
        let text = self.client().execute(script, vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page shows these words.
    ///
    /// # Errors
    ///
    /// If it does not when the time is up; what it says instead.
    pub async fn shows(&self, words: &str) -> anyhow::Result<()> {
        self.until(words, |page| page.contains(words)).await
    }

    /// Waits until what the page says is so.
    ///
    /// # Errors
    ///
    /// If it is not when the time is up; what it says instead.
    pub async fn until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> anyhow::Result<()> {
        let mut ticks = interval(READ_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let deadline = Instant::now() + SEEN_WITHIN;
        loop {
            let now = ticks.tick().await;
            let page = self.page_text().await?;
            if is_so(&page) {
                return Ok(());
            }
            ensure!(
                now < deadline,
                "waited in vain for {what:?}; the page says: {page}"
            );
        }
    }

    /// On a desk and on a phone, in dark and in light: axe finds nothing that keeps people from using
    /// the page, and nothing is wider than the window. Leaves the size as it was asked for last.
    ///
    /// # Errors
    ///
    /// What is wrong, and how it was looked at.
    pub async fn check_look(&self, left_at: Viewport) -> anyhow::Result<()> {
        let other = match left_at {
            Viewport::PHONE => Viewport::DESK,
            _ => Viewport::PHONE,
        };
        for viewport in [other, left_at] {
            self.resize(viewport).await?;
            for scheme in [ColorScheme::Dark, ColorScheme::Light] {
                self.color_scheme(scheme).await?;
                self.check_accessibility().await?;
            }
            let script = "return document.documentElement.scrollWidth";
            let width = self.client().execute(script, vec![]).await?;
            let width: u32 = serde_json::from_value(width)?;
            ensure!(
                width <= viewport.width,
                "the page is {width} pixels wide at {viewport:?}"
            );
        }
        Ok(())
    }
}
