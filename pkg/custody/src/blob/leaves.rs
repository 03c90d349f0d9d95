//! The hashes of all chunks of a sealed file: enough to check each chunk as it arrives.

use alloc::vec::Vec;

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_primitives::{
    BoundedList, Hash, decode_canonical, encode_canonical, limits::BLOB_CHUNKS_MAX,
};

use super::{BlobError, BlobId, BlobLeaf, BlobSize, blob_leaf, merkle_top};

/// A list of leaves as long as it can be: 33 bytes for each hash, and the heads and the size.
const LEAVES_BYTES_MAX: usize = BLOB_CHUNKS_MAX * 33 + 32;

/// The leaves of one file, as many as its size calls for. Not yet of any file in particular:
/// [`BlobLeaves::of`] compares with the name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobLeaves {
    size: BlobSize,
    leaves: Vec<BlobLeaf>,
}

#[derive(RlpEncodable, RlpDecodable)]
struct Wire {
    size_bytes: u64,
    leaves: BoundedList<BlobLeaf, BLOB_CHUNKS_MAX>,
}

impl BlobLeaves {
    /// # Errors
    /// [`BlobError::LeafCount`] unless there is one leaf for each chunk of a file of `size`.
    pub fn new(size: BlobSize, leaves: Vec<BlobLeaf>) -> Result<Self, BlobError> {
        if leaves.len() != size.chunk_count() as usize {
            return Err(BlobError::LeafCount {
                got: leaves.len(),
                expected: size.chunk_count() as usize,
            });
        }
        Ok(Self { size, leaves })
    }

    /// The leaves of the file `blob_id` from their canonical bytes: nothing else is let through.
    ///
    /// # Errors
    /// [`BlobError::NotCanonical`], [`BlobError::Empty`], [`BlobError::TooLarge`] and
    /// [`BlobError::LeafCount`] for what is no list of leaves; [`BlobError::OtherFile`] for the
    /// list of another file.
    pub fn of(blob_id: BlobId, canonical_bytes: &[u8]) -> Result<Self, BlobError> {
        let leaves = Self::from_canonical_bytes(canonical_bytes)?;
        let got = leaves.blob_id();
        if got != blob_id {
            return Err(BlobError::OtherFile {
                got,
                expected: blob_id,
            });
        }
        Ok(leaves)
    }

    /// # Errors
    /// As [`BlobLeaves::of`], but for the comparison.
    pub fn from_canonical_bytes(bytes: &[u8]) -> Result<Self, BlobError> {
        let wire: Wire =
            decode_canonical(bytes, LEAVES_BYTES_MAX).map_err(BlobError::NotCanonical)?;
        Self::new(BlobSize::new(wire.size_bytes)?, wire.leaves.into_vec())
    }

    /// RLP of `[size u64, [leaf 32, …]]`.
    pub fn to_canonical_bytes(&self) -> Vec<u8> {
        encode_canonical(&Wire {
            size_bytes: self.size.bytes(),
            leaves: BoundedList::new(self.leaves.clone())
                .expect("a size within its limit has chunks within theirs"),
        })
    }

    /// The name of the file that has these leaves.
    pub fn blob_id(&self) -> BlobId {
        let top = merkle_top("blob-node", self.leaves.iter().map(|leaf| leaf.0));
        BlobId(Hash::tagged(
            "blob-root",
            &[
                &self.size.bytes().to_be_bytes(),
                &self.size.chunk_count().to_be_bytes(),
                top.as_bytes(),
            ],
        ))
    }

    /// The file's size.
    pub const fn size(&self) -> BlobSize {
        self.size
    }

    /// The leaves in the order of their chunks.
    pub fn leaves(&self) -> &[BlobLeaf] {
        &self.leaves
    }

    /// That `chunk` is the file's chunk `index`.
    ///
    /// # Errors
    /// [`BlobError::NoSuchChunk`], [`BlobError::ChunkLength`], or [`BlobError::OtherChunk`] where
    /// the bytes are others.
    pub fn check_chunk(&self, index: u32, chunk: &[u8]) -> Result<(), BlobError> {
        let range = self.size.chunk_range(index)?;
        if chunk.len() as u64 != range.end - range.start {
            return Err(BlobError::ChunkLength {
                index,
                got: chunk.len(),
                expected: usize::try_from(range.end - range.start).unwrap_or(usize::MAX),
            });
        }
        self.check_leaf(index, blob_leaf(index, chunk))
    }

    /// The same for a leaf computed elsewhere over a chunk of the right length.
    ///
    /// # Errors
    /// [`BlobError::NoSuchChunk`], or [`BlobError::OtherChunk`] where the hash is another.
    pub fn check_leaf(&self, index: u32, got: BlobLeaf) -> Result<(), BlobError> {
        let expected = *self
            .leaves
            .get(index as usize)
            .ok_or(BlobError::NoSuchChunk {
                got: index,
                count: self.size.chunk_count(),
            })?;
        if got != expected {
            return Err(BlobError::OtherChunk {
                index,
                got,
                expected,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use keepwell_primitives::limits::{BLOB_BYTES_MAX, BLOB_CHUNK_BYTES};

    use super::*;
    use crate::BlobHasher;

    fn leaves_of(chunks: &[&[u8]]) -> BlobLeaves {
        let mut hasher = BlobHasher::new();
        for chunk in chunks {
            hasher.push_chunk(chunk).unwrap();
        }
        hasher.finish().unwrap()
    }

    #[test]
    fn each_chunk_passes_at_its_own_index_only() {
        let full = vec![1; BLOB_CHUNK_BYTES];
        let other = vec![2; BLOB_CHUNK_BYTES];
        let leaves = leaves_of(&[&full, &other, b"end"]);
        assert_eq!(leaves.check_chunk(0, &full), Ok(()));
        assert_eq!(leaves.check_chunk(1, &other), Ok(()));
        assert_eq!(leaves.check_chunk(2, b"end"), Ok(()));
        assert_eq!(
            leaves.check_chunk(1, &full),
            Err(BlobError::OtherChunk {
                index: 1,
                got: blob_leaf(1, &full),
                expected: blob_leaf(1, &other),
            })
        );
        assert_eq!(
            leaves.check_chunk(2, b"en"),
            Err(BlobError::ChunkLength {
                index: 2,
                got: 2,
                expected: 3
            })
        );
        assert_eq!(
            leaves.check_chunk(3, b""),
            Err(BlobError::NoSuchChunk { got: 3, count: 3 })
        );
    }

    #[test]
    fn leaves_survive_their_canonical_bytes_and_no_others_pass() {
        let leaves = leaves_of(&[b"only"]);
        let bytes = leaves.to_canonical_bytes();
        assert_eq!(BlobLeaves::of(leaves.blob_id(), &bytes), Ok(leaves.clone()));

        let other = leaves_of(&[b"else"]);
        assert_eq!(
            BlobLeaves::of(other.blob_id(), &bytes),
            Err(BlobError::OtherFile {
                got: leaves.blob_id(),
                expected: other.blob_id()
            })
        );
        assert!(matches!(
            BlobLeaves::from_canonical_bytes(&bytes[..bytes.len() - 1]),
            Err(BlobError::NotCanonical(_))
        ));
        let size = BlobSize::new(BLOB_CHUNK_BYTES as u64 + 1).unwrap();
        assert_eq!(
            BlobLeaves::new(size, leaves.leaves().to_vec()),
            Err(BlobError::LeafCount {
                got: 1,
                expected: 2
            })
        );
    }

    #[test]
    fn size_is_part_of_the_name() {
        let leaves = leaves_of(&[b"only"]);
        let longer = BlobLeaves::new(BlobSize::new(5).unwrap(), leaves.leaves().to_vec()).unwrap();
        assert_ne!(leaves.blob_id(), longer.blob_id());
    }

    #[test]
    fn the_longest_list_fits_its_limit() {
        let size = BlobSize::new(BLOB_BYTES_MAX).unwrap();
        assert_eq!(size.chunk_count() as usize, BLOB_CHUNKS_MAX);
        let leaves = vec![BlobLeaf::default(); BLOB_CHUNKS_MAX];
        let leaves = BlobLeaves::new(size, leaves).unwrap();
        let bytes = leaves.to_canonical_bytes();
        assert_eq!(BlobLeaves::from_canonical_bytes(&bytes), Ok(leaves));
    }
}
