use keepwell_keys::Signature;
use keepwell_ledger::{
    block::{BlockHash, Header, HeaderChain, MinableHeader, SealedHeader, Target, Work},
    genesis::Genesis,
};
use keepwell_primitives::{Hash, Timestamp};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read};

#[derive(Deserialize)]
struct Vectors {
    toml: String,
    now: Timestamp,
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    name: String,
    bytes: String,
    hash: BlockHash,
    seal: Signature,
    json: Header,
    history_root_after: Hash,
    work: Work,
    next_target: Target,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    bytes: String,
    seal: Signature,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn headers_are_read_hashed_mined_and_judged_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("headers.json"));
    let genesis = Genesis::from_toml(&vectors.toml).unwrap();
    for vector in &vectors.valid {
        let name = &vector.name;
        let header = Header::from_bytes(&bytes(&vector.bytes)).expect(name);
        assert_eq!(header, vector.json, "{name}");
        assert_eq!(header.hash(), vector.hash, "{name}");
        let found = MinableHeader::new(header).search(0..=header.nonce);
        assert_eq!(found, Some(header), "{name}");
        let mut chain = HeaderChain::genesis(&genesis);
        let seal = vector.seal;
        chain
            .push(&SealedHeader { header, seal }, vectors.now)
            .expect(name);
        assert_eq!(chain.history().root(), vector.history_root_after, "{name}");
        assert_eq!(chain.work(), vector.work, "{name}");
        assert_eq!(chain.next_target(), vector.next_target, "{name}");
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn headers_with_one_mistake_are_refused_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("headers.json"));
    let genesis = Genesis::from_toml(&vectors.toml).unwrap();
    for vector in &vectors.invalid {
        let seal = vector.seal;
        let judged = Header::from_bytes(&bytes(&vector.bytes)).and_then(|header| {
            HeaderChain::genesis(&genesis).push(&SealedHeader { header, seal }, vectors.now)
        });
        assert_error(&vector.name, judged, &vector.error);
    }
}
