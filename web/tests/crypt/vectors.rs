//! The golden vectors of `pkg/seal`, sealed elsewhere, through the browser's cryptography.

use keepwell_primitives::{Hash, limits::BLOB_CHUNK_BYTES};
use keepwell_seal::{ContentCommitment, RecordKey, seal_file};
use keepwell_web::{crypt::seal, ports::blob_bytes};
use serde::Deserialize;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::world::{blob, content, open, spooled};

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
    sealed_sha256: Hash,
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
    Cut(usize),
    Append(String),
    Replace(String),
    Flip(usize),
    Swap([usize; 2]),
    Copy([usize; 2]),
}

impl Valid {
    fn key(&self) -> RecordKey {
        let bytes = hex::decode(&self.record_key).unwrap();
        RecordKey::from_bytes(bytes.try_into().unwrap())
    }
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>) {
        let chunk = |index: usize| index * BLOB_CHUNK_BYTES..(index + 1) * BLOB_CHUNK_BYTES;
        match self {
            Self::Cut(length) => file.truncate(*length),
            Self::Append(text) => file.extend(hex::decode(text).unwrap()),
            Self::Replace(text) => *file = hex::decode(text).unwrap(),
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

fn vectors() -> Vectors {
    let json = include_str!("../../../pkg/seal/tests/vectors/files.json");
    serde_json::from_str(json).unwrap()
}

#[wasm_bindgen_test]
async fn files_are_sealed_and_opened_as_in_the_vectors() {
    for vector in vectors().valid {
        let (name, key) = (&vector.name, vector.key());
        let content = content(vector.content_bytes);
        let (sealed, mut spool) = seal(&blob(&content), &key, |_, _| {}).await.unwrap();
        assert_eq!(sealed.leaves.blob_id(), vector.blob_id, "{name}");
        assert_eq!(
            sealed.content_commitment, vector.content_commitment,
            "{name}"
        );
        let file = spooled(&mut spool, &sealed).await;
        assert_eq!(Hash::untagged(&file), vector.sealed_sha256, "{name}");
        let opened = open(&key, &file, vector.content_commitment).await.unwrap();
        assert!(
            blob_bytes::all_bytes(&opened).await.unwrap() == content,
            "{name}"
        );
    }
}

#[wasm_bindgen_test]
async fn each_named_mistake_in_a_file_gives_its_error_and_no_blob() {
    let vectors = vectors();
    for vector in &vectors.invalid {
        let valid = vectors.valid.iter().find(|valid| valid.name == vector.of);
        let valid = valid.unwrap();
        let (mut file, _) = seal_file(&valid.key(), &content(valid.content_bytes)).unwrap();
        for change in &vector.change {
            change.apply(&mut file);
        }
        let opened = open(&valid.key(), &file, valid.content_commitment).await;
        let error = opened.err().map(|error| format!("{error:?}"));
        assert_eq!(error.as_ref(), Some(&vector.error), "{}", vector.name);
    }
}
