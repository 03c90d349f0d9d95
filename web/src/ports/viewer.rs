//! What this browser can show by itself.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Whether it shows PDFs within a page (HTML, "PDF viewing support"). Phones mostly do not.
pub(crate) fn shows_pdf() -> bool {
    let navigator = gloo::utils::window().navigator();
    Reflect::get(&navigator, &JsValue::from_str("pdfViewerEnabled")).is_ok_and(|it| it.is_truthy())
}
