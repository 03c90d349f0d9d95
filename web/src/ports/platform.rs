//! Whether this browser, at this address, offers what Keepwell cannot do without.
//!
//! It looks for what is there and changes nothing: no database is opened, no key is made.

use std::fmt;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Something that Keepwell needs and this browser does not offer. Its text tells a person what to
/// do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// The page came over plain HTTP from another machine. Browsers withhold cryptography then.
    SecureContext,
    /// Web Cryptography API, the `crypto.subtle` object.
    WebCrypto,
    /// Indexed Database API, where keys and verified state are kept.
    IndexedDb,
}

/// What this browser lacks, the cause before its consequences; empty if nothing.
#[must_use]
pub fn lacking() -> Vec<Lacking> {
    let window = gloo::utils::window();
    let offers_web_crypto = window
        .crypto()
        .and_then(|crypto| Reflect::get(&crypto, &JsValue::from_str("subtle")))
        .is_ok_and(|subtle| subtle.is_object());
    // Some browsers throw when site data is blocked, others give nothing.
    let offers_indexed_db = matches!(window.indexed_db(), Ok(Some(_)));
    [
        (window.is_secure_context(), Lacking::SecureContext),
        (offers_web_crypto, Lacking::WebCrypto),
        (offers_indexed_db, Lacking::IndexedDb),
    ]
    .into_iter()
    .filter_map(|(offered, lack)| (!offered).then_some(lack))
    .collect()
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecureContext => {
                "This page did not arrive over a protected connection. Open it with an address \
                 that starts with https:// or http://localhost."
            }
            Self::WebCrypto => {
                "This browser offers this page no cryptography. Use a current browser."
            }
            Self::IndexedDb => {
                "This browser lets this page store nothing. Allow site data for this address, or \
                 leave private browsing."
            }
        })
    }
}
