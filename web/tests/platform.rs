//! What the page finds in a real browser.
#![cfg(target_arch = "wasm32")]

use js_sys::{Object, Reflect};
use keepwell_web::ports::platform::{Lacking, lacking};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_current_browser_on_loopback_lacks_nothing() {
    assert_eq!(lacking(), []);
}

#[wasm_bindgen_test]
fn a_browser_without_a_service_is_told_apart_by_it() {
    // A property of the window, what it holds where the service is withheld, and what the browser
    // must then be found to lack.
    for (name, nothing, lack) in [
        ("isSecureContext", JsValue::FALSE, Lacking::SecureContext),
        ("crypto", Object::new().into(), Lacking::WebCrypto),
        ("indexedDB", JsValue::NULL, Lacking::IndexedDb),
    ] {
        let shadow = Shadow::new(name, nothing);
        assert_eq!(lacking(), [lack], "without {name}");
        drop(shadow);
    }
    assert_eq!(lacking(), [], "the browser is as it was");
}

/// Puts a value in the place of a property of the window, until dropped.
struct Shadow {
    name: JsValue,
    original: Object,
}

impl Shadow {
    fn new(name: &str, nothing: JsValue) -> Self {
        let name = JsValue::from_str(name);
        let original = Object::get_own_property_descriptor(&js_sys::global(), &name);
        let descriptor = Object::new();
        for (key, value) in [("value", nothing), ("configurable", JsValue::TRUE)] {
            assert_eq!(
                Reflect::set(&descriptor, &JsValue::from_str(key), &value),
                Ok(true)
            );
        }
        Object::define_property(&js_sys::global(), &name, &descriptor);
        Self {
            name,
            original: original.into(),
        }
    }
}

impl Drop for Shadow {
    fn drop(&mut self) {
        Object::define_property(&js_sys::global(), &self.name, &self.original);
    }
}
