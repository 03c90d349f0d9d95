//! The head of a sealed file, in clear, under the tag of every chunk.

use keepwell_primitives::limits::{BLOB_BYTES_MAX, FILE_BYTES_MAX, FILE_CHUNK_BYTES};

use super::layout::{LENGTH_BYTES, stream_bytes_max, stream_bytes_of};
use crate::padme;

const MAGIC: &[u8; 8] = b"keepwell";
const VERSION: u32 = 1;
#[expect(clippy::cast_possible_truncation, reason = "1 MiB fits in u32")]
const CHUNK_BYTES: u32 = FILE_CHUNK_BYTES as u32;

/// What the head says: the length of the padded stream, and nothing else that could vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileHeader {
    stream_bytes: u64,
}

impl FileHeader {
    /// Bytes of the head.
    pub const SIZE: usize = 24;

    /// The head of a file with so much content.
    ///
    /// # Errors
    /// [`FileHeaderError::TooLarge`] over [`FILE_BYTES_MAX`].
    pub const fn for_content(content_bytes: u64) -> Result<Self, FileHeaderError> {
        if content_bytes > FILE_BYTES_MAX {
            return Err(FileHeaderError::TooLarge {
                got: content_bytes,
                max: FILE_BYTES_MAX,
            });
        }
        Ok(Self {
            stream_bytes: stream_bytes_of(content_bytes),
        })
    }

    /// # Errors
    /// One of [`FileHeaderError`], in the order of the fields.
    pub fn from_bytes(bytes: &[u8; Self::SIZE]) -> Result<Self, FileHeaderError> {
        let (magic, rest) = bytes.split_at(8);
        let (version, rest) = rest.split_at(4);
        let (chunk_bytes, stream_bytes) = rest.split_at(4);
        if magic != MAGIC {
            return Err(FileHeaderError::Magic);
        }
        let version = u32::from_be_bytes(version.try_into().unwrap_or_default());
        if version != VERSION {
            return Err(FileHeaderError::Version {
                got: version,
                expected: VERSION,
            });
        }
        let chunk_bytes = u32::from_be_bytes(chunk_bytes.try_into().unwrap_or_default());
        if chunk_bytes != CHUNK_BYTES {
            return Err(FileHeaderError::ChunkBytes {
                got: chunk_bytes,
                expected: CHUNK_BYTES,
            });
        }
        let stream_bytes = u64::from_be_bytes(stream_bytes.try_into().unwrap_or_default());
        if stream_bytes > stream_bytes_max() {
            return Err(FileHeaderError::TooLarge {
                got: stream_bytes,
                max: stream_bytes_max(),
            });
        }
        if stream_bytes < (Self::SIZE + LENGTH_BYTES) as u64 {
            return Err(FileHeaderError::TooSmall { got: stream_bytes });
        }
        if padme(stream_bytes) != stream_bytes {
            return Err(FileHeaderError::NotPadded {
                got: stream_bytes,
                expected: padme(stream_bytes),
            });
        }
        Ok(Self { stream_bytes })
    }

    /// The 24 bytes.
    pub fn to_bytes(&self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        let fields = MAGIC
            .iter()
            .copied()
            .chain(VERSION.to_be_bytes())
            .chain(CHUNK_BYTES.to_be_bytes())
            .chain(self.stream_bytes.to_be_bytes());
        for (slot, byte) in bytes.iter_mut().zip(fields) {
            *slot = byte;
        }
        bytes
    }

    /// Bytes of the padded stream, this head included, tags not.
    pub const fn stream_bytes(&self) -> u64 {
        self.stream_bytes
    }
}

const _: () = assert!(
    stream_bytes_max().div_ceil(FILE_CHUNK_BYTES as u64) * 16 + stream_bytes_max()
        <= BLOB_BYTES_MAX,
    "the largest file fits the limit of blobs"
);

/// Why the first bytes are not the head of a sealed file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileHeaderError {
    /// Sealed files start with "keepwell".
    #[error("not a sealed file: it does not start with \"keepwell\"")]
    Magic,
    /// A version that this program does not know.
    #[error("a sealed file of version {got}, this program knows version {expected}")]
    Version {
        /// The version given.
        got: u32,
        /// The version known.
        expected: u32,
    },
    /// Version 1 has one chunk size.
    #[error("chunks of {got} bytes instead of {expected}")]
    ChunkBytes {
        /// The size given.
        got: u32,
        /// The size of version 1.
        expected: u32,
    },
    /// More than the largest file.
    #[error("{got} bytes, at most {max} are allowed")]
    TooLarge {
        /// Bytes of content, or of the stream.
        got: u64,
        /// The limit on the same.
        max: u64,
    },
    /// Less than the head and the length that every file has.
    #[error("{got} bytes are less than the smallest sealed file")]
    TooSmall {
        /// Bytes of the stream.
        got: u64,
    },
    /// Not a length that Padmé gives.
    #[error("{got} bytes are no padded length, the next is {expected}")]
    NotPadded {
        /// Bytes of the stream.
        got: u64,
        /// The next padded length.
        expected: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_survives_its_bytes_and_each_wrong_field_is_named() {
        let header = FileHeader::for_content(100).unwrap();
        let bytes = header.to_bytes();
        assert_eq!(FileHeader::from_bytes(&bytes), Ok(header));

        let with = |offset: usize, byte: u8| {
            let mut bytes = bytes;
            bytes[offset] = byte;
            FileHeader::from_bytes(&bytes)
        };
        assert_eq!(with(0, b'K'), Err(FileHeaderError::Magic));
        let (got, expected) = (2, 1);
        assert_eq!(with(11, 2), Err(FileHeaderError::Version { got, expected }));
        assert_eq!(
            with(15, 1),
            Err(FileHeaderError::ChunkBytes {
                got: CHUNK_BYTES + 1,
                expected: CHUNK_BYTES
            })
        );
        assert_eq!(
            with(16, 1),
            Err(FileHeaderError::TooLarge {
                got: (1 << 56) + 144,
                max: stream_bytes_max()
            })
        );
        assert_eq!(with(23, 31), Err(FileHeaderError::TooSmall { got: 31 }));
        assert_eq!(
            with(23, 137),
            Err(FileHeaderError::NotPadded {
                got: 137,
                expected: 144
            })
        );
    }

    #[test]
    fn content_over_its_limit_has_no_header() {
        assert!(FileHeader::for_content(FILE_BYTES_MAX).is_ok());
        assert_eq!(
            FileHeader::for_content(FILE_BYTES_MAX + 1),
            Err(FileHeaderError::TooLarge {
                got: FILE_BYTES_MAX + 1,
                max: FILE_BYTES_MAX
            })
        );
    }
}
