//! Where things lie.
//!
//! | object | holds |
//! |---|---|
//! | `uploads/<blob id>` | an upload under way: size, chunk size, when it began |
//! | `chunks/<blob id>/<index, 8 hex digits>` | a chunk: its leaf hash, then its bytes |
//! | `files/<blob id>` | the manifest of a whole file: size, chunk size, all leaf hashes |

use keepwell_primitives::Hash;
use object_store::path::Path;

/// The leaf hash in front of each chunk's bytes: kept in one object with them, so that a chunk and
/// its hash are durable together.
pub(super) const LEAF_BYTES: u64 = 32;

pub(super) fn uploads() -> Path {
    Path::from("uploads")
}

pub(super) fn upload(blob_id: &Hash) -> Path {
    uploads().join(blob_id.to_string())
}

pub(super) fn file(blob_id: &Hash) -> Path {
    Path::from("files").join(blob_id.to_string())
}

pub(super) fn chunks(blob_id: &Hash) -> Path {
    Path::from("chunks").join(blob_id.to_string())
}

pub(super) fn chunk(blob_id: &Hash, index: u32) -> Path {
    chunks(blob_id).join(format!("{index:08x}"))
}

/// The index that a chunk's object is named by.
pub(super) fn index_of(chunk: &Path) -> Option<u32> {
    u32::from_str_radix(chunk.filename()?, 16).ok()
}

/// The file that an upload's object is named by.
pub(super) fn blob_id_of(upload: &Path) -> Option<Hash> {
    upload.filename()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        let blob_id = Hash::untagged(b"file");
        assert_eq!(blob_id_of(&upload(&blob_id)), Some(blob_id));
        for index in [0, 1, 0xabcdef, u32::MAX] {
            assert_eq!(index_of(&chunk(&blob_id, index)), Some(index));
            assert!(chunk(&blob_id, index).prefix_matches(&chunks(&blob_id)));
        }
    }
}
