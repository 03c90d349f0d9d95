//! Files that a person has chosen.

use js_sys::Uint8Array;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

/// An identity file has under a kilobyte; what is longer is none.
const SMALL_BYTES_MAX: f64 = 65_536.0;

/// Reads a small file whole, and hands over its name and bytes, or why not.
pub fn read_small(file: File, then: impl FnOnce(Result<(String, Vec<u8>), String>) + 'static) {
    if file.size() > SMALL_BYTES_MAX {
        then(Err(format!(
            "{} is too large for such a file.",
            file.name()
        )));
        return;
    }
    spawn_local(async move {
        let name = file.name();
        let read = JsFuture::from(file.array_buffer()).await;
        then(match read {
            Ok(buffer) => Ok((name, Uint8Array::new(&buffer).to_vec())),
            Err(_) => Err(format!("{name} cannot be read. Choose it again.")),
        });
    });
}
