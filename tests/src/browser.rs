//! A real Chromium with a profile of its own, as a person would use it.

use std::{
    env, fs,
    panic::{AssertUnwindSafe, resume_unwind},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use fantoccini::{Client, ClientBuilder, elements::Element, wd::WebDriverCompatibleCommand};
use futures::FutureExt as _;
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, MissedTickBehavior, interval};
use url::{ParseError, Url};

use crate::{accessible, axe, chromedriver::Chromedriver};

/// How long anything on the page may take to appear, on a busy machine.
const APPEARS_WITHIN: Duration = Duration::from_secs(20);
/// How often the page is looked at meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The visible part of the page, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewport {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

impl Viewport {
    /// A phone held upright.
    pub const PHONE: Self = Self {
        width: 390,
        height: 844,
    };
    /// A window on a desk.
    pub const DESK: Self = Self {
        width: 1280,
        height: 800,
    };
}

/// Which colours the person prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorScheme {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

/// One browser with a profile that starts empty and is deleted with it.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    // Dropped in this order: the driver closes its browser before the profile goes.
    _driver: Chromedriver,
    _profile: TempDir,
}

/// Runs a test in a browser of its own. If it fails or panics, a picture of the page is kept in a
/// temporary folder, and its path printed.
///
/// # Errors
///
/// If no browser starts; else what the test fails with.
pub async fn in_browser<T>(
    test: impl AsyncFnOnce(&Browser) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let browser = Browser::start().await?;
    let outcome = AssertUnwindSafe(test(&browser)).catch_unwind().await;
    if !matches!(outcome, Ok(Ok(_))) {
        browser.report_failure().await;
    }
    let closed = browser.client.clone().close().await;
    let value = outcome.unwrap_or_else(|panic| resume_unwind(panic))?;
    closed.context("the browser does not close")?;
    Ok(value)
}

impl Browser {
    /// Starts what `KEEPWELL_CHROMIUM` names, or else the Chromium that its driver finds.
    async fn start() -> anyhow::Result<Self> {
        let driver = Chromedriver::start()?;
        let profile = tempfile::Builder::new()
            .prefix("keepwell-profile-")
            .tempdir()?;
        let mut options = json!({
            "args": [
                "--headless",
                // It refuses to run as root with its sandbox. All it is shown is these tests.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                // Nothing but this machine can be reached. `hospital.test` is this machine under a
                // name that the browser does not take for loopback.
                "--host-resolver-rules=MAP hospital.test 127.0.0.1, MAP * ~NOTFOUND, \
                 EXCLUDE localhost, EXCLUDE 127.0.0.1",
                format!("--user-data-dir={}", profile.path().display()),
            ],
        });
        if let (Some(options), Ok(binary)) =
            (options.as_object_mut(), env::var("KEEPWELL_CHROMIUM"))
        {
            options.insert("binary".to_owned(), Value::String(binary));
        }
        let capabilities = [
            ("goog:chromeOptions".to_owned(), options),
            ("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" })),
        ];
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.into_iter().collect())
            .connect(&driver.url())
            .await
            .context("chromedriver does not start Chromium")?;
        Ok(Self {
            client,
            _driver: driver,
            _profile: profile,
        })
    }

    /// What this has no name for.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Loads an address.
    ///
    /// # Errors
    ///
    /// If it does not load.
    pub async fn open(&self, url: &Url) -> anyhow::Result<()> {
        let loaded = self.client.goto(url.as_str()).await;
        loaded.with_context(|| format!("{url} does not load"))
    }

    /// Gives the page exactly this much room; a window could not be as narrow as a phone.
    ///
    /// # Errors
    ///
    /// If the browser refuses.
    pub async fn resize(&self, viewport: Viewport) -> anyhow::Result<()> {
        let parameters = json!({
            "width": viewport.width,
            "height": viewport.height,
            "deviceScaleFactor": 1,
            "mobile": false,
        });
        let body = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": parameters });
        self.post("goog/cdp/execute", body).await?;
        Ok(())
    }

    /// Sends this header with everything that is asked from now on, as a proxy on the way would
    /// add it.
    ///
    /// # Errors
    ///
    /// If the browser refuses.
    pub async fn always_send(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let parameters = json!({ "headers": { name: value } });
        for (command, parameters) in [
            ("Network.enable", json!({})),
            ("Network.setExtraHTTPHeaders", parameters),
        ] {
            let body = json!({ "cmd": command, "params": parameters });
            self.post("goog/cdp/execute", body).await?;
        }
        Ok(())
    }

    /// Lets the page see that the person prefers these colours.
    ///
    /// # Errors
    ///
    /// If the browser refuses.
    pub async fn color_scheme(&self, scheme: ColorScheme) -> anyhow::Result<()> {
        let value = match scheme {
            ColorScheme::Dark => "dark",
            ColorScheme::Light => "light",
        };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        let body =
            json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
        self.post("goog/cdp/execute", body).await?;
        Ok(())
    }

    /// Looks for what keeps people from using the page as it is now: `tests/axe` says by
    /// what.
    ///
    /// # Errors
    ///
    /// If there is anything serious, or it cannot be looked for.
    pub async fn check_accessibility(&self) -> anyhow::Result<()> {
        axe::check(&self.client).await
    }

    /// Writes a picture of what the page shows as PNG.
    ///
    /// # Errors
    ///
    /// If the browser refuses or the file cannot be written.
    pub async fn screenshot_to(&self, file: &Path) -> anyhow::Result<()> {
        let picture = self.client.screenshot().await?;
        fs::write(file, picture).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Waits until exactly one element has this role and accessible name.
    ///
    /// # Errors
    ///
    /// If there is none, or more than one, when the time is up.
    pub async fn the(&self, role: &str, name: &str) -> anyhow::Result<Element> {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let deadline = Instant::now() + APPEARS_WITHIN;
        loop {
            let now = ticks.tick().await;
            // The page may redraw an element away between finding and asking it: look again.
            let found = accessible::find_all(&self.client, role, name).await;
            match found.map(<[Element; 1]>::try_from) {
                Ok(Ok([element])) => return Ok(element),
                Ok(Err(elements)) if now >= deadline => {
                    bail!(
                        "{} elements are a {role} named {name:?}, not 1",
                        elements.len()
                    );
                }
                Err(error) if now >= deadline => {
                    return Err(error).context(format!("looking for a {role} named {name:?}"));
                }
                _ => {}
            }
        }
    }

    /// Errors that the page or the browser wrote to the console since this was last asked.
    ///
    /// # Errors
    ///
    /// If the browser does not tell.
    pub async fn console_errors(&self) -> anyhow::Result<Vec<String>> {
        let entries = self.post("se/log", json!({ "type": "browser" })).await?;
        let entries = entries.as_array().context("a log is a list")?;
        let is_error = |entry: &&Value| entry.get("level").is_some_and(|level| level == "SEVERE");
        let message = |entry: &Value| entry.get("message").map(ToString::to_string);
        Ok(entries
            .iter()
            .filter(is_error)
            .filter_map(message)
            .collect())
    }

    async fn post(&self, path: &'static str, body: Value) -> anyhow::Result<Value> {
        let answer = self.client.issue_cmd(Post { path, body }).await;
        answer.with_context(|| format!("the browser refuses {path}"))
    }

    #[allow(
        clippy::print_stderr,
        reason = "for the person who reads why a test failed"
    )]
    async fn report_failure(&self) {
        match self.keep_screenshot().await {
            Ok(path) => eprintln!("the page when the test failed: {}", path.display()),
            Err(error) => eprintln!("there is no picture of the page: {error:#}"),
        }
        match self.console_errors().await {
            Ok(errors) => eprintln!("errors in its console: {errors:#?}"),
            Err(error) => eprintln!("its console cannot be read: {error:#}"),
        }
    }

    async fn keep_screenshot(&self) -> anyhow::Result<PathBuf> {
        let folder = tempfile::Builder::new()
            .prefix("keepwell-failed-")
            .tempdir()?;
        let path = folder.keep().join("page.png");
        self.screenshot_to(&path).await?;
        Ok(path)
    }
}

/// A command of Chromium's driver that WebDriver does not have.
#[derive(Debug)]
struct Post {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
