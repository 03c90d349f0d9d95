//! Ids made of keys, and every mistake in their text.

use keepwell_keys::{HospitalId, PatientId, PublicKey};
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
    public_key: PublicKey,
    patient_id: String,
    patient_bytes: String,
    hospital_id: String,
    hospital_bytes: String,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    kind: String,
    text: String,
    error: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[test]
fn ids_are_made_shown_and_parsed_as_in_the_vectors() {
    let vectors: Vectors = read(include_str!("ids.json"));
    for vector in vectors.valid {
        let patient = PatientId::of(&vector.public_key);
        assert_eq!(patient.as_bytes().as_slice(), bytes(&vector.patient_bytes));
        assert_eq!(patient.to_string(), vector.patient_id);
        assert_eq!(vector.patient_id.parse(), Ok(patient));

        let hospital = HospitalId::of(&vector.public_key);
        assert_eq!(
            hospital.as_bytes().as_slice(),
            bytes(&vector.hospital_bytes)
        );
        assert_eq!(hospital.to_string(), vector.hospital_id);
        assert_eq!(vector.hospital_id.parse(), Ok(hospital));
    }
    for Invalid {
        name,
        kind,
        text,
        error,
    } in vectors.invalid
    {
        match kind.as_str() {
            "patient" => assert_error(&name, text.parse::<PatientId>(), &error),
            "hospital" => assert_error(&name, text.parse::<HospitalId>(), &error),
            _ => panic!("{name}: no ids of kind {kind}"),
        }
    }
}
