//! The two small objects beside the chunks: an upload's mark and a whole file's manifest.
//!
//! Both are fixed-width big-endian integers behind a version byte; the manifest ends with the leaf
//! hashes. They never leave this store, so nothing is hashed or signed over them.

use keepwell_primitives::{Hash, Timestamp};
use object_store::path::Path;

use super::{FilesError, shape::Shape};

const VERSION: u8 = 1;

/// Version, size and chunk size: what both begin with.
const SHAPE_BYTES: usize = 17;

/// What of a manifest tells the file's shape.
pub(super) const MANIFEST_HEAD_BYTES: u64 = SHAPE_BYTES as u64;

/// An upload under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UploadMark {
    pub(super) shape: Shape,
    pub(super) begun_at: Timestamp,
}

impl UploadMark {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = shape_to_bytes(self.shape);
        bytes.extend(self.begun_at.0.to_be_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, FilesError> {
        let (shape, rest) = shape_from_bytes(bytes, path)?;
        let begun_at = <[u8; 8]>::try_from(rest).map_err(|_| damaged(path, "its length"))?;
        Ok(Self {
            shape,
            begun_at: Timestamp(u64::from_be_bytes(begun_at)),
        })
    }
}

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) shape: Shape,
    pub(super) leaves: Vec<Hash>,
}

impl Manifest {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = shape_to_bytes(self.shape);
        for leaf in &self.leaves {
            bytes.extend(leaf.as_bytes());
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, FilesError> {
        let (shape, rest) = shape_from_bytes(bytes, path)?;
        let (leaves, cut_off) = rest.as_chunks::<32>();
        if !cut_off.is_empty() || leaves.len() as u64 != u64::from(shape.chunks()) {
            return Err(damaged(path, "its number of leaf hashes"));
        }
        Ok(Self {
            shape,
            leaves: leaves.iter().copied().map(Hash).collect(),
        })
    }
}

/// Reads the shape alone, from a manifest's first [`MANIFEST_HEAD_BYTES`].
pub(super) fn shape_of(head: &[u8], path: &Path) -> Result<Shape, FilesError> {
    shape_from_bytes(head, path).map(|(shape, _)| shape)
}

fn shape_to_bytes(shape: Shape) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend(shape.size().to_be_bytes());
    bytes.extend(shape.chunk_bytes().to_be_bytes());
    bytes
}

fn shape_from_bytes<'a>(bytes: &'a [u8], path: &Path) -> Result<(Shape, &'a [u8]), FilesError> {
    let (head, rest) = bytes
        .split_first_chunk::<SHAPE_BYTES>()
        .ok_or_else(|| damaged(path, "its length"))?;
    let [version, numbers @ ..] = head;
    if *version != VERSION {
        return Err(damaged(path, "its version"));
    }
    let (numbers, _) = numbers.as_chunks::<8>();
    let &[size, chunk_bytes] = numbers else {
        return Err(damaged(path, "its length"));
    };
    // The limit was checked when the upload began; it may have been lowered since.
    Shape::new(
        u64::from_be_bytes(size),
        u64::from_be_bytes(chunk_bytes),
        u64::MAX,
    )
    .map(|shape| (shape, rest))
    .map_err(|_| damaged(path, "its size"))
}

pub(super) fn damaged(path: &Path, what: &str) -> FilesError {
    FilesError::Damaged {
        path: path.to_string(),
        reason: format!("{what} is wrong"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_come_back_as_they_were() {
        let path = Path::from("x");
        let shape = Shape::new(25, 10, 100).unwrap();
        let mark = UploadMark {
            shape,
            begun_at: Timestamp(1_700_000_000_000),
        };
        assert_eq!(UploadMark::from_bytes(&mark.to_bytes(), &path), Ok(mark));
        let leaves = (0..3).map(|i: u8| Hash::untagged(&[i])).collect();
        let manifest = Manifest { shape, leaves };
        let bytes = manifest.to_bytes();
        assert_eq!(Manifest::from_bytes(&bytes, &path), Ok(manifest));
        let head = &bytes[..usize::try_from(MANIFEST_HEAD_BYTES).unwrap()];
        assert_eq!(shape_of(head, &path), Ok(shape));
    }

    #[test]
    fn what_is_cut_short_or_of_another_version_is_damaged() {
        let path = Path::from("files/x");
        let shape = Shape::new(25, 10, 100).unwrap();
        let manifest = Manifest {
            shape,
            leaves: vec![Hash::ZERO; 3],
        };
        let whole = manifest.to_bytes();
        for length in 0..whole.len() {
            let refused = Manifest::from_bytes(&whole[..length], &path);
            assert!(
                matches!(refused, Err(FilesError::Damaged { .. })),
                "{length} bytes"
            );
        }
        let mut newer = whole;
        newer[0] = 2;
        assert_eq!(
            Manifest::from_bytes(&newer, &path),
            Err(damaged(&path, "its version"))
        );
    }
}
