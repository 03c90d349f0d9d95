use keepwell_keys::{GenesisHash, PublicKey};
use keepwell_ledger::transaction::{Transaction, Txid, VerifiedTransaction};
use keepwell_primitives::Hash;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read};

#[derive(Deserialize)]
struct Vectors {
    genesis: GenesisHash,
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
struct Valid {
    name: String,
    r#type: u8,
    bytes: String,
    txid: Txid,
    signatures: Vec<Signed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    public_key: PublicKey,
    digest: Hash,
    signature: String,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    bytes: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn transactions_are_read_named_and_verified_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("transactions.json"));
    for vector in &vectors.valid {
        let name = &vector.name;
        let transaction = Transaction::from_bytes(&bytes(&vector.bytes), &vectors.genesis);
        let transaction = transaction.expect(name);
        assert_eq!(transaction.kind() as u8, vector.r#type, "{name}");
        assert_eq!(transaction.txid(), vector.txid, "{name}");
        let checks: Vec<_> = transaction.signature_checks().collect();
        assert_eq!(checks.len(), vector.signatures.len(), "{name}");
        for (check, signed) in checks.iter().zip(&vector.signatures) {
            assert_eq!(check.public_key, signed.public_key, "{name}");
            assert_eq!(check.digest, signed.digest, "{name}");
            assert_eq!(check.signature.to_string(), signed.signature, "{name}");
        }
        let verified = VerifiedTransaction::verify(transaction).expect(name);
        assert_eq!(verified.bytes(), bytes(&vector.bytes), "{name}");
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn transactions_with_one_mistake_are_refused_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("transactions.json"));
    for vector in &vectors.invalid {
        let read = Transaction::from_bytes(&bytes(&vector.bytes), &vectors.genesis);
        match read {
            Ok(read) => {
                assert_error(
                    &vector.name,
                    VerifiedTransaction::verify(read),
                    &vector.error,
                );
            }
            Err(_) => assert_error(&vector.name, read, &vector.error),
        }
    }
}
