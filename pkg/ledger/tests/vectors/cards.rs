use keepwell_keys::{GenesisHash, HospitalId};
use keepwell_ledger::transaction::{DiseaseId, VisitCard, VisitCardError, VisitCardText};
use keepwell_primitives::{Hash, Timestamp, encode_canonical};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{assert_error, bytes, read};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vectors {
    genesis: GenesisHash,
    hospital_id: HospitalId,
    now: Timestamp,
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    name: String,
    text: String,
    bytes: String,
    disease_id: DiseaseId,
    digest: Hash,
    card: VisitCard,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    text: String,
    error: String,
}

impl Vectors {
    fn check(&self, text: &str) -> Result<VisitCardText, VisitCardError> {
        let read: VisitCardText = text.parse()?;
        read.check(&self.genesis, &self.hospital_id, None, self.now)?;
        Ok(read)
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn cards_are_read_shown_and_checked_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("cards.json"));
    for vector in &vectors.valid {
        let name = &vector.name;
        let shown = vectors.check(&vector.text).expect(name);
        assert_eq!(shown.to_string(), vector.text, "{name}");
        assert_eq!(encode_canonical(&shown), bytes(&vector.bytes), "{name}");
        assert_eq!(shown.card, vector.card, "{name}");
        assert_eq!(shown.card.disease_id(), vector.disease_id, "{name}");
        let digest = shown.card.signature_check(&vectors.genesis).digest;
        assert_eq!(digest, vector.digest, "{name}");
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn cards_with_one_mistake_are_refused_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("cards.json"));
    for vector in &vectors.invalid {
        assert_error(&vector.name, vectors.check(&vector.text), &vector.error);
    }
}
