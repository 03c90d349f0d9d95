//! How a content of a known length is cut into chunks to seal; the cipher runs elsewhere.

use alloc::vec::Vec;
use core::ops::Range;

use super::{
    FileHeader, FileHeaderError, SealError,
    layout::{LENGTH_BYTES, TAG_BYTES},
};

/// Everything about sealing a file but the key and the content.
///
/// For each chunk: read [`SealChunk::content_range`], make [`SealChunk::plaintext`] of it, encrypt
/// that with AES-256-GCM under the chunk's nonce and associated data, and write
/// [`SealChunk::sealed`]. [`Sealer`](super::Sealer) does so natively.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealPlan {
    header: FileHeader,
    content_bytes: u64,
}

/// One chunk to seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealChunk {
    /// Its place, from 0 on.
    pub index: u32,
    /// AES-GCM's nonce.
    pub nonce: [u8; 12],
    /// AES-GCM's associated data: the file's head.
    pub additional_data: [u8; FileHeader::SIZE],
    /// Which bytes of the content it takes; empty where it is all padding.
    pub content_range: Range<u64>,
    plaintext_bytes: usize,
    length: [u8; LENGTH_BYTES],
}

impl SealPlan {
    /// # Errors
    /// [`FileHeaderError::TooLarge`].
    pub const fn new(content_bytes: u64) -> Result<Self, FileHeaderError> {
        match FileHeader::for_content(content_bytes) {
            Ok(header) => Ok(Self {
                header,
                content_bytes,
            }),
            Err(error) => Err(error),
        }
    }

    /// The file's head.
    pub const fn header(&self) -> &FileHeader {
        &self.header
    }

    /// Bytes of the content.
    pub const fn content_bytes(&self) -> u64 {
        self.content_bytes
    }

    /// Chunks of the file, at least 1.
    pub const fn chunk_count(&self) -> u32 {
        self.header.chunk_count()
    }

    /// Bytes of the sealed file.
    pub const fn sealed_bytes(&self) -> u64 {
        self.header.sealed_bytes()
    }

    /// Chunk `index`, if there is one.
    pub fn chunk(&self, index: u32) -> Option<SealChunk> {
        (index < self.chunk_count()).then(|| SealChunk {
            index,
            nonce: self.header.nonce(index),
            additional_data: self.header.to_bytes(),
            content_range: self.header.content_range(index, self.content_bytes),
            plaintext_bytes: self.header.plaintext_bytes(index),
            length: self.content_bytes.to_be_bytes(),
        })
    }
}

impl SealChunk {
    /// Bytes of content it takes.
    pub fn wanted_bytes(&self) -> usize {
        let wanted = self.content_range.end - self.content_range.start;
        usize::try_from(wanted).unwrap_or(usize::MAX)
    }

    /// What to encrypt: the content's length in front of chunk 0, the content, zeros. With room
    /// for the tag behind.
    ///
    /// # Errors
    /// [`SealError::ContentLength`] unless `content` is what the chunk takes.
    pub fn plaintext(&self, content: &[u8]) -> Result<Vec<u8>, SealError> {
        if content.len() != self.wanted_bytes() {
            return Err(SealError::ContentLength {
                index: self.index,
                got: content.len(),
                expected: self.wanted_bytes(),
            });
        }
        let mut plaintext = Vec::with_capacity(self.plaintext_bytes + TAG_BYTES);
        plaintext.extend_from_slice(self.plaintext_front());
        plaintext.extend_from_slice(content);
        plaintext.resize(self.plaintext_bytes, 0);
        Ok(plaintext)
    }

    /// What to write: the ciphertext with its tag, and in front of chunk 0 the file's head.
    pub fn sealed(&self, ciphertext_and_tag: Vec<u8>) -> Vec<u8> {
        if self.index > 0 {
            return ciphertext_and_tag;
        }
        [self.sealed_front(), &ciphertext_and_tag].concat()
    }

    /// What stands in front of the content in [`SealChunk::plaintext`]. With
    /// [`SealChunk::plaintext_bytes`] and [`SealChunk::sealed_front`] for the page alone, which
    /// lays the bytes out in the browser's memory and not in this program's.
    pub fn plaintext_front(&self) -> &[u8] {
        if self.index == 0 { &self.length } else { &[] }
    }

    /// Bytes of [`SealChunk::plaintext`]: zeros follow the content up to there.
    pub const fn plaintext_bytes(&self) -> usize {
        self.plaintext_bytes
    }

    /// What stands in front of the ciphertext in [`SealChunk::sealed`].
    pub fn sealed_front(&self) -> &[u8] {
        if self.index == 0 {
            &self.additional_data
        } else {
            &[]
        }
    }
}
