//! A record key as it lies on the chain, beside its capsule.

use keepwell_primitives::limits::ENCRYPTED_RECORD_KEY_BYTES;

use super::layout::{WireError, wire_bytes};

/// Umbral's ciphertext of a 32-byte record key: nonce (24) ‖ encrypted key (32) ‖ tag (16),
/// XChaCha20-Poly1305 with the capsule as associated data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EncryptedKey {
    bytes: [u8; ENCRYPTED_RECORD_KEY_BYTES],
}

wire_bytes!(EncryptedKey, ENCRYPTED_RECORD_KEY_BYTES);

impl EncryptedKey {
    /// Any bytes of the right length: whether they open, only the key tells.
    ///
    /// # Errors
    /// [`WireError::Length`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let bytes = bytes.try_into().map_err(|_| WireError::Length {
            got: bytes.len(),
            expected: ENCRYPTED_RECORD_KEY_BYTES,
        })?;
        Ok(Self { bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encrypted_key_of_another_length_is_refused() {
        let expected = ENCRYPTED_RECORD_KEY_BYTES;
        for got in [0, 71, 73] {
            assert_eq!(
                EncryptedKey::from_bytes(&alloc::vec![0; got]),
                Err(WireError::Length { got, expected })
            );
        }
    }
}
