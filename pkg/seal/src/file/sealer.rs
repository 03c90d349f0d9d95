//! Sealing natively, one chunk in memory at a time.

use alloc::vec::Vec;

use aes_gcm::{AeadInPlace, Aes256Gcm, KeyInit};
use keepwell_custody::{BlobHasher, BlobLeaves};

use super::{ContentCommitment, ContentHasher, SealError, SealPlan};
use crate::{ContentSalt, RecordKey};

/// Takes a content piece by piece and gives the sealed file chunk by chunk.
pub struct Sealer {
    plan: SealPlan,
    cipher: Aes256Gcm,
    salt: ContentSalt,
    content: ContentHasher,
    blob: BlobHasher,
}

/// What a record says on the chain about its sealed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedFile {
    /// The hashes of its chunks; they give its name and size.
    pub leaves: BlobLeaves,
    /// The commitment to its content.
    pub content_commitment: ContentCommitment,
}

impl Sealer {
    /// Before the first chunk of a content of `content_bytes`. No key may seal twice.
    ///
    /// # Errors
    /// [`SealError::TooLarge`].
    pub fn new(key: &RecordKey, content_bytes: u64) -> Result<Self, SealError> {
        Ok(Self {
            plan: SealPlan::new(content_bytes)?,
            cipher: Aes256Gcm::new(key.file_key().expose_secret().into()),
            salt: key.content_salt(),
            content: ContentHasher::new(),
            blob: BlobHasher::new(),
        })
    }

    /// Bytes of content that the next chunk takes: may be 0; `None` after the last chunk.
    pub fn wanted_bytes(&self) -> Option<usize> {
        let chunk = self.plan.chunk(self.content.leaf_count())?;
        Some(chunk.wanted_bytes())
    }

    /// Seals the next [`Sealer::wanted_bytes`] of content.
    ///
    /// # Errors
    /// [`SealError::ContentLength`] for another number of bytes, [`SealError::AfterLast`].
    pub fn push(&mut self, content: &[u8]) -> Result<Vec<u8>, SealError> {
        let count = self.plan.chunk_count();
        let chunk = self
            .plan
            .chunk(self.content.leaf_count())
            .ok_or(SealError::AfterLast { count })?;
        let mut buffer = chunk.plaintext(content)?;
        self.cipher
            .encrypt_in_place(&chunk.nonce.into(), &chunk.additional_data, &mut buffer)
            .expect("a chunk is far below AES-GCM's 64 GiB");
        self.content.push(content);
        let sealed = chunk.sealed(buffer);
        self.blob
            .push_chunk(&sealed)
            .expect("sealed chunks are cut as blob chunks are");
        Ok(sealed)
    }

    /// What to say on the chain, after the last chunk.
    ///
    /// # Errors
    /// [`SealError::Unfinished`].
    pub fn finish(self) -> Result<SealedFile, SealError> {
        let (got, expected) = (self.content.leaf_count(), self.plan.chunk_count());
        if got != expected {
            return Err(SealError::Unfinished { got, expected });
        }
        Ok(SealedFile {
            content_commitment: self.content.finish(&self.salt, self.plan.content_bytes()),
            leaves: self.blob.finish().expect("a sealed file has a first chunk"),
        })
    }
}

/// Seals a content that is in memory as a whole.
///
/// # Errors
/// [`SealError::TooLarge`].
pub fn seal_file(key: &RecordKey, content: &[u8]) -> Result<(Vec<u8>, SealedFile), SealError> {
    let mut sealer = Sealer::new(key, content.len() as u64)?;
    let mut file = Vec::new();
    let mut rest = content;
    while let Some(wanted) = sealer.wanted_bytes() {
        let (piece, after) = rest.split_at_checked(wanted).unwrap_or((rest, &[]));
        file.extend_from_slice(&sealer.push(piece)?);
        rest = after;
    }
    Ok((file, sealer.finish()?))
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn sealer_takes_exactly_the_content_it_was_announced() {
        let mut sealer = Sealer::new(&RecordKey::from_bytes([1; 32]), 10).unwrap();
        assert_eq!(sealer.wanted_bytes(), Some(10));
        assert_eq!(
            sealer.push(&[0; 9]),
            Err(SealError::ContentLength {
                index: 0,
                got: 9,
                expected: 10
            })
        );
        sealer.push(&[0; 10]).unwrap();
        assert_eq!(sealer.wanted_bytes(), None);
        assert_eq!(sealer.push(&[]), Err(SealError::AfterLast { count: 1 }));
        assert!(sealer.finish().is_ok());
    }

    #[test]
    fn unfinished_file_is_not_named() {
        let mut sealer = Sealer::new(&RecordKey::from_bytes([1; 32]), 2 << 20).unwrap();
        sealer
            .push(&vec![0; sealer.wanted_bytes().unwrap()])
            .unwrap();
        assert_eq!(
            sealer.finish(),
            Err(SealError::Unfinished {
                got: 1,
                expected: 3
            })
        );
    }
}
