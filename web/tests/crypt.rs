//! Sealing and opening by the browser's cryptography, in a dedicated worker as the engine is: the
//! same bytes as natively, the same error for each mistake, and memory that does not grow with the
//! file.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, its helpers too"
)]

#[path = "crypt/disk.rs"]
mod disk;
#[path = "crypt/originals.rs"]
mod originals;
#[path = "crypt/vectors.rs"]
mod vectors;
#[path = "crypt/world.rs"]
mod world;

use disk::Chosen;
use js_sys::{Reflect, Uint8Array};
use keepwell_client::{ChunkSink, ChunkSource, ClientError};
use keepwell_primitives::limits::{BLOB_CHUNK_BYTES, FILE_CHUNK_BYTES};
use keepwell_seal::{OpenError, RecordKey, seal_file};
use keepwell_web::{
    crypt::{CryptError, OpenSink, seal},
    ports::{blob_bytes, blob_bytes::BlobReader, thrown::Thrown},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use world::{blob, content, key, open, spooled};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const CHUNK: usize = FILE_CHUNK_BYTES;

/// Header and length stand before the content.
const PREFIX: usize = 32;

#[wasm_bindgen_test]
async fn every_size_around_a_border_is_sealed_as_natively_and_comes_back() {
    for bytes in [
        0,
        1,
        1000,
        CHUNK - PREFIX - 1,
        CHUNK - PREFIX,
        CHUNK - PREFIX + 1,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK - PREFIX,
        2 * CHUNK - PREFIX + 1,
        3 * CHUNK + 1000,
    ] {
        let content = content(bytes);
        let (native_file, native) = seal_file(&key(), &content).unwrap();
        let (sealed, mut spool) = seal(&blob(&content), &key(), |_, _| {}).await.unwrap();
        assert_eq!(sealed, native, "{bytes} bytes");
        assert!(spool.is_on_disk());
        let file = spooled(&mut spool, &sealed).await;
        assert!(file == native_file, "{bytes} bytes");
        let opened = open(&key(), &file, sealed.content_commitment)
            .await
            .unwrap();
        assert_eq!(opened.type_(), "application/pdf");
        let opened = blob_bytes::all_bytes(&opened).await.unwrap();
        assert!(opened == content, "{bytes} bytes");
    }
}

#[wasm_bindgen_test]
async fn progress_ends_with_all_bytes_and_never_goes_back() {
    let mut steps = Vec::new();
    let content = blob(&content(2 * CHUNK + 5));
    seal(&content, &key(), |done, all| steps.push((done, all)))
        .await
        .unwrap();
    let all = 2 * CHUNK as u64 + 5;
    let first = (CHUNK - PREFIX) as u64;
    assert_eq!(
        steps,
        [(first, all), (first + CHUNK as u64, all), (all, all)]
    );
}

/// 64 MiB, of which the last sealed chunk is all padding.
#[wasm_bindgen_test]
async fn a_large_file_is_sealed_and_opened_in_little_memory() {
    const CHUNKS: usize = 64;
    const GROWTH_BYTES_MAX: u32 = 16 * 1024 * 1024;
    let piece = blob(&content(CHUNK));
    let whole = blob_bytes::together(&vec![piece; CHUNKS], "").unwrap();
    let before = memory_bytes();
    let (sealed, mut spool) = seal(&whole, &key(), |_, _| {}).await.unwrap();
    let size = sealed.leaves.size();
    assert_eq!(size.chunk_count(), 66);
    let mut sink = OpenSink::new(&key(), sealed.content_commitment, "image/png");
    for index in 0..size.chunk_count() {
        let chunk = spool.chunk(index).await.unwrap();
        assert_eq!(sealed.leaves.check_chunk(index, &chunk), Ok(()));
        sink.take(size.bytes(), chunk).await.unwrap();
    }
    let opened = sink.finish().unwrap();
    drop(spool);
    let growth = memory_bytes() - before;
    assert!(growth <= GROWTH_BYTES_MAX, "{growth} bytes");

    assert_eq!(blob_bytes::size_bytes(&opened), (CHUNKS * CHUNK) as u64);
    let mut reader = BlobReader::new(&opened).unwrap();
    let target = Uint8Array::new_with_length(CHUNK as u32);
    let expected = content(CHUNK);
    for index in 0..CHUNKS {
        reader.fill(&target).await.unwrap();
        assert!(target.to_vec() == expected, "mebibyte {index}");
    }
}

#[wasm_bindgen_test]
async fn a_file_that_changed_since_it_was_chosen_is_not_sealed() {
    let chosen = Chosen::of("changed", &content(2 * CHUNK)).await.unwrap();
    assert!(seal(&chosen.file, &key(), |_, _| {}).await.is_ok());
    chosen.write(&content(2 * CHUNK + 1)).await.unwrap();
    assert_unreadable(seal(&chosen.file, &key(), |_, _| {}).await);
}

/// By one byte near its beginning, once that is sealed.
#[wasm_bindgen_test]
async fn a_file_that_changes_while_it_is_sealed_is_not_sealed() {
    let chosen = Chosen::of("changing", &content(24 * CHUNK)).await.unwrap();
    let access = chosen.access().await.unwrap();
    // Chromium compares a file's time by the second.
    gloo::timers::future::TimeoutFuture::new(1100).await;
    let (mut access, key) = (Some(access), key());
    let sealed = seal(&chosen.file, &key, |_, _| {
        if let Some(access) = access.take() {
            access.write_with_u8_array(&[255]).unwrap();
            access.flush().unwrap();
            access.close();
        }
    });
    assert_unreadable(sealed.await);
}

fn assert_unreadable<T>(sealed: Result<T, CryptError>) {
    match sealed {
        Err(CryptError::Unreadable(Thrown { name, .. })) => assert_eq!(name, "NotReadableError"),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("sealed"),
    }
}

#[wasm_bindgen_test]
async fn a_spool_is_gone_once_it_is_dropped() {
    let (_, spool) = seal(&blob(b"text"), &key(), |_, _| {}).await.unwrap();
    assert_eq!(disk::scratch_files().await.unwrap(), 1);
    drop(spool);
    let (_, spool) = seal(&blob(b"text"), &key(), |_, _| {}).await.unwrap();
    assert_eq!(disk::scratch_files().await.unwrap(), 1, "the new one alone");
    drop(spool);
}

#[wasm_bindgen_test]
async fn a_flipped_bit_is_found_in_every_chunk() {
    let (file, sealed) = seal_file(&key(), &content(3 * CHUNK + 1000)).unwrap();
    for index in 0..4 {
        let mut file = file.clone();
        file[index * BLOB_CHUNK_BYTES + 100] ^= 0x10;
        let opened = open(&key(), &file, sealed.content_commitment).await;
        let index = index as u32;
        assert_eq!(opened.unwrap_err(), OpenError::Tampered { index });
    }
}

#[wasm_bindgen_test]
async fn another_key_opens_nothing() {
    let (file, sealed) = seal_file(&key(), &content(1000)).unwrap();
    let other = RecordKey::from_bytes([8; 32]);
    assert_eq!(
        open(&other, &file, sealed.content_commitment)
            .await
            .unwrap_err(),
        OpenError::Tampered { index: 0 }
    );
}

#[wasm_bindgen_test]
async fn content_that_its_record_did_not_commit_to_is_not_handed_out() {
    let (file, sealed) = seal_file(&key(), b"a content").unwrap();
    let (_, other) = seal_file(&key(), b"b content").unwrap();
    assert_eq!(
        open(&key(), &file, other.content_commitment)
            .await
            .unwrap_err(),
        OpenError::OtherContent {
            got: sealed.content_commitment,
            expected: other.content_commitment
        }
    );
}

#[wasm_bindgen_test]
async fn an_unfinished_file_is_not_handed_out() {
    let (file, sealed) = seal_file(&key(), &content(2 * CHUNK)).unwrap();
    let sink = OpenSink::new(&key(), sealed.content_commitment, "image/png");
    let (got, expected) = (0, 1);
    assert_eq!(
        sink.finish().unwrap_err(),
        CryptError::Open(OpenError::Unfinished { got, expected })
    );
    let mut sink = OpenSink::new(&key(), sealed.content_commitment, "image/png");
    let first = file[..BLOB_CHUNK_BYTES].to_vec();
    sink.take(file.len() as u64, first).await.unwrap();
    let (got, expected) = (1, 3);
    assert_eq!(
        sink.finish().unwrap_err(),
        CryptError::Open(OpenError::Unfinished { got, expected })
    );
}

#[wasm_bindgen_test]
async fn a_refused_or_surplus_chunk_does_no_harm_to_the_right_ones() {
    let content = content(2 * CHUNK);
    let (file, sealed) = seal_file(&key(), &content).unwrap();
    let (size, chunks) = (file.len() as u64, file.chunks(BLOB_CHUNK_BYTES));
    let chunks: Vec<_> = chunks.map(<[u8]>::to_vec).collect();
    let mut sink = OpenSink::new(&key(), sealed.content_commitment, "image/png");
    sink.take(size, chunks[0].clone()).await.unwrap();
    for (wrong, error) in [
        (chunks[0].clone(), OpenError::Repeated { index: 1, got: 0 }),
        (
            chunks[1][..99].to_vec(),
            OpenError::ChunkLength {
                index: 1,
                got: 99,
                expected: BLOB_CHUNK_BYTES,
            },
        ),
    ] {
        assert_eq!(
            sink.take(size, wrong).await,
            Err(ClientError::Open { error })
        );
    }
    sink.take(size, chunks[1].clone()).await.unwrap();
    sink.take(size, chunks[2].clone()).await.unwrap();
    let error = OpenError::AfterLast { count: 3 };
    assert_eq!(
        sink.take(size, chunks[2].clone()).await,
        Err(ClientError::Open { error })
    );
    let opened = blob_bytes::all_bytes(&sink.finish().unwrap()).await;
    assert!(opened.unwrap() == content);
}

fn memory_bytes() -> u32 {
    let buffer = Reflect::get(&wasm_bindgen::memory(), &"buffer".into()).unwrap();
    buffer.unchecked_into::<js_sys::ArrayBuffer>().byte_length()
}
