//! Golden vectors, natively and in a browser: a difference between the two would be a fork.
//!
//! Their values come from a second implementation (the trees, RLP, Umbral with its curve, RFC 9380
//! and XChaCha20-Poly1305 written out apart from this one); beside the valid ones stands one named
//! mistake each, with the error it must give.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, its helpers too"
)]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "vectors/blobs.rs"]
mod blobs;
#[path = "vectors/umbral.rs"]
mod umbral;

/// The vectors of one file.
fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("the vectors have the shape their test expects")
}

/// The bytes a vector writes in hex.
fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).expect("the vectors write bytes in hex")
}

/// Asserts that `result` is the error that the vector `name` expects, as Rust shows it.
fn assert_error<T, E: std::fmt::Debug>(name: &str, result: Result<T, E>, expected: &str) {
    match result {
        Ok(_) => panic!("{name}: accepted"),
        Err(error) => assert_eq!(format!("{error:?}"), expected, "{name}"),
    }
}
