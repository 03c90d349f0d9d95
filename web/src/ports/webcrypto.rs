//! Web Cryptography API: AES-256-GCM and SHA-256 at the speed of the machine, in a worker and in a
//! window alike.
//!
//! Every operation begins when its function is called, not when its future is first polled, and
//! has copied its input by then (the standard: "get a copy of the bytes held by the data
//! parameter"). So a caller may use one buffer for the next operation while the last one runs.

use std::future::Future;

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use keepwell_primitives::Hash;
use keepwell_seal::FileKey;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, Crypto, CryptoKey, SubtleCrypto};

use super::thrown::Thrown;

/// A file's key where no script can read it back.
pub struct AesGcmKey {
    key: CryptoKey,
    subtle: SubtleCrypto,
}

impl AesGcmKey {
    /// Hands the key to the browser. The bytes on the way are wiped.
    ///
    /// # Errors
    /// What the browser threw.
    pub async fn import(key: &FileKey) -> Result<Self, Thrown> {
        let subtle = subtle()?;
        let bytes = Uint8Array::from(key.expose_secret().as_slice());
        let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
        let imported = subtle.import_key_with_str("raw", &bytes, "AES-GCM", false, &usages);
        bytes.fill(0, 0, bytes.length());
        let key = JsFuture::from(imported?).await?;
        let key = key.unchecked_into();
        Ok(Self { key, subtle })
    }

    /// The ciphertext and its tag.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn encrypt(
        &self,
        nonce: &[u8; 12],
        additional_data: &[u8],
        plaintext: &Uint8Array,
    ) -> Result<impl Future<Output = Result<Uint8Array, Thrown>> + use<>, Thrown> {
        let begun = self.subtle.encrypt_with_object_and_js_u8_array(
            &parameters(nonce, additional_data),
            &self.key,
            plaintext,
        )?;
        Ok(async move { Ok(bytes_of(&JsFuture::from(begun).await?)) })
    }

    /// What was encrypted; `None` where the tag does not hold.
    ///
    /// # Errors
    /// What the browser threw for any other reason.
    pub async fn decrypt(
        &self,
        nonce: &[u8; 12],
        additional_data: &[u8],
        ciphertext_and_tag: &[u8],
    ) -> Result<Option<Uint8Array>, Thrown> {
        let begun = self.subtle.decrypt_with_object_and_js_u8_array(
            &parameters(nonce, additional_data),
            &self.key,
            &Uint8Array::from(ciphertext_and_tag),
        )?;
        match JsFuture::from(begun).await.map_err(Thrown::from) {
            Ok(plaintext) => Ok(Some(bytes_of(&plaintext))),
            Err(thrown) if thrown.name == "OperationError" => Ok(None),
            Err(thrown) => Err(thrown),
        }
    }
}

/// SHA-256, untagged.
///
/// # Errors
/// What the browser threw.
pub fn sha256(
    bytes: &Uint8Array,
) -> Result<impl Future<Output = Result<Hash, Thrown>> + use<>, Thrown> {
    let begun = subtle()?.digest_with_str_and_js_u8_array("SHA-256", bytes)?;
    Ok(async move {
        let digest = bytes_of(&JsFuture::from(begun).await?);
        let mut hash = [0; 32];
        digest.copy_to(&mut hash);
        Ok(Hash(hash))
    })
}

fn parameters(nonce: &[u8; 12], additional_data: &[u8]) -> AesGcmParams {
    let parameters =
        AesGcmParams::new_with_u8_array("AES-GCM", &Uint8Array::from(nonce.as_slice()));
    parameters.set_additional_data_u8_array(&Uint8Array::from(additional_data));
    parameters
}

/// `crypto.subtle`, which plain HTTP from another machine lacks.
fn subtle() -> Result<SubtleCrypto, Thrown> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    if !subtle.is_object() {
        return Err(Thrown::new("NotSupportedError", "no Web Cryptography here"));
    }
    Ok(crypto.unchecked_into::<Crypto>().subtle())
}

fn bytes_of(buffer: &JsValue) -> Uint8Array {
    Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>())
}
