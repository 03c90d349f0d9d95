//! Golden vectors, natively and in a browser: a difference between the two would be a fork.
//!
//! Their expected values come from a second implementation (RFC 5869, BIP-39, BIP-350, RFC 6979,
//! RFC 9106 and RLP written out apart from this one); beside the valid ones stands one named
//! mistake each, with the error it must give.

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "vectors/derivation.rs"]
mod derivation;
#[path = "vectors/hospitals.rs"]
mod hospitals;
#[path = "vectors/ids.rs"]
mod ids;
#[path = "vectors/phrases.rs"]
mod phrases;
#[path = "vectors/signatures.rs"]
mod signatures;
#[path = "vectors/vaults.rs"]
mod vaults;

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
