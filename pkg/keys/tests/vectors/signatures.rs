//! Signatures to the byte, and those that must not verify.

use keepwell_keys::{
    GenesisHash, PublicKey, SecretKey, Signature, SignatureCheck, sign, signing_digest,
};
use keepwell_primitives::Hash;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read};

#[derive(Deserialize)]
struct Vectors {
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    secret_key: String,
    public_key: PublicKey,
    domain: String,
    genesis: GenesisHash,
    message: String,
    digest: Hash,
    signature: Signature,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invalid {
    name: String,
    public_key: PublicKey,
    digest: Hash,
    signature: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn signatures_are_made_and_checked_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("signatures.json"));
    for vector in vectors.valid {
        let secret = bytes(&vector.secret_key).try_into().unwrap();
        let key = SecretKey::from_bytes(secret).unwrap();
        assert_eq!(key.public_key(), vector.public_key);
        let digest = signing_digest(&vector.domain, &vector.genesis, &bytes(&vector.message));
        assert_eq!(digest, vector.digest);
        assert_eq!(sign(&key, &digest), vector.signature);
        let check = SignatureCheck {
            public_key: vector.public_key,
            digest,
            signature: vector.signature,
        };
        assert_eq!(check.verify(), Ok(()));
    }
    for vector in vectors.invalid {
        let result = vector.signature.parse().and_then(|signature| {
            let check = SignatureCheck {
                public_key: vector.public_key,
                digest: vector.digest,
                signature,
            };
            check.verify()
        });
        assert_error(&vector.name, result, &vector.error);
    }
}
