//! The size of a sealed file: how many chunks it has, and where each lies.

use core::ops::Range;

use keepwell_primitives::limits::{BLOB_BYTES_MAX, BLOB_CHUNK_BYTES};

use super::BlobError;

/// Bytes of a sealed file: at least 1, at most [`BLOB_BYTES_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobSize(u64);

impl BlobSize {
    /// # Errors
    /// [`BlobError::Empty`] for 0, [`BlobError::TooLarge`] over the limit.
    pub const fn new(size_bytes: u64) -> Result<Self, BlobError> {
        match size_bytes {
            0 => Err(BlobError::Empty),
            got if got > BLOB_BYTES_MAX => Err(BlobError::TooLarge {
                got,
                max: BLOB_BYTES_MAX,
            }),
            _ => Ok(Self(size_bytes)),
        }
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// How many chunks the file has.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "BLOB_CHUNKS_MAX fits in u32"
    )]
    pub const fn chunk_count(self) -> u32 {
        self.0.div_ceil(BLOB_CHUNK_BYTES as u64) as u32
    }

    /// Where chunk `index` lies in the file.
    ///
    /// # Errors
    /// [`BlobError::NoSuchChunk`] past the last one.
    pub fn chunk_range(self, index: u32) -> Result<Range<u64>, BlobError> {
        if index >= self.chunk_count() {
            return Err(BlobError::NoSuchChunk {
                got: index,
                count: self.chunk_count(),
            });
        }
        let start = u64::from(index) * BLOB_CHUNK_BYTES as u64;
        Ok(start..self.0.min(start + BLOB_CHUNK_BYTES as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: u64 = BLOB_CHUNK_BYTES as u64;

    #[test]
    fn chunks_cover_the_file_without_gap_or_overlap() {
        for size_bytes in [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
            let size = BlobSize::new(size_bytes).unwrap();
            let mut end = 0;
            for index in 0..size.chunk_count() {
                let range = size.chunk_range(index).unwrap();
                assert_eq!(range.start, end);
                assert!(range.end > range.start && range.end - range.start <= CHUNK);
                end = range.end;
            }
            assert_eq!(end, size_bytes);
            assert_eq!(
                size.chunk_range(size.chunk_count()),
                Err(BlobError::NoSuchChunk {
                    got: size.chunk_count(),
                    count: size.chunk_count()
                })
            );
        }
    }

    #[test]
    fn a_sealed_file_is_neither_empty_nor_over_its_limit() {
        assert_eq!(BlobSize::new(0), Err(BlobError::Empty));
        let got = BLOB_BYTES_MAX + 1;
        assert_eq!(
            BlobSize::new(got),
            Err(BlobError::TooLarge {
                got,
                max: BLOB_BYTES_MAX
            })
        );
    }
}
