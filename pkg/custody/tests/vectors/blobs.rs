//! Sealed files by their chunks' hashes, and lists of hashes that are not a file's.

use keepwell_custody::{BlobHasher, BlobId, BlobLeaves};
use keepwell_primitives::limits::BLOB_CHUNK_BYTES;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, read};

#[derive(Deserialize)]
struct Vectors {
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    name: String,
    bytes: usize,
    leaves: Vec<String>,
    blob_id: BlobId,
    canonical: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invalid {
    name: String,
    blob_id: BlobId,
    canonical: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn blobs_have_the_names_of_the_vectors() {
    let vectors: Vectors = read(include_str!("blobs.json"));
    for vector in vectors.valid {
        let name = vector.name;
        let content: Vec<u8> = (0..vector.bytes).map(|at| (at % 251) as u8).collect();
        let mut hasher = BlobHasher::new();
        for chunk in content.chunks(BLOB_CHUNK_BYTES) {
            hasher.push_chunk(chunk).unwrap();
        }
        let leaves = hasher.finish().unwrap();
        let texts: Vec<_> = leaves.leaves().iter().map(ToString::to_string).collect();
        assert_eq!(texts, vector.leaves, "{name}");
        assert_eq!(leaves.blob_id(), vector.blob_id, "{name}");

        let canonical = crate::bytes(&vector.canonical);
        assert_eq!(leaves.to_canonical_bytes(), canonical, "{name}");
        let parsed = BlobLeaves::of(vector.blob_id, &canonical);
        assert_eq!(parsed, Ok(leaves), "{name}");
    }
    for vector in vectors.invalid {
        let parsed = BlobLeaves::of(vector.blob_id, &crate::bytes(&vector.canonical));
        assert_error(&vector.name, parsed, &vector.error);
    }
}
