//! Vaults sealed elsewhere, and those that must not be read or opened.

use keepwell_keys::Vault;
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
struct Valid {
    name: String,
    kind: String,
    passphrase: String,
    secret: String,
    bytes: String,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    kind: String,
    passphrase: String,
    bytes: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn vaults_open_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("vaults.json"));
    for vector in vectors.valid {
        let bytes = crate::bytes(&vector.bytes);
        let vault = Vault::from_bytes(&bytes).unwrap();
        assert_eq!(vault.to_bytes(), bytes, "{}", vector.name);
        let secret = vault.open(&vector.kind, &vector.passphrase);
        let expected = crate::bytes(&vector.secret);
        assert_eq!(*secret.unwrap(), expected, "{}", vector.name);
    }
    for vector in vectors.invalid {
        let result = Vault::from_bytes(&crate::bytes(&vector.bytes))
            .and_then(|vault| vault.open(&vector.kind, &vector.passphrase));
        assert_error(&vector.name, result, &vector.error);
    }
}
