//! What a browser is told to allow the page, and to refuse it.

use axum::http::{HeaderName, HeaderValue, header};

use super::Origin;

/// Sent with the page and with everything it loads.
pub(super) const GUARDS: [(HeaderName, HeaderValue); 4] = [
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    // Copying a visit card is all it needs of these.
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "clipboard-write=(self), clipboard-read=(), accelerometer=(), camera=(), \
             display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), \
             microphone=(), midi=(), payment=(), serial=(), usb=()",
        ),
    ),
];

/// For a page that only says something.
pub(super) const OF_PLAIN_WORDS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The page's Content-Security-Policy: it runs its own programs, and asks its own relay and those
/// of the network. Records that it has opened are shown from `blob:` addresses.
pub(super) fn of_page(script_hashes: &[String], origins: &[Origin]) -> String {
    let mut policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'".to_owned();
    for hash in script_hashes {
        policy += &format!(" '{hash}'");
    }
    policy += "; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; frame-src blob:; \
               manifest-src 'self'; connect-src 'self'";
    for origin in origins {
        policy += &format!(" {origin}");
    }
    policy + "; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
}
