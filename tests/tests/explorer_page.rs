//! The explorer in a real browser: what it shows is what the relay's API says, and what it says of
//! it is what was checked.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, ensure};
use fantoccini::Locator;
use keepwell_ledger::transaction::Transaction;
use keepwell_tests::{
    Browser, ColorScheme, Network, PASSPHRASE, Patient, Viewport, in_browser, wait_for,
};
use keepwell_wire::api::{HospitalsAnswer, PeersAnswer, TransactionState};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep},
};
use url::Url;

/// How long what the page shows may take to change, on a busy machine.
const CHANGES_WITHIN: Duration = Duration::from_secs(60);

/// Two hospitals, one record that is final, and one transaction that waits for one before it that
/// never comes.
struct Told {
    network: Network,
    record: Transaction,
    record_index: u64,
    waiting: Transaction,
}

impl Told {
    fn new() -> anyhow::Result<Self> {
        let network = Network::start(2)?;
        let relay = network.relay(0)?;
        let (identity, genesis_hash) = (relay.identity()?, network.genesis.hash());
        let patient = Patient::numbered(1, identity.id());
        let record = patient.record(&identity, 0, true, &genesis_hash)?;
        relay.api.submit(&record)?;
        let mined = wait_for("the record to be final", || {
            let answer = relay.api.transaction(&record.txid()).ok()?;
            (answer.state == TransactionState::Final).then_some(answer)
        })?;
        let record_index = mined.block.context("final is in a block")?.index.0;
        let waiting = patient.record(&identity, 7, false, &genesis_hash)?;
        relay.api.submit(&waiting)?;
        Ok(Self {
            network,
            record,
            record_index,
            waiting,
        })
    }

    /// The relay's own word, as JSON.
    fn word<T: serde::de::DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.network.relay(0)?.api.get(path, None)
    }

    fn head(&self) -> anyhow::Result<u64> {
        Ok(self.network.relay(0)?.api.head()?.head.index.0)
    }
}

#[tokio::test]
async fn the_explorer_shows_what_the_relay_s_api_says() -> anyhow::Result<()> {
    let mut told = Told::new()?;
    let page = told.network.relay(0)?.page_url()?;
    in_browser(async |browser| {
        browser.open(&page).await?;
        browser.follow("Network explorer").await?;
        browser.the("heading", "Network explorer").await?;

        // The chain rests: its newest block is the first line.
        let head = told.head()?;
        let lines = until(browser, "the newest block", async |browser| {
            let lines = table(browser).await?;
            let first = lines.first().and_then(|line| line.first());
            Ok((first == Some(&head.to_string())).then_some(lines))
        })
        .await?;
        let script = "return [...document.querySelectorAll('main h2')].map(one => one.textContent)";
        let headings = browser.client().execute(script, vec![]).await?;
        assert_eq!(headings, json!(["The tries' roots now", "Blocks"]));
        let of_the_record = told.record_index.to_string();
        let line = lines
            .iter()
            .find(|line| line.first() == Some(&of_the_record));
        let line = line.context("the record's block is in the list")?;
        let block: Value = told.word(&format!("/v1/blocks/{of_the_record}"))?;
        let miner = told.network.relays.iter().find(|relay| {
            let id = relay.identity().map(|identity| identity.id().to_string());
            id.is_ok_and(|id| block["miner"] == id)
        });
        let miner = miner.context("a relay mined it")?;
        assert_eq!(
            line[2..],
            [
                "1".to_owned(),
                miner.name.clone(),
                as_text(&block["hash"]),
                "Verified, final".to_owned(),
            ]
        );
        let newest: Value = told.word(&format!("/v1/blocks/{head}"))?;
        let roots = terms(browser, "section[aria-label='The tries\\' roots now']").await?;
        for name in ["patientStateTrieHash", "hospitalStateTrieHash"] {
            assert_eq!(roots.get(name), Some(&as_text(&newest[name])), "{name}");
        }
        check(browser).await?;

        browser.follow(&of_the_record).await?;
        let heading = format!("Block {of_the_record}");
        browser.the("heading", &heading).await?;
        browser.the("heading", "SubmitRecord").await?;
        let shown = terms(
            browser,
            "section[aria-label='The block'], section[aria-label='Besides']",
        )
        .await?;
        let said = block.as_object().context("a block is an object")?;
        for (name, value) in said {
            assert_eq!(shown.get(name), Some(&as_text(value)), "{name}");
        }
        for name in [
            "index",
            "timestamp",
            "nonce",
            "transactions",
            "hash",
            "previousHash",
            "merkleRootHash",
            "patientStateTrieHash",
            "hospitalStateTrieHash",
        ] {
            assert!(said.contains_key(name), "the report's {name}");
        }
        let transaction = terms(browser, "article[aria-label=SubmitRecord]").await?;
        let txid = told.record.txid().to_string();
        assert_eq!(transaction.get("txid"), Some(&txid));
        assert_eq!(transaction.get("nonce").map(String::as_str), Some("0"));
        for name in ["patientId", "diseaseId", "blobId", "contentCommitment"] {
            assert!(transaction.contains_key(name), "{name}: {transaction:?}");
        }
        check(browser).await?;

        // By the neighbours, and by a name that is typed.
        browser.follow("Previous block").await?;
        let before = told.record_index - 1;
        browser.the("heading", &format!("Block {before}")).await?;
        browser.follow("Next block").await?;
        browser.the("heading", &heading).await?;
        search(browser, "0").await?;
        browser.the("heading", "Block 0").await?;
        search(browser, &as_text(&block["hash"]).to_uppercase()).await?;
        browser.the("heading", &heading).await?;

        browser.follow("Waiting").await?;
        browser.the("heading", "SubmitRecord").await?;
        let waits = terms(browser, "article[aria-label=SubmitRecord]").await?;
        let txid = told.waiting.txid().to_string();
        assert_eq!(waits.get("txid"), Some(&txid));
        let mempool: Value = told.word("/v1/mempool")?;
        let all = mempool["transactions"].as_array().context("a list")?;
        assert_eq!(all.len(), 1, "as many as the relay lists");
        check(browser).await?;

        browser.follow("Hospitals").await?;
        let directory: HospitalsAnswer = told.word("/v1/hospitals")?;
        assert_eq!(directory.hospitals.len(), 2);
        for hospital in &directory.hospitals {
            browser.the("heading", &hospital.name).await?;
            let article = format!("article[aria-label='{}']", hospital.name);
            let shown = terms(browser, &article).await?;
            for (name, value) in [
                ("id", hospital.id.to_string()),
                ("Authority key", hospital.keys.authority.to_string()),
                ("Encryption key", hospital.keys.encryption.to_string()),
                ("Node key", hospital.keys.node.to_string()),
                ("Custody key", hospital.keys.custody.to_string()),
                ("Relay", hospital.urls.concat()),
                ("Node", hospital.peers.concat()),
                ("status", "Active".to_owned()),
            ] {
                assert_eq!(shown.get(name), Some(&value), "{name}");
            }
        }
        let issuer = format!("article[aria-label='{}']", told.network.relay(0)?.name);
        let counts = terms(browser, &issuer).await?;
        assert_eq!(
            counts.get("Transactions sent").map(String::as_str),
            Some("1")
        );
        assert_eq!(counts.get("Scopes opened").map(String::as_str), Some("1"));
        check(browser).await?;

        browser.follow("Peers").await?;
        browser.the("table", "Connected nodes").await?;
        let peers: PeersAnswer = told.word("/v1/peers")?;
        let shown: Vec<_> = table(browser)
            .await?
            .into_iter()
            .filter_map(|line| {
                Some((
                    line.first()?.clone(),
                    line.get(1)?.clone(),
                    line.last()?.clone(),
                ))
            })
            .collect();
        let expected: Vec<_> = peers
            .peers
            .iter()
            .map(|peer| {
                (
                    peer.name.clone(),
                    peer.address.clone(),
                    peer.hospital_id.to_string(),
                )
            })
            .collect();
        assert_eq!(shown, expected);
        assert_eq!(shown.len(), 1);
        check(browser).await?;
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await?;

    in_browser(async |browser| {
        browser.open(&at(&page, "/explorer")?).await?;
        browser.the("heading", "Network explorer").await?;
        search(browser, "the newest").await?;
        let refused = browser.the("alert", "").await?.text().await?;
        assert!(refused.contains("neither an index"), "{refused}");
        check(browser).await?;
        search(browser, "999999").await?;
        until(browser, "that there is no such block", async |browser| {
            let text = main_text(browser).await?;
            Ok(text.contains("The relay has no such block").then_some(()))
        })
        .await?;
        check(browser).await?;
        browser.open(&at(&page, "/explorer/blocks/head")?).await?;
        until(browser, "that this names no block", async |browser| {
            let text = main_text(browser).await?;
            Ok(text.contains("This names no block").then_some(()))
        })
        .await?;

        // A relay that is out is named, and what was found before stays.
        browser.follow("Hospitals").await?;
        let name = told.network.relay(0)?.name.clone();
        browser.the("heading", &name).await?;
        let [relay, _] = told.network.relays.as_mut_slice() else {
            anyhow::bail!("two relays")
        };
        relay.kill()?;
        browser.press("Look again").await?;
        let alert = browser.the("alert", "").await?.text().await?;
        assert!(alert.contains("Code: unreachable"), "{alert}");
        assert!(alert.contains(relay.api.origin()), "{alert}");
        let text = main_text(browser).await?;
        assert!(text.contains("What is shown below was found before."));
        browser.the("heading", &name).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn staff_have_their_own_relay_mine() -> anyhow::Result<()> {
    let network = Network::start(2)?;
    let relay = network.relay(0)?;
    let page = at(&relay.page_url()?, "/staff")?;
    in_browser(async |browser| {
        browser.open(&page).await?;
        browser.the("heading", "Hospital staff").await?;
        browser
            .give_file(&relay.home.join("identity.keepwell"))
            .await?;
        browser.fill("Passphrase", PASSPHRASE).await?;
        browser.press("Sign in").await?;
        browser.follow("Explorer").await?;
        browser.the("heading", "Network explorer").await?;

        let before = relay.api.head()?.head.index.0;
        browser.press("Mine now").await?;
        let lines = until(browser, "a block that was asked for", async |browser| {
            let lines = table(browser).await?;
            let first = lines.first().and_then(|line| line.first());
            let index = first.and_then(|index| index.parse::<u64>().ok());
            Ok(index.filter(|index| *index > before).map(|_| lines))
        })
        .await?;
        let head = relay.api.head()?.head;
        assert!(head.index.0 > before);
        assert_eq!(lines[0][0], head.index.to_string());
        assert_eq!(lines[0][4], head.hash.to_string());
        assert!(lines[0][5].starts_with("Verified"), "{:?}", lines[0]);
        until(browser, "what came of it", async |browser| {
            let text = main_text(browser).await?;
            Ok(text.contains("is there.").then_some(()))
        })
        .await?;
        check(browser).await?;
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_is_not_what_it_claims_is_not_shown() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let relay = network.relay(0)?;
    let mut page = relay.page_url()?;
    let liar = Liar::before(&page).await?;
    page.set_port(Some(liar.port))
        .map_err(|()| anyhow::anyhow!("no port"))?;
    in_browser(async |browser| {
        browser.open(&at(&page, "/explorer/blocks/0")?).await?;
        let alert = browser.the("alert", "").await?.text().await?;
        assert!(alert.contains("failed verification"), "{alert}");
        assert!(alert.contains("Code: blockHash"), "{alert}");
        assert!(
            alert.contains(&format!("localhost:{}", liar.port)),
            "{alert}"
        );
        let text = main_text(browser).await?;
        assert!(!text.contains("Verified"), "{text}");
        assert!(!text.contains("merkleRootHash"), "{text}");
        check(browser).await
    })
    .await
}

/// A relay that calls single blocks by another hash than their own, and is honest beside: each
/// request goes to a real relay, and its answer back.
struct Liar {
    port: u16,
}

impl Liar {
    async fn before(relay: &Url) -> anyhow::Result<Self> {
        let relay = relay.port().context("a relay of tests has a port")?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                tokio::spawn(answer(browser, relay));
            }
        });
        Ok(Self { port })
    }
}

async fn answer(mut browser: TcpStream, relay: u16) -> anyhow::Result<()> {
    let mut request = Vec::new();
    let head = loop {
        ensure!(browser.read_buf(&mut request).await? > 0, "it hung up");
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            break String::from_utf8(request.drain(..end + 4).collect())?;
        }
    };
    let is_about_transfer = |line: &&str| {
        let name = line.split(':').next().unwrap_or_default().to_lowercase();
        ["connection", "accept-encoding"].contains(&name.as_str())
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse::<usize>().ok())?
    });
    while request.len() < length.unwrap_or(0) {
        ensure!(browser.read_buf(&mut request).await? > 0, "it hung up");
    }
    let lines = head.lines().filter(|line| !line.is_empty());
    let mut forwarded: Vec<&str> = lines.filter(|line| !is_about_transfer(line)).collect();
    forwarded.push("Connection: close\r\n\r\n");
    let mut honest = TcpStream::connect(("127.0.0.1", relay)).await?;
    honest.write_all(forwarded.join("\r\n").as_bytes()).await?;
    honest.write_all(&request).await?;
    if !head.starts_with("GET /v1/blocks/") {
        tokio::io::copy(&mut honest, &mut browser).await?;
        return Ok(());
    }
    let mut truth = String::new();
    honest.read_to_string(&mut truth).await?;
    let (before, hash) = truth
        .split_once("\"hash\":\"")
        .context("a block has a hash")?;
    let lie = if hash.starts_with('0') { '1' } else { '0' };
    let told = format!("{before}\"hash\":\"{lie}{}", &hash[1..]);
    Ok(browser.write_all(told.as_bytes()).await?)
}

/// The same page at another path.
fn at(page: &Url, path: &str) -> anyhow::Result<Url> {
    let mut url = page.join(path)?;
    url.set_fragment(page.fragment());
    Ok(url)
}

/// A value of the API as the explorer writes it.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.len().to_string(),
        other => other.to_string(),
    }
}

async fn search(browser: &Browser, name: &str) -> anyhow::Result<()> {
    let field = browser.the("searchbox", "Index or hash of a block").await?;
    field.clear().await?;
    field.send_keys(name).await?;
    browser.press("Show the block").await
}

/// The cells of the one table, row by row.
async fn table(browser: &Browser) -> anyhow::Result<Vec<Vec<String>>> {
    let script = "return [...document.querySelectorAll('tbody tr')].map(
        row => [...row.cells].map(cell => cell.textContent.trim()));";
    let cells = browser.client().execute(script, vec![]).await?;
    Ok(serde_json::from_value(cells)?)
}

/// Terms and their values; of a value with a meaning beside it, the value alone.
async fn terms(browser: &Browser, within: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let script = "return Object.fromEntries(
        [...document.querySelectorAll(arguments[0])]
            .flatMap(part => [...part.querySelectorAll('dl > div')])
            .map(entry => [entry.querySelector('dt'), entry.querySelector('dd')])
            .map(([term, of]) => [term.textContent, (of.querySelector('code') ?? of).textContent]));";
    let terms = browser
        .client()
        .execute(script, vec![json!(within)])
        .await?;
    Ok(serde_json::from_value(terms)?)
}

/// What the page's content says, once the page is drawn.
async fn main_text(browser: &Browser) -> anyhow::Result<String> {
    let drawn = browser.client().wait().at_most(CHANGES_WITHIN);
    let main = drawn.for_element(Locator::Css("main")).await?;
    Ok(main.text().await?)
}

/// Looks until there is something.
async fn until<T>(
    browser: &Browser,
    what: &str,
    look: impl AsyncFn(&Browser) -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + CHANGES_WITHIN;
    loop {
        if let Some(found) = look(browser).await? {
            return Ok(found);
        }
        ensure!(Instant::now() < deadline, "waited in vain for {what}");
        sleep(Duration::from_millis(100)).await;
    }
}

/// What is shown now, on a phone and on a desk, in both schemes: nothing serious for axe, and
/// nothing wider than the window.
async fn check(browser: &Browser) -> anyhow::Result<()> {
    for viewport in [Viewport::PHONE, Viewport::DESK] {
        browser.resize(viewport).await?;
        for scheme in [ColorScheme::Light, ColorScheme::Dark] {
            browser.color_scheme(scheme).await?;
            browser.check_accessibility().await?;
        }
        let script = "return [window.innerWidth, document.documentElement.scrollWidth]";
        let room = browser.client().execute(script, vec![]).await?;
        let [window, page]: [u32; 2] = serde_json::from_value(room)?;
        assert_eq!(window, viewport.width);
        assert!(
            page <= window,
            "the page is {page} wide, the window {window}"
        );
    }
    Ok(())
}
