//! Sealed summaries: what fits, what comes back, and what is refused.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, its helpers too"
)]

use aes_gcm::{AeadInPlace, Aes256Gcm, KeyInit};
use keepwell_primitives::{Maybe, Timestamp, encode_canonical, limits::SUMMARY_BYTES_MAX};
use keepwell_seal::{
    Coding, MediaType, Period, RecordKey, SealedSummary, Summary, SummaryError, SummaryFields,
    SummaryKey, SummaryOpenError,
};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

fn key() -> SummaryKey {
    RecordKey::from_bytes([3; 32]).summary_key()
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(1)
}

fn fields(title: &str) -> SummaryFields {
    SummaryFields {
        title: title.to_owned(),
        code: Coding {
            system: "http://snomed.info/sct".to_owned(),
            code: "38341003".to_owned(),
        },
        fhir_type: "DocumentReference".to_owned(),
        media_type: MediaType::Pdf,
        issued_at: Timestamp(1_772_323_200_000),
        period: Maybe(Some(Period {
            start: Timestamp(1_772_000_000_000),
            end: Maybe(None),
        })),
    }
}

fn sealed(title: &str) -> SealedSummary {
    let summary = Summary::new(fields(title)).unwrap();
    SealedSummary::seal(&mut rng(), &key(), &summary)
}

#[test]
fn summary_comes_back_and_its_length_tells_little() {
    for (title, length) in [
        ("A", 256),
        ("Letter after discharge, cardiology", 256),
        (&*"t".repeat(256), 512),
    ] {
        let sealed = sealed(title);
        assert_eq!(sealed.as_bytes().len(), length);
        let sealed = SealedSummary::from_bytes(sealed.as_bytes()).unwrap();
        assert_eq!(sealed.open(&key()).unwrap().fields(), &fields(title));
    }
}

#[test]
fn longest_summary_fits_in_1_kib() {
    let longest = SummaryFields {
        title: "t".repeat(256),
        code: Coding {
            system: "s".repeat(160),
            code: "c".repeat(96),
        },
        fhir_type: "f".repeat(64),
        media_type: MediaType::FhirJson,
        issued_at: Timestamp::MAX,
        period: Maybe(Some(Period {
            start: Timestamp::MAX,
            end: Maybe(Some(Timestamp::MAX)),
        })),
    };
    let summary = Summary::new(longest).unwrap();
    let sealed = SealedSummary::seal(&mut rng(), &key(), &summary);
    assert_eq!(sealed.as_bytes().len(), SUMMARY_BYTES_MAX);
    assert_eq!(sealed.open(&key()), Ok(summary));
}

#[test]
fn each_limit_of_a_summary_has_its_own_error() {
    assert_eq!(
        Summary::new(fields("")),
        Err(SummaryError::Empty { field: "title" })
    );
    assert_eq!(
        Summary::new(fields(&"ü".repeat(129))),
        Err(SummaryError::TooLong {
            field: "title",
            got: 258,
            max: 256
        })
    );
    for got in ['\n', '\0', '\u{202e}'] {
        assert_eq!(
            Summary::new(fields(&format!("a{got}b"))),
            Err(SummaryError::Control {
                field: "title",
                got
            })
        );
    }
    let (start, end) = (Timestamp(2), Timestamp(1));
    let mut backwards = fields("a");
    backwards.period = Maybe(Some(Period {
        start,
        end: Maybe(Some(end)),
    }));
    assert_eq!(
        Summary::new(backwards),
        Err(SummaryError::EndsBeforeStart { start, end })
    );
}

#[test]
fn summary_of_another_key_or_length_does_not_open() {
    let other = RecordKey::from_bytes([4; 32]).summary_key();
    assert_eq!(sealed("a").open(&other), Err(SummaryOpenError::Tampered));
    for got in [0, 255, 257, 1025] {
        assert_eq!(
            SealedSummary::from_bytes(&vec![0; got]),
            Err(SummaryOpenError::Length { got })
        );
    }
}

/// Seals a plaintext as it is: what a dishonest issuer could do.
fn seal_raw(plaintext: &[u8]) -> Result<Summary, SummaryOpenError> {
    let mut buffer = plaintext.to_vec();
    Aes256Gcm::new(key().expose_secret().into())
        .encrypt_in_place(&[0; 12].into(), b"keepwell/summary/v1", &mut buffer)
        .unwrap();
    let bytes = [[0; 12].as_slice(), &buffer].concat();
    SealedSummary::from_bytes(&bytes).unwrap().open(&key())
}

fn raw(fields: &SummaryFields, plaintext_bytes: usize) -> Vec<u8> {
    let content = encode_canonical(fields);
    let mut plaintext = (content.len() as u16).to_be_bytes().to_vec();
    plaintext.extend(content);
    plaintext.resize(plaintext_bytes, 0);
    plaintext
}

#[test]
fn plaintext_that_breaks_the_format_is_refused_by_its_rule() {
    let right = raw(&fields("a"), 228);
    assert!(seal_raw(&right).is_ok());

    let mut padding = right.clone();
    padding[227] = 1;
    assert_eq!(seal_raw(&padding), Err(SummaryOpenError::Padding));

    let mut length = right.clone();
    length[0] = 1;
    assert_eq!(
        seal_raw(&length),
        Err(SummaryOpenError::ContentLength {
            got: 256 + usize::from(right[1]),
            max: 226
        })
    );

    assert_eq!(
        seal_raw(&raw(&fields("a"), 484)),
        Err(SummaryOpenError::NotPadded {
            got: usize::from(right[1]),
            expected: 256
        })
    );

    let mut longer = right.clone();
    longer[1] += 1;
    assert!(matches!(
        seal_raw(&longer),
        Err(SummaryOpenError::NotCanonical(_))
    ));

    assert_eq!(
        seal_raw(&raw(&fields("a\tb"), 228)),
        Err(SummaryOpenError::Broken(SummaryError::Control {
            field: "title",
            got: '\t'
        }))
    );
}

proptest! {
    #[test]
    fn any_change_to_a_sealed_summary_is_refused(at in 0usize..256, change in 1u8..) {
        let mut bytes = sealed("a").as_bytes().to_vec();
        bytes[at] ^= change;
        let changed = SealedSummary::from_bytes(&bytes).unwrap();
        prop_assert_eq!(changed.open(&key()), Err(SummaryOpenError::Tampered));
    }

    #[test]
    fn any_title_within_the_limits_comes_back(title in "[^\\p{C}]{1,64}") {
        prop_assume!(title.len() <= 256);
        let opened = sealed(&title).open(&key()).unwrap();
        prop_assert_eq!(opened.fields(), &fields(&title));
    }
}
