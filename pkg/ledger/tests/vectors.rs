//! Golden vectors, natively and in a browser: a difference between the two would be a fork.
//!
//! `examples/make_vectors.rs` writes them. Beside the valid ones stands one named mistake each,
//! with the error it must give.

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "vectors/blocks.rs"]
mod blocks;
#[path = "vectors/cards.rs"]
mod cards;
#[path = "vectors/genesis.rs"]
mod genesis;
#[path = "vectors/headers.rs"]
mod headers;
#[path = "vectors/transactions.rs"]
mod transactions;

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
