//! The leaves of a sealed file, one chunk after the other, while it is written or read.

use alloc::vec::Vec;

use keepwell_primitives::limits::{BLOB_BYTES_MAX, BLOB_CHUNK_BYTES, BLOB_CHUNKS_MAX};

use super::{BlobError, BlobLeaf, BlobLeaves, BlobSize, blob_leaf};

/// Takes the chunks in their order; keeps 32 bytes of each.
#[derive(Clone, Debug, Default)]
pub struct BlobHasher {
    leaves: Vec<BlobLeaf>,
    last_chunk_bytes: usize,
}

impl BlobHasher {
    /// Before the first chunk.
    pub const fn new() -> Self {
        Self {
            leaves: Vec::new(),
            last_chunk_bytes: 0,
        }
    }

    /// The next chunk: [`BLOB_CHUNK_BYTES`] bytes, the last one from 1 byte on.
    ///
    /// # Errors
    /// [`BlobError::ChunkLength`] for a chunk that is empty or too long, [`BlobError::AfterLast`]
    /// after a short one, [`BlobError::TooLarge`] past the largest file.
    pub fn push_chunk(&mut self, chunk: &[u8]) -> Result<BlobLeaf, BlobError> {
        let leaf = blob_leaf(self.next_index(), chunk);
        self.push_leaf(leaf, chunk.len())?;
        Ok(leaf)
    }

    /// The same for a leaf computed elsewhere over a chunk of `chunk_bytes`.
    ///
    /// # Errors
    /// As [`BlobHasher::push_chunk`].
    pub fn push_leaf(&mut self, leaf: BlobLeaf, chunk_bytes: usize) -> Result<(), BlobError> {
        if !self.leaves.is_empty() && self.last_chunk_bytes < BLOB_CHUNK_BYTES {
            return Err(BlobError::AfterLast {
                got: self.last_chunk_bytes,
            });
        }
        if chunk_bytes == 0 || chunk_bytes > BLOB_CHUNK_BYTES {
            return Err(BlobError::ChunkLength {
                index: self.next_index(),
                got: chunk_bytes,
                expected: BLOB_CHUNK_BYTES,
            });
        }
        if self.leaves.len() == BLOB_CHUNKS_MAX {
            return Err(BlobError::TooLarge {
                got: BLOB_BYTES_MAX + chunk_bytes as u64,
                max: BLOB_BYTES_MAX,
            });
        }
        self.leaves.push(leaf);
        self.last_chunk_bytes = chunk_bytes;
        Ok(())
    }

    /// The index that the next chunk will have.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "BLOB_CHUNKS_MAX fits in u32"
    )]
    pub fn next_index(&self) -> u32 {
        self.leaves.len() as u32
    }

    /// All leaves, after the last chunk.
    ///
    /// # Errors
    /// [`BlobError::Empty`] before the first chunk.
    pub fn finish(self) -> Result<BlobLeaves, BlobError> {
        let full_chunks = self.leaves.len().saturating_sub(1) as u64;
        let size = full_chunks * BLOB_CHUNK_BYTES as u64 + self.last_chunk_bytes as u64;
        BlobLeaves::new(BlobSize::new(size)?, self.leaves)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn nothing_follows_a_short_chunk() {
        let mut hasher = BlobHasher::new();
        hasher.push_chunk(&vec![0; BLOB_CHUNK_BYTES]).unwrap();
        hasher.push_chunk(b"short").unwrap();
        assert_eq!(
            hasher.push_chunk(b"more"),
            Err(BlobError::AfterLast { got: 5 })
        );
        assert_eq!(
            hasher.finish().unwrap().size().bytes(),
            BLOB_CHUNK_BYTES as u64 + 5
        );
    }

    #[test]
    fn chunks_are_neither_empty_nor_too_long() {
        for chunk_bytes in [0, BLOB_CHUNK_BYTES + 1] {
            assert_eq!(
                BlobHasher::new().push_chunk(&vec![0; chunk_bytes]),
                Err(BlobError::ChunkLength {
                    index: 0,
                    got: chunk_bytes,
                    expected: BLOB_CHUNK_BYTES
                })
            );
        }
        assert_eq!(BlobHasher::new().finish(), Err(BlobError::Empty));
    }
}
