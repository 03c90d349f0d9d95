//! What a relay says in place of the page: that it has none, or that it would not work here. Plain
//! words, without style or program.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Origin, policy};

/// The start of a relay without a page.
pub(super) fn no_page() -> Response {
    plain(
        StatusCode::OK,
        "This relay has no page",
        "<p>The relay is running and answers at <code>/v1</code>, but it was started without the \
         page.</p>\n\
         <p>Whoever runs it can build the page with <code>cargo xtask build</code> and start the \
         relay with <code>--page</code> and the folder that this prints, or put that folder \
         beside the program under the name <code>page</code>.</p>",
    )
}

/// In place of the page, where a browser would refuse it cryptography.
pub(super) fn unprotected(advertised: Option<&Origin>) -> Response {
    let elsewhere = match advertised.filter(|origin| origin.is_https()) {
        // An origin has no character that HTML reads as anything else.
        Some(origin) => format!("<a href=\"{origin}/\">{origin}</a>"),
        None => "the address that your hospital gave you; it begins with <code>https://</code>"
            .to_owned(),
    };
    let words = format!(
        "<p>Keepwell checks and opens your record on this device, and browsers let a page do that \
         only over a protected connection. This address begins with <code>http://</code>: there \
         is no cryptography here (WebCrypto), and anybody on the way could change what you \
         see.</p>\n\
         <h2>What to do</h2>\n\
         <p>Open {elsewhere}.</p>\n\
         <p>If you run this relay: start it with <code>--tls-cert</code> and \
         <code>--tls-key</code>, or put a proxy before it that speaks TLS and sets \
         <code>X-Forwarded-Proto: https</code>. On the machine that it runs on, \
         <code>http://localhost</code> will do.</p>"
    );
    plain(
        StatusCode::FORBIDDEN,
        "This page needs a protected connection",
        &words,
    )
}

fn plain(status: StatusCode, title: &str, words: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title} – Keepwell</title>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{words}\n</main>\n</body>\n</html>\n"
    );
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, policy::OF_PLAIN_WORDS),
    ];
    (status, policy::GUARDS, headers, html).into_response()
}
