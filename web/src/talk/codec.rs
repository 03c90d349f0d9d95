//! How a message crosses between page and engine: as structured data, in which handles of files
//! pass as they are.

use gloo::worker::Codec;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// Messages as JavaScript values. Both ends are of one build, so that a message that does not
/// cross is a mistake in it and nothing that came from outside.
#[derive(Debug)]
pub struct Structured;

impl Codec for Structured {
    fn encode<I: Serialize>(message: I) -> JsValue {
        // "Until revoked" is the largest u64, which is no JavaScript number.
        let serializer = Serializer::new().serialize_large_number_types_as_bigints(true);
        message
            .serialize(&serializer)
            .expect("messages have no value that JavaScript lacks")
    }

    fn decode<O: for<'de> Deserialize<'de>>(message: JsValue) -> O {
        serde_wasm_bindgen::from_value(message).expect("both ends are of one build")
    }
}
