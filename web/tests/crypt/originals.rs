//! What the page takes for a record: the cases of the command.

use keepwell_seal::MediaType;
use keepwell_web::crypt::{Original, OriginalError};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{disk::Chosen, world::blob};

#[wasm_bindgen_test]
async fn a_file_is_what_it_is_and_not_what_it_is_called() {
    for (name, content, expected) in [
        (
            "a.json",
            &br#"{"x": {}, "resourceType": "Bundle"}"#[..],
            Ok((MediaType::FhirJson, "Bundle")),
        ),
        (
            "scan.pdf",
            b"%PDF-1.7",
            Ok((MediaType::Pdf, "DocumentReference")),
        ),
        (
            "photo.JPG",
            b"\xff\xd8\xff\xe0",
            Ok((MediaType::Jpeg, "Media")),
        ),
        ("empty.pdf", b"", Ok((MediaType::Pdf, "DocumentReference"))),
        ("a.json", br#"{"resourceType": "Bundle"#, Err("not FHIR")),
        ("a.json", b"[]", Err("media type")),
        ("a.png", b"%PDF-1.7", Err("media type")),
        ("empty.doc", b"", Err("media type")),
    ] {
        let original = Original::of(&blob(content), name).await;
        let got = match &original {
            Ok(original) => Ok((original.media_type, original.fhir_type.as_str())),
            Err(OriginalError::NotFhir { .. }) => Err("not FHIR"),
            Err(OriginalError::MediaType(_)) => Err("media type"),
            Err(other) => panic!("{name}: {other:?}"),
        };
        assert_eq!(got, expected, "{name}");
        if let Ok(original) = original {
            assert_eq!(original.size_bytes, content.len() as u64);
        }
    }
}

/// Longer than what is looked at first and than what is read at once, and broken at its end.
#[wasm_bindgen_test]
async fn a_long_bundle_is_read_through_to_its_end() {
    let entries = r#"{"text": "one of many entries"},"#.repeat(20_000);
    let bundle = format!(r#"{{"resourceType": "Bundle", "entry": [{entries} {{}}]}}"#);
    let original = Original::of(&blob(bundle.as_bytes()), "b.json").await;
    assert_eq!(original.unwrap().fhir_type, "Bundle");
    let cut = &bundle.as_bytes()[..bundle.len() - 1];
    match Original::of(&blob(cut), "b.json").await {
        Err(OriginalError::NotFhir { why, .. }) => assert!(why.starts_with("EOF"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn a_file_that_changed_since_it_was_chosen_is_not_looked_at() {
    let chosen = Chosen::of("looked-at", b"%PDF-1.7").await.unwrap();
    assert!(Original::of(&chosen.file, "a.pdf").await.is_ok());
    chosen.write(b"%PDF-1.7 and more").await.unwrap();
    assert!(matches!(
        Original::of(&chosen.file, "a.pdf").await,
        Err(OriginalError::Unreadable { .. })
    ));
}
