//! Files sealed elsewhere, and those with one mistake.

use keepwell_primitives::{Hash, limits::BLOB_CHUNK_BYTES};
use keepwell_seal::{ContentCommitment, RecordKey, open_file, seal_file};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read, secret};

#[derive(Deserialize)]
struct Vectors {
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    name: String,
    record_key: String,
    content_bytes: usize,
    sealed_bytes: usize,
    sealed_sha256: Hash,
    /// The whole file, where it is short.
    sealed: Option<String>,
    blob_id: keepwell_custody::BlobId,
    content_commitment: ContentCommitment,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    of: String,
    change: Vec<Change>,
    error: String,
}

/// What is done to a valid file.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Change {
    /// Only so many first bytes stay.
    Cut(usize),
    /// These bytes follow.
    Append(String),
    /// Another file instead.
    Replace(String),
    /// The lowest bit of one byte.
    Flip(usize),
    /// Two chunks change places.
    Swap([usize; 2]),
    /// A chunk also takes another's place.
    Copy([usize; 2]),
}

impl Valid {
    fn key(&self) -> RecordKey {
        RecordKey::from_bytes(secret(&self.record_key))
    }

    fn content(&self) -> Vec<u8> {
        (0..self.content_bytes).map(|at| (at % 251) as u8).collect()
    }
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>) {
        let chunk = |index: usize| index * BLOB_CHUNK_BYTES..(index + 1) * BLOB_CHUNK_BYTES;
        match self {
            Self::Cut(length) => file.truncate(*length),
            Self::Append(text) => file.extend(bytes(text)),
            Self::Replace(text) => *file = bytes(text),
            Self::Flip(offset) => file[*offset] ^= 1,
            Self::Swap([one, other]) => {
                let kept = file[chunk(*one)].to_vec();
                file.copy_within(chunk(*other), chunk(*one).start);
                file[chunk(*other)].copy_from_slice(&kept);
            }
            Self::Copy([from, to]) => file.copy_within(chunk(*from), chunk(*to).start),
        }
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn files_are_sealed_and_opened_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("files.json"));
    for vector in vectors.valid {
        let (file, sealed) = seal_file(&vector.key(), &vector.content()).unwrap();
        let name = &vector.name;
        assert_eq!(file.len(), vector.sealed_bytes, "{name}");
        if let Some(text) = &vector.sealed {
            assert_eq!(&hex::encode(&file), text, "{name}");
        }
        assert_eq!(Hash::untagged(&file), vector.sealed_sha256, "{name}");
        assert_eq!(sealed.leaves.blob_id(), vector.blob_id, "{name}");
        assert_eq!(
            sealed.content_commitment, vector.content_commitment,
            "{name}"
        );
        let opened = open_file(&vector.key(), &file, vector.content_commitment);
        assert!(opened == Ok(vector.content()), "{name}");
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn each_named_mistake_in_a_file_gives_its_error() {
    let vectors: Vectors = read(include_str!("files.json"));
    for vector in vectors.invalid {
        let valid = vectors.valid.iter().find(|valid| valid.name == vector.of);
        let valid = valid.expect("a mistake is made in a valid file");
        let (mut file, _) = seal_file(&valid.key(), &valid.content()).unwrap();
        for change in &vector.change {
            change.apply(&mut file);
        }
        let result = open_file(&valid.key(), &file, valid.content_commitment);
        assert_error(&vector.name, result, &vector.error);
    }
}

/// `docs/protocol.md`, section 12, shows a sealed file: it is one of these.
#[test]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
fn sealed_file_on_the_protocol_page_is_a_vector() {
    let page = include_str!("../../../../docs/protocol.md");
    let vectors: Vectors = read(include_str!("files.json"));
    let shown = vectors.valid.iter().find(|valid| valid.name == "one byte");
    let shown = shown.expect("the page shows the vector of one byte");
    let sealed = shown.sealed.clone().expect("a short file stands whole in its vector");
    let (blob_id, commitment) = (shown.blob_id.to_string(), shown.content_commitment.to_string());
    for text in [&sealed, &shown.record_key, &blob_id, &commitment] {
        assert!(page.contains(text.as_str()), "the page lacks {text}");
    }
}
