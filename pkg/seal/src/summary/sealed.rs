//! The sealed summary: AES-256-GCM, padded to one of three lengths.
//!
//! ```text
//! plaintext = length u16 BE ‖ RLP of the summary ‖ zeros
//! sealed    = nonce 12 ‖ AES-256-GCM(summary key, nonce, "keepwell/summary/v1", plaintext)
//! ```
//!
//! The least of 256, 512 and 1024 bytes that holds it, so that the length tells next to nothing of
//! the title. The nonce is random: a summary may be written anew before its record is submitted.

use alloc::vec::Vec;

use aes_gcm::{AeadInPlace, Aes256Gcm, KeyInit};
use keepwell_primitives::{decode_canonical, encode_canonical, limits::SUMMARY_BYTES_MAX};
use rand_core::CryptoRngCore;

use super::{Summary, SummaryFields, SummaryOpenError};
use crate::SummaryKey;

const LENGTHS: [usize; 3] = [256, 512, SUMMARY_BYTES_MAX];
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const LENGTH_BYTES: usize = 2;
const OVERHEAD_BYTES: usize = NONCE_BYTES + TAG_BYTES + LENGTH_BYTES;
const ADDITIONAL_DATA: &[u8] = b"keepwell/summary/v1";

/// A summary that only who can open the record can read. 256, 512 or 1024 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSummary(Vec<u8>);

impl SealedSummary {
    /// Seals under the record's summary key.
    pub fn seal(rng: &mut impl CryptoRngCore, key: &SummaryKey, summary: &Summary) -> Self {
        let content = encode_canonical(summary.fields());
        let length = u16::try_from(content.len()).expect("a summary's limits keep it under 1 KiB");
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);

        let mut plaintext = Vec::with_capacity(SUMMARY_BYTES_MAX);
        plaintext.extend_from_slice(&length.to_be_bytes());
        plaintext.extend_from_slice(&content);
        plaintext.resize(sealed_length(content.len()) - NONCE_BYTES - TAG_BYTES, 0);
        Aes256Gcm::new(key.expose_secret().into())
            .encrypt_in_place(&nonce.into(), ADDITIONAL_DATA, &mut plaintext)
            .expect("1 KiB is far below AES-GCM's 64 GiB");
        Self([nonce.as_slice(), &plaintext].concat())
    }

    /// # Errors
    /// [`SummaryOpenError::Length`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SummaryOpenError> {
        if !LENGTHS.contains(&bytes.len()) {
            return Err(SummaryOpenError::Length { got: bytes.len() });
        }
        Ok(Self(bytes.to_vec()))
    }

    /// The bytes that go on the chain.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// # Errors
    /// [`SummaryOpenError::Tampered`] before anything is known of the inside; else the first
    /// broken rule of the format, or [`SummaryOpenError::Broken`] with that of the summary.
    pub fn open(&self, key: &SummaryKey) -> Result<Summary, SummaryOpenError> {
        let (nonce, ciphertext) = self
            .0
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(SummaryOpenError::Tampered)?;
        let mut plaintext = ciphertext.to_vec();
        Aes256Gcm::new(key.expose_secret().into())
            .decrypt_in_place(&(*nonce).into(), ADDITIONAL_DATA, &mut plaintext)
            .map_err(|_| SummaryOpenError::Tampered)?;
        let (length, rest) = plaintext
            .split_first_chunk::<LENGTH_BYTES>()
            .ok_or(SummaryOpenError::Tampered)?;
        let got = usize::from(u16::from_be_bytes(*length));
        let (content, padding) =
            rest.split_at_checked(got)
                .ok_or(SummaryOpenError::ContentLength {
                    got,
                    max: rest.len(),
                })?;
        let expected = sealed_length(got);
        if self.0.len() != expected {
            return Err(SummaryOpenError::NotPadded { got, expected });
        }
        if padding.iter().any(|byte| *byte != 0) {
            return Err(SummaryOpenError::Padding);
        }
        let fields: SummaryFields =
            decode_canonical(content, SUMMARY_BYTES_MAX).map_err(SummaryOpenError::NotCanonical)?;
        Ok(Summary::new(fields)?)
    }
}

impl core::fmt::Debug for SealedSummary {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// The least of the three lengths that holds so much.
fn sealed_length(content_bytes: usize) -> usize {
    LENGTHS
        .into_iter()
        .find(|length| content_bytes + OVERHEAD_BYTES <= *length)
        .unwrap_or(SUMMARY_BYTES_MAX)
}
