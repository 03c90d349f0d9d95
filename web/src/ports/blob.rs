//! Bytes that the browser holds: their size, a copy of them, and an address to show them by.

use keepwell_seal::MediaType;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Url};

/// How many bytes it has.
pub(crate) fn size_bytes(blob: &Blob) -> usize {
    // A whole number of bytes that the browser holds; saturated if it does not fit.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let size = blob.size() as usize;
    size
}

/// A copy of its bytes; `None` if the browser cannot give them, as when a file has changed.
pub(crate) async fn bytes(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// An address under which this page, and no other, finds a blob. Given back when dropped.
#[derive(Debug)]
pub(crate) struct ObjectUrl {
    address: String,
}

impl ObjectUrl {
    /// The blob is shown as what its record says it is: as any other type, HTML above all, it would
    /// be run as a part of this page.
    pub(crate) fn new(blob: &Blob, media_type: MediaType) -> Option<Self> {
        let typed = blob
            .slice_with_f64_and_f64_and_content_type(0.0, blob.size(), media_type.as_str())
            .ok()?;
        let address = Url::create_object_url_with_blob(&typed).ok()?;
        Some(Self { address })
    }

    pub(crate) fn address(&self) -> String {
        self.address.clone()
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // Refused only for what is no address, and the browser made it.
        let _ = Url::revoke_object_url(&self.address);
    }
}
