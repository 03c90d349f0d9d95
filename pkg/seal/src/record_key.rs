//! The key of one sealing, and what is derived from it.
//!
//! ```text
//! file key     = HKDF-SHA256(record key, info "keepwell/file-key/v1")
//! summary key  = HKDF-SHA256(record key, info "keepwell/summary-key/v1")
//! content salt = HKDF-SHA256(record key, info "keepwell/content-salt/v1")
//! ```
//!
//! without a salt (RFC 5869), 32 bytes each.

use hkdf::Hkdf;
use rand_core::CryptoRngCore;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// 32 random bytes, fresh for every sealing: nonces count from 0 under each, so no two files may
/// ever be sealed under the same. No `Debug`; wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RecordKey([u8; 32]);

macro_rules! derived {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Zeroize, ZeroizeOnDrop)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The 32 bytes, for the cipher or hash that uses them.
            pub const fn expose_secret(&self) -> &[u8; 32] {
                &self.0
            }
        }
    };
}

derived! {
    /// The AES-256-GCM key of a file's chunks. No `Debug`; wiped when dropped.
    FileKey
}

derived! {
    /// The AES-256-GCM key of a summary. No `Debug`; wiped when dropped.
    SummaryKey
}

derived! {
    /// What keeps a content commitment from confirming a guess. No `Debug`; wiped when dropped.
    ContentSalt
}

impl RecordKey {
    /// A key for one sealing.
    pub fn generate(rng: &mut impl CryptoRngCore) -> Self {
        let mut key = Self([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// A key that was opened. The caller wipes its own copy.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, for encrypting them to a scope.
    pub const fn expose_secret(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key of the file.
    pub fn file_key(&self) -> FileKey {
        FileKey(self.derive(b"keepwell/file-key/v1"))
    }

    /// The key of the summary.
    pub fn summary_key(&self) -> SummaryKey {
        SummaryKey(self.derive(b"keepwell/summary-key/v1"))
    }

    /// The salt of the content commitment.
    pub fn content_salt(&self) -> ContentSalt {
        ContentSalt(self.derive(b"keepwell/content-salt/v1"))
    }

    fn derive(&self, info: &[u8]) -> [u8; 32] {
        let mut derived = [0; 32];
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(info, &mut derived)
            .expect("HKDF-SHA256 gives up to 8160 bytes");
        derived
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_derived_secrets_differ_from_each_other_and_from_the_key() {
        let key = RecordKey::from_bytes([7; 32]);
        let secrets = [
            *key.expose_secret(),
            *key.file_key().expose_secret(),
            *key.summary_key().expose_secret(),
            *key.content_salt().expose_secret(),
        ];
        for (index, secret) in secrets.iter().enumerate() {
            assert!(!secrets[index + 1..].contains(secret));
        }
    }
}
