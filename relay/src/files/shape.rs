//! How a file of some size is cut: all chunks alike but the last.

use core::ops::Range;

use super::FilesError;

/// The size of a sealed file and of its chunks, checked: at least one chunk, at most `u32::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    size: u64,
    chunk_bytes: u64,
}

/// A part of one chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) index: u32,
    /// Within the chunk.
    pub(super) bytes: Range<u64>,
}

impl Shape {
    /// The largest file that can be counted in chunks of this size is far beyond any limit.
    pub(super) fn new(size: u64, chunk_bytes: u64, limit: u64) -> Result<Self, FilesError> {
        let chunks = size
            .checked_div(chunk_bytes)
            .and_then(|whole| u32::try_from(whole + 1).ok());
        if size == 0 || size > limit || chunks.is_none() {
            return Err(FilesError::FileSize { got: size, limit });
        }
        Ok(Self { size, chunk_bytes })
    }

    pub(super) const fn size(self) -> u64 {
        self.size
    }

    pub(super) const fn chunk_bytes(self) -> u64 {
        self.chunk_bytes
    }

    pub(super) fn chunks(self) -> u32 {
        u32::try_from(self.size.div_ceil(self.chunk_bytes)).unwrap_or(u32::MAX)
    }

    /// The length of a chunk.
    pub(super) fn chunk_length(self, index: u32) -> Result<u64, FilesError> {
        let chunks = self.chunks();
        if index >= chunks {
            return Err(FilesError::ChunkIndex { got: index, chunks });
        }
        Ok(self
            .chunk_bytes
            .min(self.size - u64::from(index) * self.chunk_bytes))
    }

    /// The parts of chunks that make up a range, in order.
    pub(super) fn pieces(
        self,
        range: &Range<u64>,
    ) -> Result<impl Iterator<Item = Piece> + Send + use<>, FilesError> {
        let Range { start, end } = *range;
        if start > end || end > self.size {
            return Err(FilesError::Range {
                start,
                end,
                size: self.size,
            });
        }
        let mut at = start;
        Ok(std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let index = u32::try_from(at / self.chunk_bytes).ok()?;
            let first = at % self.chunk_bytes;
            let last = self.chunk_bytes.min(first + (end - at));
            at += last - first;
            Some(Piece {
                index,
                bytes: first..last,
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_last_chunk_may_be_shorter() {
        let shape = Shape::new(25, 10, 100).unwrap();
        let lengths: Vec<_> = (0..4).map(|index| shape.chunk_length(index)).collect();
        let beyond = FilesError::ChunkIndex { got: 3, chunks: 3 };
        assert_eq!(lengths, [Ok(10), Ok(10), Ok(5), Err(beyond)]);
        assert_eq!(Shape::new(20, 10, 100).unwrap().chunks(), 2);
    }

    #[test]
    fn a_file_of_nothing_or_too_much_is_refused() {
        for got in [0, 101, u64::MAX] {
            assert_eq!(
                Shape::new(got, 10, 100),
                Err(FilesError::FileSize { got, limit: 100 })
            );
        }
        let limit = u64::MAX;
        assert_eq!(
            Shape::new(5, 0, limit),
            Err(FilesError::FileSize { got: 5, limit })
        );
        assert_eq!(
            Shape::new(limit, 10, limit),
            Err(FilesError::FileSize { got: limit, limit })
        );
    }

    proptest! {
        #[test]
        fn pieces_make_up_the_range(size in 1_u64..200, chunk in 1_u64..40, a in 0_u64..220, b in 0_u64..220) {
            let shape = Shape::new(size, chunk, 1000).unwrap();
            let Ok(pieces) = shape.pieces(&(a..b)) else {
                prop_assert!(a > b || b > size);
                return Ok(());
            };
            let mut at = a;
            for piece in pieces {
                prop_assert_eq!(u64::from(piece.index) * chunk + piece.bytes.start, at);
                prop_assert!(piece.bytes.end <= shape.chunk_length(piece.index).unwrap());
                prop_assert!(piece.bytes.start < piece.bytes.end);
                at += piece.bytes.end - piece.bytes.start;
            }
            prop_assert_eq!(at, b);
        }
    }
}
