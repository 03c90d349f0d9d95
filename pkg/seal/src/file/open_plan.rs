//! How a sealed file is read, from its first bytes and its size; the cipher runs elsewhere.

use core::ops::Range;

use super::{FileHeader, OpenError, layout};

/// Neighbours tried to tell a misplaced chunk from a changed one: what a person would swap by
/// hand, at about 1 ms each.
const SUSPECTED_CHUNKS_MAX: u32 = 64;

/// Everything about opening a file but the key and the bytes.
///
/// For each chunk: read [`OpenChunk::sealed_range`], take [`OpenChunk::ciphertext`] of it, decrypt
/// that with AES-256-GCM under the chunk's nonce and associated data, and give it to a
/// [`ContentReader`](super::ContentReader). [`Opener`](super::Opener) does so natively.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenPlan {
    header: FileHeader,
}

/// One chunk to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenChunk {
    /// Its place, from 0 on.
    pub index: u32,
    /// AES-GCM's nonce.
    pub nonce: [u8; 12],
    /// AES-GCM's associated data: the file's head.
    pub additional_data: [u8; FileHeader::SIZE],
    /// Where it lies in the sealed file, which is where its blob chunk lies.
    pub sealed_range: Range<u64>,
    header: FileHeader,
}

/// What a chunk that does not open may be instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// AES-GCM's nonce, if it is.
    pub nonce: [u8; 12],
    /// What its ciphertext follows: nothing, or the head, which chunk 0 begins with.
    pub offset: usize,
    /// What to say, if it opens so.
    pub error: OpenError,
}

impl OpenPlan {
    /// From the first 24 bytes of a sealed file and its size.
    ///
    /// # Errors
    /// [`OpenError::Header`]; [`OpenError::Truncated`] or [`OpenError::TrailingBytes`] where the
    /// size is not what the head says.
    pub fn new(first_bytes: &[u8], sealed_bytes: u64) -> Result<Self, OpenError> {
        let header = first_bytes.first_chunk().ok_or(OpenError::Truncated {
            got: first_bytes.len() as u64,
            expected: FileHeader::SIZE as u64,
        })?;
        let header = FileHeader::from_bytes(header)?;
        let (got, expected) = (sealed_bytes, header.sealed_bytes());
        if got < expected {
            return Err(OpenError::Truncated { got, expected });
        }
        if got > expected {
            return Err(OpenError::TrailingBytes { got, expected });
        }
        Ok(Self { header })
    }

    /// The file's head.
    pub const fn header(&self) -> &FileHeader {
        &self.header
    }

    /// Chunks of the file, at least 1.
    pub const fn chunk_count(&self) -> u32 {
        self.header.chunk_count()
    }

    /// Chunk `index`, if there is one.
    pub fn chunk(&self, index: u32) -> Option<OpenChunk> {
        (index < self.chunk_count()).then(|| OpenChunk {
            index,
            nonce: self.header.nonce(index),
            additional_data: self.header.to_bytes(),
            sealed_range: self.header.sealed_range(index),
            header: self.header,
        })
    }
}

impl OpenChunk {
    /// Bytes of the sealed chunk.
    pub fn sealed_bytes(&self) -> usize {
        let bytes = self.sealed_range.end - self.sealed_range.start;
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    /// The ciphertext and its tag, without the head that chunk 0 begins with.
    ///
    /// # Errors
    /// [`OpenError::ChunkLength`]; [`OpenError::OtherHeader`].
    pub fn ciphertext<'a>(&self, sealed: &'a [u8]) -> Result<&'a [u8], OpenError> {
        if sealed.len() != self.sealed_bytes() {
            return Err(OpenError::ChunkLength {
                index: self.index,
                got: sealed.len(),
                expected: self.sealed_bytes(),
            });
        }
        if self.index > 0 {
            return Ok(sealed);
        }
        sealed
            .strip_prefix(&self.additional_data)
            .ok_or(OpenError::OtherHeader)
    }

    /// What to try on a chunk that did not open, so that its error says what is wrong. If none of
    /// them opens either, it is [`OpenError::Tampered`]. Never use what such a trial gives.
    pub fn suspects(&self) -> impl Iterator<Item = Suspect> {
        let (index, count) = (self.index, self.header.chunk_count());
        let header = self.header;
        let flipped = Suspect {
            nonce: layout::nonce(index, index + 1 != count),
            offset: if index == 0 { FileHeader::SIZE } else { 0 },
            error: OpenError::FinalFlag { index },
        };
        let neighbours = (1..=SUSPECTED_CHUNKS_MAX / 2)
            .flat_map(move |distance| [index.checked_sub(distance), index.checked_add(distance)])
            .flatten()
            .filter(move |got| *got < count)
            .map(move |got| Suspect {
                nonce: header.nonce(got),
                offset: if got == 0 { FileHeader::SIZE } else { 0 },
                error: if got < index {
                    OpenError::Repeated { index, got }
                } else {
                    OpenError::OutOfOrder { index, got }
                },
            });
        core::iter::once(flipped).chain(neighbours)
    }
}
