//! Sealed files: round trips around every border, and one test for each way to break one.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, its helpers too"
)]

use std::sync::LazyLock;

use aes_gcm::{AeadInPlace, Aes256Gcm, KeyInit};
use keepwell_primitives::limits::{BLOB_CHUNK_BYTES, FILE_BYTES_MAX, FILE_CHUNK_BYTES};
use keepwell_seal::{
    ContentCommitment, FileHeader, FileHeaderError, OpenError, OpenPlan, Opener, RecordKey,
    SealPlan, SealedFile, open_file, seal_file,
};
use proptest::prelude::*;

const CHUNK: usize = FILE_CHUNK_BYTES;

/// Header and length stand before the content.
const PREFIX: usize = 32;

fn key() -> RecordKey {
    RecordKey::from_bytes([7; 32])
}

fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at % 251) as u8).collect()
}

/// Content over four chunks, the last one short, its sealed chunks, and what the chain says.
struct Sample {
    content: Vec<u8>,
    chunks: Vec<Vec<u8>>,
    commitment: ContentCommitment,
}

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let content = content(3 * CHUNK + 1000);
    let (file, sealed) = seal_file(&key(), &content).unwrap();
    Sample {
        content,
        chunks: file.chunks(BLOB_CHUNK_BYTES).map(<[u8]>::to_vec).collect(),
        commitment: sealed.content_commitment,
    }
});

fn open(chunks: &[Vec<u8>]) -> Result<Vec<u8>, OpenError> {
    open_file(&key(), &chunks.concat(), SAMPLE.commitment)
}

#[test]
fn every_size_around_a_border_comes_back() {
    for bytes in [
        0,
        1,
        2,
        1000,
        CHUNK - PREFIX - 1,
        CHUNK - PREFIX,
        CHUNK - PREFIX + 1,
        CHUNK,
        2 * CHUNK - PREFIX,
        2 * CHUNK - PREFIX + 1,
    ] {
        let content = content(bytes);
        let (file, sealed) = seal_file(&key(), &content).unwrap();
        let SealedFile {
            leaves,
            content_commitment,
        } = sealed;
        assert_eq!(file.len() as u64, leaves.size().bytes());
        for (index, chunk) in file.chunks(BLOB_CHUNK_BYTES).enumerate() {
            assert_eq!(leaves.check_chunk(index as u32, chunk), Ok(()));
        }
        let opened = open_file(&key(), &file, content_commitment);
        assert!(opened == Ok(content), "{bytes} bytes");
    }
}

/// From 64 MiB on, padding can be longer than a chunk.
#[test]
fn chunk_that_is_all_padding_comes_back_as_nothing() {
    let content = content((64 << 20) + 1);
    let (file, sealed) = seal_file(&key(), &content).unwrap();
    let plan = SealPlan::new(content.len() as u64).unwrap();
    assert!(
        plan.chunk(plan.chunk_count() - 1)
            .unwrap()
            .content_range
            .is_empty()
    );
    assert!(open_file(&key(), &file, sealed.content_commitment) == Ok(content));
}

#[test]
fn files_of_one_padded_length_are_equally_long() {
    let long = |bytes| seal_file(&key(), &content(bytes)).unwrap().0.len();
    assert_eq!(long(10_000), long(10_200));
    assert_eq!(long(0), 48);
}

#[test]
fn truncated_file_is_refused_before_it_is_opened() {
    let whole = SAMPLE.chunks.concat();
    let expected = whole.len() as u64;
    for got in [expected - 1, expected - BLOB_CHUNK_BYTES as u64, 24] {
        assert_eq!(
            open_file(&key(), &whole[..got as usize], SAMPLE.commitment),
            Err(OpenError::Truncated { got, expected })
        );
    }
    assert_eq!(
        open_file(&key(), &whole[..23], SAMPLE.commitment),
        Err(OpenError::Truncated {
            got: 23,
            expected: 24
        })
    );
}

#[test]
fn trailing_bytes_are_refused() {
    let mut longer = SAMPLE.chunks.concat();
    let expected = longer.len() as u64;
    longer.push(0);
    assert_eq!(
        open_file(&key(), &longer, SAMPLE.commitment),
        Err(OpenError::TrailingBytes {
            got: expected + 1,
            expected
        })
    );
    let mut repeated_end = SAMPLE.chunks.clone();
    repeated_end.push(SAMPLE.chunks[3].clone());
    assert!(matches!(
        open(&repeated_end),
        Err(OpenError::TrailingBytes { .. })
    ));
}

#[test]
fn swapped_chunks_are_named() {
    let mut chunks = SAMPLE.chunks.clone();
    chunks.swap(1, 2);
    assert_eq!(
        open(&chunks),
        Err(OpenError::OutOfOrder { index: 1, got: 2 })
    );
}

#[test]
fn duplicated_chunk_is_named() {
    let mut chunks = SAMPLE.chunks.clone();
    chunks[2] = chunks[1].clone();
    assert_eq!(open(&chunks), Err(OpenError::Repeated { index: 2, got: 1 }));
    chunks[1] = chunks[0].clone();
    assert_eq!(open(&chunks), Err(OpenError::Repeated { index: 1, got: 0 }));
}

#[test]
fn flipped_bit_is_found_in_every_chunk() {
    for index in 0..4 {
        let mut chunks = SAMPLE.chunks.clone();
        chunks[index][100] ^= 0x10;
        let index = index as u32;
        assert_eq!(open(&chunks), Err(OpenError::Tampered { index }));
    }
}

#[test]
fn another_key_opens_nothing() {
    assert_eq!(
        open_file(
            &RecordKey::from_bytes([8; 32]),
            &SAMPLE.chunks.concat(),
            SAMPLE.commitment
        ),
        Err(OpenError::Tampered { index: 0 })
    );
}

#[test]
fn chunk_of_a_wrong_length_or_after_the_last_is_refused_and_the_right_one_still_passes() {
    let (chunks, whole) = (&SAMPLE.chunks, SAMPLE.chunks.concat());
    let mut opener = Opener::new(&key(), &whole, whole.len() as u64).unwrap();
    assert_eq!(
        opener.push(&chunks[0][..99]),
        Err(OpenError::ChunkLength {
            index: 0,
            got: 99,
            expected: BLOB_CHUNK_BYTES
        })
    );
    assert_eq!(opener.push(&chunks[1]), Err(OpenError::OtherHeader));
    let mut opened = Vec::new();
    for chunk in chunks {
        opened.extend(opener.push(chunk).unwrap().into_bytes_for_spool());
    }
    assert_eq!(opener.wanted_bytes(), None);
    assert_eq!(
        opener.push(&chunks[3]),
        Err(OpenError::AfterLast { count: 4 })
    );
    assert_eq!(
        opener
            .finish(SAMPLE.commitment)
            .map(|content| content.content_bytes()),
        Ok(SAMPLE.content.len() as u64)
    );
    assert!(opened == SAMPLE.content);
}

#[test]
fn unfinished_file_is_not_confirmed() {
    let whole = SAMPLE.chunks.concat();
    let mut opener = Opener::new(&key(), &whole, whole.len() as u64).unwrap();
    opener.push(&SAMPLE.chunks[0]).unwrap();
    assert_eq!(
        opener.finish(SAMPLE.commitment),
        Err(OpenError::Unfinished {
            got: 1,
            expected: 4
        })
    );
}

#[test]
fn content_that_its_record_did_not_commit_to_is_refused() {
    let (file, sealed) = seal_file(&key(), b"another content").unwrap();
    assert_eq!(
        open_file(&key(), &file, SAMPLE.commitment),
        Err(OpenError::OtherContent {
            got: sealed.content_commitment,
            expected: SAMPLE.commitment
        })
    );
}

#[test]
fn changed_header_is_refused_by_its_field_or_by_the_tag_under_it() {
    let file = SAMPLE.chunks.concat();
    let with = |offset: usize, byte: u8| {
        let mut file = file.clone();
        file[offset] = byte;
        open_file(&key(), &file, SAMPLE.commitment)
    };
    assert_eq!(
        with(0, b'K'),
        Err(OpenError::Header(FileHeaderError::Magic))
    );
    assert!(matches!(
        with(16, 1),
        Err(OpenError::Header(FileHeaderError::TooLarge { .. }))
    ));
    assert!(matches!(
        with(23, 1),
        Err(OpenError::Header(FileHeaderError::NotPadded { .. }))
    ));

    // A head that is right in itself, for a shorter file cut to its size.
    let header = FileHeader::for_content(2 * CHUNK as u64 - PREFIX as u64).unwrap();
    let mut cut = file[..header.sealed_bytes() as usize].to_vec();
    cut[..24].copy_from_slice(&header.to_bytes());
    assert_eq!(
        open_file(&key(), &cut, SAMPLE.commitment),
        Err(OpenError::Tampered { index: 0 })
    );
}

/// A nonce, and what is sealed under it.
type RawChunk = ([u8; 12], Vec<u8>);

/// Seals plaintexts as they are under nonces as they are: what a dishonest issuer could do.
fn seal_raw(header: &FileHeader, chunks: &[RawChunk]) -> Vec<u8> {
    let cipher = Aes256Gcm::new(key().file_key().expose_secret().into());
    let mut file = header.to_bytes().to_vec();
    for (nonce, plaintext) in chunks {
        let mut buffer = plaintext.clone();
        cipher
            .encrypt_in_place(&(*nonce).into(), &header.to_bytes(), &mut buffer)
            .unwrap();
        file.extend(buffer);
    }
    file
}

fn planned(content: &[u8]) -> (SealPlan, Vec<RawChunk>) {
    let plan = SealPlan::new(content.len() as u64).unwrap();
    let chunks = (0..plan.chunk_count())
        .map(|index| {
            let chunk = plan.chunk(index).unwrap();
            let range = chunk.content_range.start as usize..chunk.content_range.end as usize;
            (chunk.nonce, chunk.plaintext(&content[range]).unwrap())
        })
        .collect();
    (plan, chunks)
}

fn open_raw(plan: &SealPlan, chunks: &[RawChunk]) -> Result<Vec<u8>, OpenError> {
    let file = seal_raw(plan.header(), chunks);
    open_file(&key(), &file, SAMPLE.commitment)
}

#[test]
fn plan_and_sealer_give_the_same_bytes() {
    let (plan, chunks) = planned(&SAMPLE.content);
    assert!(seal_raw(plan.header(), &chunks) == SAMPLE.chunks.concat());
}

#[test]
fn wrong_final_flag_is_named_both_ways() {
    let (plan, mut chunks) = planned(&content(2 * CHUNK));
    assert_eq!(chunks.len(), 3);
    chunks[1].0[11] = 1;
    assert_eq!(
        open_raw(&plan, &chunks),
        Err(OpenError::FinalFlag { index: 1 })
    );
    chunks[1].0[11] = 0;
    chunks[2].0[11] = 0;
    assert_eq!(
        open_raw(&plan, &chunks),
        Err(OpenError::FinalFlag { index: 2 })
    );
}

#[test]
fn padding_that_is_not_empty_is_refused() {
    let (plan, mut chunks) = planned(&content(2 * CHUNK));
    *chunks[2].1.last_mut().unwrap() = 1;
    assert_eq!(
        open_raw(&plan, &chunks),
        Err(OpenError::Padding { index: 2 })
    );
}

#[test]
fn length_inside_that_does_not_fit_the_head_is_refused() {
    for got in [0, 1 << 20, FILE_BYTES_MAX + 1, u64::MAX] {
        let (plan, mut chunks) = planned(&content(2 * CHUNK));
        chunks[0].1[..8].copy_from_slice(&got.to_be_bytes());
        assert_eq!(
            open_raw(&plan, &chunks),
            Err(OpenError::ContentLength { got })
        );
    }
}

#[test]
fn file_over_its_limit_is_not_sealed_and_the_largest_has_a_plan() {
    let largest = SealPlan::new(FILE_BYTES_MAX).unwrap();
    assert_eq!(largest.chunk_count(), 8320);
    let header = largest.header().to_bytes();
    assert!(OpenPlan::new(&header, largest.sealed_bytes()).is_ok());
    assert!(SealPlan::new(FILE_BYTES_MAX + 1).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_small_content_comes_back(content in proptest::collection::vec(any::<u8>(), 0..5000), secret: [u8; 32]) {
        let key = RecordKey::from_bytes(secret);
        let (file, sealed) = seal_file(&key, &content).unwrap();
        prop_assert_eq!(open_file(&key, &file, sealed.content_commitment), Ok(content));
    }

    #[test]
    fn any_size_around_a_chunk_border_comes_back(chunks in 1usize..4, offset in 0usize..80) {
        let content = content(chunks * CHUNK + 8 - offset);
        let (file, sealed) = seal_file(&key(), &content).unwrap();
        prop_assert!(open_file(&key(), &file, sealed.content_commitment) == Ok(content));
    }

    #[test]
    fn any_change_to_any_byte_is_refused(content in proptest::collection::vec(any::<u8>(), 0..500), at: prop::sample::Index, change in 1u8..) {
        let (mut file, sealed) = seal_file(&key(), &content).unwrap();
        let at = at.index(file.len());
        file[at] ^= change;
        prop_assert!(open_file(&key(), &file, sealed.content_commitment).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(file in proptest::collection::vec(any::<u8>(), 0..200), with_header: bool) {
        let mut file = file;
        if with_header {
            let header = FileHeader::for_content(100).unwrap().to_bytes();
            file.splice(..24.min(file.len()), header);
        }
        prop_assert!(open_file(&key(), &file, SAMPLE.commitment).is_err());
    }
}
