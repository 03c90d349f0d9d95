//! The built page in a real browser, from a relay that serves it.

use std::fs;

use keepwell_tests::{Browser, ColorScheme, Network, Viewport, in_browser};
use serde_json::json;
use url::Url;

#[tokio::test]
async fn start_says_what_keepwell_is_on_a_phone_and_on_a_desk() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        for viewport in [Viewport::PHONE, Viewport::DESK] {
            browser.resize(viewport).await?;
            browser.open(&page).await?;
            browser.the("heading", "Keepwell").await?;
            for scheme in [ColorScheme::Light, ColorScheme::Dark] {
                browser.color_scheme(scheme).await?;
                browser.check_accessibility().await?;
            }
            assert_fits(browser, viewport).await?;
        }
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_page_is_drawn_in_the_colours_that_the_person_prefers() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        browser.open(&page).await?;
        browser.the("heading", "Keepwell").await?;
        let mut grounds = Vec::new();
        for scheme in [ColorScheme::Light, ColorScheme::Dark] {
            browser.color_scheme(scheme).await?;
            let script = "return getComputedStyle(document.body).backgroundColor";
            grounds.push(browser.client().execute(script, vec![]).await?);
        }
        assert_eq!(grounds, ["rgb(245, 247, 246)", "rgb(15, 22, 24)"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_network_that_nobody_vouches_for_is_trusted_only_after_its_code_was_compared()
-> anyhow::Result<()> {
    let network = Network::start(1)?;
    let mut page = network.relays[0].page_url()?;
    let genesis = network.genesis.hash().to_string();
    page.set_fragment(None);
    in_browser(async |browser| {
        browser.open(&page).await?;
        browser
            .the("heading", "Is this your hospital's network?")
            .await?;
        let shown = browser.the("main", "").await?.text().await?;
        let code = [0, 4, 8, 12, 16].map(|start| &genesis[start..start + 4]);
        assert!(shown.contains(&code.join("-")), "{shown}");
        browser.check_accessibility().await?;
        browser.press("The codes are the same").await?;
        browser.the("link", "I am new here").await?;

        page.set_fragment(Some(&format!("genesis={}", "ab".repeat(32))));
        browser.open(&page).await?;
        browser.client().refresh().await?;
        browser
            .the("heading", "This address names another network")
            .await?;
        browser.press("Stay with my network").await?;
        browser.the("link", "I am new here").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_accessibility_check_finds_a_mistake() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        browser.open(&page).await?;
        browser.the("heading", "Keepwell").await?;
        let nameless = "document.querySelector('main').append(document.createElement('button'))";
        browser.client().execute(nameless, vec![]).await?;
        let found = browser.check_accessibility().await;
        let error = found.expect_err("a button without a name").to_string();
        assert!(error.contains("button-name"), "{error}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_keyboard_skips_to_the_content() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        browser.open(&at(&page, "/no/such/page")).await?;
        browser.the("heading", "There is no such page").await?;
        let skip = browser.the("link", "Skip to the content").await?;
        skip.send_keys("\u{e007}").await?;
        assert_eq!(focused(browser).await?, json!("main"));
        let address = browser.client().current_url().await?;
        assert_eq!(address.fragment(), page.fragment(), "the network stays");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_unknown_address_leads_back_to_the_start() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        browser.open(&at(&page, "/no/such/page")).await?;
        browser.the("heading", "There is no such page").await?;
        browser
            .the("link", "Go to the start")
            .await?
            .click()
            .await?;
        browser.the("heading", "Keepwell").await?;
        assert_eq!(
            focused(browser).await?,
            json!("main"),
            "reading starts at the new page"
        );
        let title = browser.client().title().await?;
        assert_eq!(title, "Your record, held by you · Keepwell");
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_relay_off_loopback_without_tls_says_why_the_page_would_not_work() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let mut page = network.relays[0].page_url()?;
    page.set_host(Some("hospital.test"))?;
    in_browser(async |browser| {
        browser.open(&page).await?;
        browser
            .the("heading", "This page needs a protected connection")
            .await?;
        browser.the("heading", "What to do").await?;
        for scheme in [ColorScheme::Light, ColorScheme::Dark] {
            browser.color_scheme(scheme).await?;
            browser.check_accessibility().await?;
        }

        // A proxy that claims what is not so: the page comes, and finds out by itself.
        browser.always_send("X-Forwarded-Proto", "https").await?;
        browser.client().refresh().await?;
        let alert = browser.the("alert", "").await?.text().await?;
        assert!(
            alert.contains("did not arrive over a protected connection"),
            "{alert}"
        );
        assert!(alert.contains("no cryptography"), "{alert}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_policy_lets_a_record_be_shown_and_no_stranger_be_asked() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        browser.open(&page).await?;
        browser.the("heading", "Keepwell").await?;
        let letter = fs::read(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../samples/pdf/discharge-letter.pdf"
        ))?;
        let refused = browser
            .client()
            .execute_async(REFUSED, vec![json!(letter)])
            .await?;
        assert_eq!(
            refused,
            json!(["connect-src", "script-src-elem", "style-src-attr"])
        );
        let errors = browser.console_errors().await?;
        assert!(
            !errors.iter().any(|error| error.contains("blob:")),
            "{errors:#?}"
        );
        Ok(())
    })
    .await
}

/// The id of the element that has the focus.
/// Another address of the same page, with the network that it names.
fn at(page: &Url, path: &str) -> Url {
    let mut url = page.clone();
    url.set_path(path);
    url
}

async fn focused(browser: &Browser) -> anyhow::Result<serde_json::Value> {
    let script = "return document.activeElement.id";
    Ok(browser.client().execute(script, vec![]).await?)
}

/// Nothing is wider than the window. A scroll bar may take of its width.
async fn assert_fits(browser: &Browser, viewport: Viewport) -> anyhow::Result<()> {
    let script = "return [window.innerWidth, document.documentElement.scrollWidth]";
    let room = browser.client().execute(script, vec![]).await?;
    let [window, page]: [u32; 2] = serde_json::from_value(room)?;
    assert_eq!(window, viewport.width);
    assert!(
        page <= window,
        "the page is {page} wide, the window {window}"
    );
    Ok(())
}

/// Does what the page may do, and then three things that it may not; gives what was refused.
const REFUSED: &str = "
    const [letter, done] = arguments;
    const refused = [];
    addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
    (async () => {
        await fetch('/v1/head');
        const frame = document.createElement('iframe');
        frame.src = URL.createObjectURL(new Blob([Uint8Array.from(letter)], { type: 'application/pdf' }));
        frame.title = 'A record';
        document.body.append(frame);
        await new Promise(loaded => frame.onload = loaded);
        await fetch('https://stranger.test/').catch(() => {});
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        document.body.setAttribute('style', 'color: red');
        await new Promise(requestAnimationFrame);
        await new Promise(settled => setTimeout(settled, 100));
        done(window.ran ? 'an inline script ran' : refused.sort());
    })().catch(error => done(String(error)));
";
