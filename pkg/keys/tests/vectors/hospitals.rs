//! A hospital's two files, sealed elsewhere, and those that must not be read.

use keepwell_keys::{HospitalId, HospitalIdentity, HospitalPublicKeys, HostKeys};
use keepwell_primitives::{decode_canonical, encode_canonical};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vectors {
    valid: Valid,
    invalid_identity_files: Vec<InvalidIdentityFile>,
    invalid_host_keys_files: Vec<InvalidHostKeysFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    id: HospitalId,
    passphrase: String,
    identity_file: String,
    host_keys_file: String,
    public_keys: HospitalPublicKeys,
    public_keys_canonical: String,
}

#[derive(Deserialize)]
struct InvalidIdentityFile {
    name: String,
    passphrase: String,
    file: String,
    error: String,
}

#[derive(Deserialize)]
struct InvalidHostKeysFile {
    name: String,
    file: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn hospital_files_are_read_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("hospitals.json"));
    let valid = vectors.valid;
    let file = bytes(&valid.identity_file);
    let identity = HospitalIdentity::open(&file, &valid.passphrase).unwrap();
    assert_eq!(identity.id(), valid.id);
    let host = HostKeys::from_file_text(&valid.host_keys_file).unwrap();
    assert_eq!(*host.to_file_text(), valid.host_keys_file);

    let keys = HospitalPublicKeys::of(&identity, &host);
    assert_eq!(keys, valid.public_keys);
    let canonical = bytes(&valid.public_keys_canonical);
    assert_eq!(encode_canonical(&keys), canonical);
    assert_eq!(decode_canonical(&canonical, canonical.len()), Ok(keys));

    for vector in vectors.invalid_identity_files {
        let result = HospitalIdentity::open(&bytes(&vector.file), &vector.passphrase);
        assert_error(&vector.name, result, &vector.error);
    }
    for vector in vectors.invalid_host_keys_files {
        let result = HostKeys::from_file_text(&vector.file);
        assert_error(&vector.name, result, &vector.error);
    }
}
