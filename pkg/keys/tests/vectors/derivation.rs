//! Every key of two phrases at two hospitals.

use keepwell_keys::{HospitalId, MasterSeed, PatientId, Phrase, PublicKey};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{bytes, read};

#[derive(Deserialize)]
struct Vectors {
    valid: Vec<Valid>,
}

#[derive(Deserialize)]
struct Valid {
    phrase: String,
    seed: String,
    storage: String,
    personas: Vec<Persona>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Persona {
    hospital_id: HospitalId,
    patient_id: PatientId,
    identity: Vec<Key>,
    scope: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    number: u32,
    public_key: PublicKey,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn keys_derive_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("derivation.json"));
    for vector in vectors.valid {
        let seed = MasterSeed::from_phrase(&Phrase::parse(&vector.phrase).unwrap());
        assert_eq!(seed.expose_secret().as_slice(), bytes(&vector.seed));
        assert_eq!(seed.storage().as_slice(), bytes(&vector.storage));
        for expected in vector.personas {
            let persona = seed.persona(&expected.hospital_id);
            assert_eq!(persona.patient_id(), expected.patient_id);
            for key in expected.identity {
                assert_eq!(persona.identity(key.number).public_key(), key.public_key);
            }
            for key in expected.scope {
                assert_eq!(persona.scope(key.number).public_key(), key.public_key);
            }
        }
    }
}
