//! The page that a relay serves: what a browser is given, and what it is told to refuse.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests: what fails there fails the test"
)]

mod api_world;

use std::{fs, path::Path};

use keepwell_relay::{
    page::PageError,
    service::{ServiceError, Settings},
};
use keepwell_wire::api::PeersAnswer;

use api_world::{Answered, World};

const INDEX: &str = "<!doctype html><script type=\"module\">import '/web-a1b2c3d4e5f60718.js'</script>\
                     <link rel=\"preload\" href=\"/web-a1b2c3d4e5f60718_bg.wasm\">";

const HTML: (&str, &str) = ("Accept", "text/html,*/*;q=0.8");
const BROTLI: (&str, &str) = ("Accept-Encoding", "gzip, br");
const LOCALHOST: (&str, &str) = ("Host", "localhost:8701");

/// A folder as the build leaves it: some files compressed, one not named by its contents.
fn built(folder: &Path) {
    for (name, body) in [
        ("index.html", INDEX),
        ("index.html.br", "index, compressed"),
        ("web-a1b2c3d4e5f60718.js", "start()"),
        ("web-a1b2c3d4e5f60718.js.br", "start, compressed"),
        ("web-a1b2c3d4e5f60718_bg.wasm", "\0asm"),
        ("engine.js", "work()"),
        (".stage", "left over"),
    ] {
        fs::write(folder.join(name), body).unwrap();
    }
}

fn start(urls: &[&str], change: impl FnOnce(&mut Settings)) -> World {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    World::start_with(urls, |settings| {
        settings.page = Some(folder.path().to_owned());
        change(settings);
    })
    .unwrap()
}

/// Status line and headers without the time.
fn head(answered: &Answered) -> String {
    let lines = answered.head.lines();
    let lines = lines.filter(|line| !line.starts_with("date: "));
    lines.collect::<Vec<_>>().join("\n")
}

fn header<'a>(answered: &'a Answered, name: &str) -> Option<&'a str> {
    let mut lines = answered.head.lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[test]
fn page_comes_under_a_strict_policy() {
    let world = start(&["https://north.example/"], |_| {});
    let answered = world.ask("GET /", &[LOCALHOST, HTML], b"");
    assert_eq!(answered.body, INDEX.as_bytes());
    insta::assert_snapshot!(head(&answered), @r#"
    http/1.1 200 ok
    referrer-policy: no-referrer
    cross-origin-opener-policy: same-origin
    cross-origin-resource-policy: same-origin
    permissions-policy: clipboard-write=(self), clipboard-read=(), accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()
    content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-brgu5bxd4mwpzqrjdwts5jqbvyluhhqnz5azeuze5eg='; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; frame-src blob:; manifest-src 'self'; connect-src 'self' https://north.example; base-uri 'self'; form-action 'none'; frame-ancestors 'none'
    cache-control: no-cache
    vary: accept-encoding
    etag: "0204c8034576c005-0a0ddfd1504dc3ad"
    content-type: text/html; charset=utf-8
    x-content-type-options: nosniff
    content-length: 136
    connection: close
    "#);
}

#[test]
fn what_its_name_describes_is_kept_for_good_and_comes_compressed() {
    let world = start(&["https://north.example/"], |_| {});
    let path = "/web-a1b2c3d4e5f60718.js";
    let answered = world.ask(&format!("GET {path}"), &[LOCALHOST, BROTLI], b"");
    assert_eq!(answered.body, b"start, compressed");
    insta::assert_snapshot!(head(&answered), @r#"
    http/1.1 200 ok
    referrer-policy: no-referrer
    cross-origin-opener-policy: same-origin
    cross-origin-resource-policy: same-origin
    permissions-policy: clipboard-write=(self), clipboard-read=(), accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()
    content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-brgu5bxd4mwpzqrjdwts5jqbvyluhhqnz5azeuze5eg='; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; frame-src blob:; manifest-src 'self'; connect-src 'self' https://north.example; base-uri 'self'; form-action 'none'; frame-ancestors 'none'
    cache-control: public, max-age=31536000, immutable
    vary: accept-encoding
    etag: "0c89bb5894ba64a0-br"
    content-type: text/javascript; charset=utf-8
    content-encoding: br
    x-content-type-options: nosniff
    content-length: 17
    connection: close
    "#);

    let plain = world.ask(&format!("GET {path}"), &[LOCALHOST], b"");
    assert_eq!(plain.body, b"start()");
    assert_eq!(header(&plain, "content-encoding"), None);
    assert_ne!(header(&plain, "etag"), header(&answered, "etag"));

    let asked = world.ask(&format!("HEAD {path}"), &[LOCALHOST, BROTLI], b"");
    assert_eq!(head(&asked), head(&answered));
    assert_eq!(asked.body, b"");

    let wasm = world.ask("GET /web-a1b2c3d4e5f60718_bg.wasm", &[BROTLI], b"");
    assert_eq!(header(&wasm, "content-type"), Some("application/wasm"));
    assert_eq!(wasm.body, b"\0asm");
}

#[test]
fn what_changes_under_its_name_is_asked_for_again_and_not_sent_again() {
    let world = start(&["https://north.example/"], |_| {});
    for path in ["/", "/engine.js"] {
        let question = format!("GET {path}");
        let first = world.ask(&question, &[LOCALHOST], b"");
        assert_eq!(
            (first.status, header(&first, "cache-control")),
            (200, Some("no-cache"))
        );
        let tag = header(&first, "etag").unwrap();
        let again = world.ask(&question, &[LOCALHOST, ("If-None-Match", tag)], b"");
        assert_eq!((again.status, again.body.as_slice()), (304, &b""[..]));
        assert_eq!(
            header(&again, "content-security-policy"),
            header(&first, "content-security-policy")
        );
        let other = world.ask(&question, &[LOCALHOST, ("If-None-Match", "\"other\"")], b"");
        assert_eq!(other.status, 200);
    }
}

#[test]
fn every_place_in_the_page_is_the_page_and_everything_else_is_a_problem() {
    let world = start(&[], |_| {});
    for path in [
        "/records",
        "/records/deeper/",
        "/index.html",
        "/web.js",
        "/..%2f",
    ] {
        let answered = world.ask(&format!("GET {path}"), &[LOCALHOST, HTML], b"");
        assert_eq!(
            (answered.status, answered.body.as_slice()),
            (200, INDEX.as_bytes()),
            "{path}"
        );
    }
    for path in [
        "/records",
        "/web.js",
        "/.stage",
        "/engine.js.br",
        "/index.html.br",
    ] {
        let answered = world.ask(&format!("GET {path}"), &[LOCALHOST], b"");
        answered.is_problem(404, "noSuchPage");
    }
    for path in ["/v1", "/v1/", "/v1/nowhere", "/healthz/x", "/metrics/x"] {
        let answered = world.ask(&format!("GET {path}"), &[LOCALHOST, HTML], b"");
        answered.is_problem(404, "noSuchPage");
    }
    world
        .ask("POST /records", &[LOCALHOST, HTML], b"")
        .is_problem(404, "noSuchPage");
}

#[test]
fn only_relays_of_the_directory_can_be_asked_and_no_address_says_more() {
    let urls = [
        "https://north.example/api",
        "http://192.0.2.7:8701",
        "https://north.example:443",
        "https://a;script-src",
        "https://*",
        "'unsafe-eval'",
        "data:,",
        "",
    ];
    let world = start(&urls, |settings| {
        settings.advertise = Some("https://relay.north.example".parse().unwrap());
    });
    let answered = world.ask("GET /engine.js", &[], b"");
    let policy = header(&answered, "content-security-policy").unwrap();
    let sources: Vec<_> = policy
        .split("; ")
        .filter(|part| part.starts_with("connect"))
        .collect();
    assert_eq!(
        sources,
        [
            "connect-src 'self' https://relay.north.example https://north.example http://192.0.2.7:8701"
        ]
    );

    let peers = world.ask("GET /v1/peers", &[], b"");
    let peers: PeersAnswer = serde_json::from_slice(&peers.body).unwrap();
    assert_eq!(peers.url.as_deref(), Some("https://relay.north.example"));
}

#[test]
fn over_plain_http_off_this_machine_it_says_why_it_would_not_work() {
    let world = start(&[], |settings| {
        settings.advertise = Some("https://relay.north.example".parse().unwrap());
    });
    let stranger = ("Host", "hospital.test:8701");
    let answered = world.ask("GET /", &[stranger, HTML], b"");
    insta::assert_snapshot!(head(&answered), @r#"
    http/1.1 403 forbidden
    content-type: text/html; charset=utf-8
    referrer-policy: no-referrer
    cross-origin-opener-policy: same-origin
    cross-origin-resource-policy: same-origin
    permissions-policy: clipboard-write=(self), clipboard-read=(), accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()
    cache-control: no-store
    content-security-policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    x-content-type-options: nosniff
    content-length: 968
    connection: close
    "#);
    let text = String::from_utf8(answered.body).unwrap();
    assert!(text.contains("no cryptography"), "{text}");
    assert!(
        text.contains("href=\"https://relay.north.example/\""),
        "{text}"
    );

    let forwarded = ("X-Forwarded-Proto", "https");
    let answered = world.ask("GET /records", &[stranger, HTML, forwarded], b"");
    assert_eq!(answered.body, INDEX.as_bytes());
}

#[test]
fn relay_without_a_page_says_so_and_how_to_give_it_one() {
    let world = World::start();
    let answered = world.ask("GET /", &[], b"");
    insta::assert_snapshot!(head(&answered), @r#"
    http/1.1 200 ok
    content-type: text/html; charset=utf-8
    referrer-policy: no-referrer
    cross-origin-opener-policy: same-origin
    cross-origin-resource-policy: same-origin
    permissions-policy: clipboard-write=(self), clipboard-read=(), accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()
    cache-control: no-store
    content-security-policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    x-content-type-options: nosniff
    content-length: 635
    connection: close
    "#);
    let text = String::from_utf8(answered.body).unwrap();
    assert!(
        text.contains("without the page") && text.contains("--page"),
        "{text}"
    );
    world
        .ask("GET /records", &[LOCALHOST, HTML], b"")
        .is_problem(404, "noSuchPage");
}

#[test]
fn relay_does_not_start_with_a_folder_that_holds_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let started = World::start_with(&[], |settings| {
        settings.page = Some(folder.path().to_owned());
    });
    let error = started.err().unwrap();
    assert!(
        matches!(error, ServiceError::Page(PageError::NoIndex { .. })),
        "{error}"
    );
    assert!(error.to_string().contains("holds no index.html"), "{error}");
}
