//! The built page in a real browser, from a relay that serves it.

use keepwell_tests::{Network, Viewport, in_browser};
use serde_json::json;

#[tokio::test]
async fn start_says_what_keepwell_is_on_a_phone_and_on_a_desk() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        for viewport in [Viewport::PHONE, Viewport::DESK] {
            browser.resize(viewport).await?;
            browser.open(&page).await?;
            browser.the("heading", "Keepwell").await?;
            browser.the("heading", "This browser").await?;

            let room = browser
                .client()
                .execute(
                    "return [window.innerWidth, document.documentElement.scrollWidth]",
                    vec![],
                )
                .await?;
            assert_eq!(
                room,
                json!([viewport.width, viewport.width]),
                "nothing is wider than the window"
            );
        }
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_unknown_address_leads_back_to_the_start() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        browser.open(&page.join("/no/such/page")?).await?;
        browser.the("heading", "There is no such page").await?;
        browser
            .the("link", "Go to the start")
            .await?
            .click()
            .await?;
        browser.the("heading", "Keepwell").await?;
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
async fn a_record_is_shown_in_a_frame_and_no_stranger_is_asked() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let page = network.relays[0].page_url()?;
    in_browser(async |browser| {
        browser.open(&page).await?;
        browser.the("heading", "Keepwell").await?;
        let refused = browser.client().execute_async(REFUSED, vec![]).await?;
        assert_eq!(
            refused,
            json!(["connect-src", "script-src-elem", "style-src-attr"])
        );
        Ok(())
    })
    .await
}

/// Does what the page may do, and then three things that it may not; gives what was refused.
const REFUSED: &str = "
    const done = arguments[arguments.length - 1];
    const refused = [];
    addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
    (async () => {
        await fetch('/v1/head');
        const frame = document.createElement('iframe');
        frame.src = URL.createObjectURL(new Blob(['<p>a record</p>'], { type: 'text/html' }));
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
