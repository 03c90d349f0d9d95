//! The built page in a real browser, without a relay.

use keepwell_tests::{Site, Viewport, in_browser};
use serde_json::json;

#[tokio::test]
async fn start_says_what_keepwell_is_on_a_phone_and_on_a_desk() -> anyhow::Result<()> {
    let site = Site::serve_dist().await?;
    in_browser(async |browser| {
        for viewport in [Viewport::PHONE, Viewport::DESK] {
            browser.resize(viewport).await?;
            browser.open(&site.url("/")?).await?;
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
    let site = Site::serve_dist().await?;
    in_browser(async |browser| {
        browser.open(&site.url("/no/such/page")?).await?;
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
async fn a_page_off_loopback_without_tls_says_what_it_lacks() -> anyhow::Result<()> {
    let site = Site::serve_dist().await?;
    in_browser(async |browser| {
        let mut url = site.url("/")?;
        url.set_host(Some("hospital.test"))?;
        browser.open(&url).await?;
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
