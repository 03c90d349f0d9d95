//! How fast sealing is beside the browser's bare AES-GCM over the same chunks, in one run and by
//! turns, so that the ratio holds where the machine's speed does not:
//!
//! ```text
//! cargo test --release -p keepwell-web --target wasm32-unknown-unknown --bench sealing -- --nocapture
//! ```
//!
//! with the environment of `cargo xtask test --only wasm`. Bare means: chunks that lie in memory,
//! nothing read, hashed or kept, as many under way at once.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a measurement may panic"
)]

use futures::{Stream, StreamExt, TryStreamExt, stream};
use js_sys::{Date, Uint8Array};
use keepwell_primitives::limits::FILE_CHUNK_BYTES;
use keepwell_seal::{RecordKey, content_leaf};
use keepwell_web::{
    crypt::seal,
    ports::{
        blob_bytes::{self, BlobReader},
        thrown::Thrown,
        webcrypto::{self, AesGcmKey},
    },
};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Blob;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const CHUNKS: usize = 64;
const ROUNDS: usize = 9;
/// As many as sealing has under way.
const IN_FLIGHT: usize = 4;

#[wasm_bindgen_test]
async fn sealing_beside_bare_aes_gcm() {
    let chunk: Vec<u8> = (0..FILE_CHUNK_BYTES).map(|at| (at % 251) as u8).collect();
    let chunk = Uint8Array::from(chunk.as_slice());
    let pieces = vec![blob_bytes::piece(&chunk).unwrap(); CHUNKS];
    let whole = blob_bytes::together(&pieces, "").unwrap();
    let in_wasm = chunk.to_vec();
    let key = RecordKey::from_bytes([7; 32]);
    let cipher = AesGcmKey::import(&key.file_key()).await.unwrap();

    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let bare = timed(bare(&cipher, &chunk)).await;
        let three = timed(bare_and_hashes(&cipher, &chunk)).await;
        let read = timed(read(&whole)).await;
        let sealing = timed(async {
            seal(&whole, &key, |_, _| {}).await.unwrap();
        })
        .await;
        let one_in_wasm = timed(async {
            for _ in 0..CHUNKS {
                std::hint::black_box(content_leaf(0, &in_wasm));
            }
        })
        .await;
        rounds.push([bare, three, read, one_in_wasm, sealing]);
    }
    let names = [
        "bare AES-GCM",
        "AES-GCM and two SHA-256",
        "reading",
        "one SHA-256 in wasm",
        "sealing",
    ];
    for (index, name) in names.into_iter().enumerate() {
        let speed = median(rounds.iter().map(|round| MEGABYTES * 1000.0 / round[index]));
        let ratio = median(rounds.iter().map(|round| round[0] / round[index]));
        console_log!("{name}: {speed:.0} MB/s, {ratio:.2} of bare AES-GCM");
    }
}

const MEGABYTES: f64 = (CHUNKS * FILE_CHUNK_BYTES) as f64 / 1e6;

/// What sealing must do at the least: encrypt.
async fn bare(cipher: &AesGcmKey, chunk: &Uint8Array) {
    let encrypted = (0..CHUNKS).map(|_| cipher.encrypt(&[0; 12], &[0; 24], chunk).unwrap());
    drain(stream::iter(encrypted)).await;
}

/// What the format asks of the cipher and the hash, with nothing read or kept.
async fn bare_and_hashes(cipher: &AesGcmKey, chunk: &Uint8Array) {
    let sealed = (0..CHUNKS).map(|_| async {
        let encrypted = cipher.encrypt(&[0; 12], &[0; 24], chunk)?;
        let content_leaf = webcrypto::sha256(chunk)?;
        let blob_leaf = webcrypto::sha256(&encrypted.await?)?;
        content_leaf.await?;
        blob_leaf.await
    });
    drain(stream::iter(sealed)).await;
}

/// The original, from its beginning to its end.
async fn read(whole: &Blob) {
    let mut reader = BlobReader::new(whole).unwrap();
    let target = Uint8Array::new_with_length(FILE_CHUNK_BYTES as u32);
    for _ in 0..CHUNKS {
        reader.fill(&target).await.unwrap();
    }
}

async fn drain<T>(operations: impl Stream<Item = impl Future<Output = Result<T, Thrown>>>) {
    let done = operations.buffered(IN_FLIGHT);
    done.try_for_each(async |_| Ok(())).await.unwrap();
}

/// Milliseconds.
async fn timed(work: impl Future<Output = ()>) -> f64 {
    let started = Date::now();
    work.await;
    (Date::now() - started).max(1.0)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
