//! Where the chunks of a sealed file lie, in the stream, in the content and in the file; one
//! arithmetic for sealing and opening.

use core::ops::Range;

use keepwell_primitives::limits::{FILE_BYTES_MAX, FILE_CHUNK_BYTES};

use super::FileHeader;
use crate::padme;

/// The content's length, a u64, stands in front of it.
pub(super) const LENGTH_BYTES: usize = 8;

/// What stands in the stream before the content.
const PREFIX_BYTES: u64 = (FileHeader::SIZE + LENGTH_BYTES) as u64;

/// AES-GCM's tag.
pub(super) const TAG_BYTES: usize = 16;

const CHUNK: u64 = FILE_CHUNK_BYTES as u64;

/// The padded stream's length for a content of at most [`FILE_BYTES_MAX`].
pub(super) const fn stream_bytes_of(content_bytes: u64) -> u64 {
    padme(PREFIX_BYTES + content_bytes)
}

pub(super) const fn stream_bytes_max() -> u64 {
    stream_bytes_of(FILE_BYTES_MAX)
}

impl FileHeader {
    /// Chunks of the file, at least 1.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "BLOB_CHUNKS_MAX fits in u32"
    )]
    pub const fn chunk_count(&self) -> u32 {
        self.stream_bytes().div_ceil(CHUNK) as u32
    }

    /// Bytes of the sealed file: the stream and a tag for each chunk.
    pub const fn sealed_bytes(&self) -> u64 {
        self.stream_bytes() + self.chunk_count() as u64 * TAG_BYTES as u64
    }

    /// Where chunk `index` lies in the sealed file; that of chunk 0 begins with the header.
    pub(super) fn sealed_range(&self, index: u32) -> Range<u64> {
        let stream = self.stream_range(index);
        let tags_before = u64::from(index) * TAG_BYTES as u64;
        stream.start + tags_before..stream.end + tags_before + TAG_BYTES as u64
    }

    /// What chunk `index` encrypts, as a part of the stream after the header.
    pub(super) fn plaintext_bytes(&self, index: u32) -> usize {
        let range = self.stream_range(index);
        let clear = if index == 0 {
            FileHeader::SIZE as u64
        } else {
            0
        };
        usize::try_from(range.end - range.start - clear).unwrap_or(usize::MAX)
    }

    /// Which part of a content of `content_bytes` lies in chunk `index`; empty at its end where
    /// the chunk is all padding.
    pub(super) fn content_range(&self, index: u32, content_bytes: u64) -> Range<u64> {
        let stream = self.stream_range(index);
        let in_content = |at: u64| at.saturating_sub(PREFIX_BYTES).min(content_bytes);
        in_content(stream.start)..in_content(stream.end)
    }

    /// STREAM's nonce: 88 bits of counter, 8 of final flag.
    pub(super) fn nonce(&self, index: u32) -> [u8; 12] {
        nonce(index, index + 1 == self.chunk_count())
    }

    fn stream_range(&self, index: u32) -> Range<u64> {
        let start = u64::from(index) * CHUNK;
        start..self.stream_bytes().min(start + CHUNK)
    }
}

pub(super) fn nonce(index: u32, is_final: bool) -> [u8; 12] {
    let [a, b, c, d] = index.to_be_bytes();
    [0, 0, 0, 0, 0, 0, 0, a, b, c, d, u8::from(is_final)]
}

#[cfg(test)]
mod tests {
    use keepwell_primitives::limits::BLOB_CHUNK_BYTES;

    use super::*;

    #[test]
    fn chunks_cover_content_and_file_without_gap_or_overlap() {
        for content_bytes in [
            0,
            1,
            CHUNK - 33,
            CHUNK - 32,
            CHUNK - 31,
            CHUNK,
            5 * CHUNK + 1,
        ] {
            let header = FileHeader::for_content(content_bytes).unwrap();
            let (mut content_end, mut sealed_end) = (0, 0);
            for index in 0..header.chunk_count() {
                let content = header.content_range(index, content_bytes);
                let sealed = header.sealed_range(index);
                assert_eq!((content.start, sealed.start), (content_end, sealed_end));
                (content_end, sealed_end) = (content.end, sealed.end);
                if index + 1 < header.chunk_count() {
                    assert_eq!(sealed.end - sealed.start, BLOB_CHUNK_BYTES as u64);
                }
            }
            assert_eq!(content_end, content_bytes);
            assert_eq!(sealed_end, header.sealed_bytes());
        }
    }

    #[test]
    fn nonces_count_and_flag_the_last_chunk() {
        let header = FileHeader::for_content(CHUNK).unwrap();
        assert_eq!(header.chunk_count(), 2);
        assert_eq!(header.nonce(0), [0; 12]);
        assert_eq!(header.nonce(1), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(
            nonce(0x0102_0304, false),
            [0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0]
        );
    }
}
