//! A secret wrapped under a passphrase, for keeping on a device or in a file.
//!
//! Argon2id (RFC 9106) makes a key of the passphrase, AES-256-GCM (NIST SP 800-38D) seals the
//! secret under it, with everything else in the vault as associated data. Canonical bytes:
//!
//! ```text
//! [["keepwell-vault", 1, kind, salt (16), [memory_kib, iterations, lanes], nonce (12)], ciphertext]
//! ```
//!
//! The passphrase is its exact UTF-8 bytes: normalising it (to NFC) is for who asks for it.
//! A wrong passphrase and a damaged vault look alike, by design of the cipher.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use aes_gcm::{AeadInPlace, Aes256Gcm, KeyInit};
use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_primitives::{BoundedBytes, CanonicalError, decode_canonical, encode_canonical};
use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

mod parameters;

pub use parameters::VaultParameters;

/// Bytes of a secret: the largest kept is a seed with what belongs to it.
pub const SECRET_BYTES_MAX: usize = 4096;

/// Bytes of a kind's name.
pub const KIND_BYTES_MAX: usize = 64;

/// Bytes of a whole vault: the largest secret, its tag, and less than 256 around them.
pub const VAULT_BYTES_MAX: usize = SECRET_BYTES_MAX + TAG_BYTES + 256;

const MAGIC: &str = "keepwell-vault";
const VERSION: u32 = 1;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// A secret that only its passphrase opens, with the parameters that it takes.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct Vault {
    header: Header,
    ciphertext: BoundedBytes<{ SECRET_BYTES_MAX + TAG_BYTES }>,
}

/// Everything but the ciphertext; its canonical bytes are the associated data.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
struct Header {
    magic: String,
    version: u32,
    kind: String,
    salt: [u8; SALT_BYTES],
    parameters: VaultParameters,
    nonce: [u8; NONCE_BYTES],
}

impl Vault {
    /// Wraps `secret` under `passphrase`, with a salt and a nonce from `rng`. `kind` says what the
    /// secret is, so that no file is taken for another. Takes as long as the parameters ask for:
    /// from tens of milliseconds up.
    ///
    /// # Errors
    /// [`VaultError::Parameters`] outside their range; [`VaultError::SecretTooLong`] over
    /// [`SECRET_BYTES_MAX`]; [`VaultError::KindTooLong`] over [`KIND_BYTES_MAX`];
    /// [`VaultError::Memory`] where the device has less than asked for.
    pub fn seal(
        kind: &str,
        secret: &[u8],
        passphrase: &str,
        parameters: VaultParameters,
        rng: &mut impl CryptoRngCore,
    ) -> Result<Self, VaultError> {
        if kind.len() > KIND_BYTES_MAX {
            return Err(VaultError::KindTooLong {
                got: kind.len(),
                max: KIND_BYTES_MAX,
            });
        }
        let too_long = VaultError::SecretTooLong {
            got: secret.len(),
            max: SECRET_BYTES_MAX,
        };
        if secret.len() > SECRET_BYTES_MAX {
            return Err(too_long);
        }
        let mut header = Header {
            magic: MAGIC.to_string(),
            version: VERSION,
            kind: kind.to_string(),
            salt: [0; SALT_BYTES],
            parameters,
            nonce: [0; NONCE_BYTES],
        };
        rng.fill_bytes(&mut header.salt);
        rng.fill_bytes(&mut header.nonce);

        let cipher = header.cipher(passphrase)?;
        // As long as it gets: encrypting in place must not leave a copy of the secret behind.
        let mut sealed = Zeroizing::new(Vec::with_capacity(secret.len() + TAG_BYTES));
        sealed.extend_from_slice(secret);
        cipher
            .encrypt_in_place(
                &header.nonce.into(),
                &encode_canonical(&header),
                &mut *sealed,
            )
            .map_err(|_| too_long.clone())?;
        let ciphertext = BoundedBytes::new(core::mem::take(&mut *sealed)).map_err(|_| too_long)?;
        Ok(Self { header, ciphertext })
    }

    /// The vault that these canonical bytes are. Nothing is decrypted, and no work is done that
    /// the bytes could ask for.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] where they are not a vault's; [`VaultError::NotAVault`] and
    /// [`VaultError::Version`] by its first two fields; [`VaultError::Parameters`] outside their
    /// range, too weak or too costly.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let vault: Self =
            decode_canonical(bytes, VAULT_BYTES_MAX).map_err(VaultError::Malformed)?;
        let header = &vault.header;
        if header.magic != MAGIC {
            return Err(VaultError::NotAVault);
        }
        if header.version != VERSION {
            return Err(VaultError::Version {
                got: header.version,
                expected: VERSION,
            });
        }
        if header.kind.len() > KIND_BYTES_MAX {
            return Err(VaultError::KindTooLong {
                got: header.kind.len(),
                max: KIND_BYTES_MAX,
            });
        }
        header.parameters.check()?;
        Ok(vault)
    }

    /// The canonical bytes, for storing.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode_canonical(self)
    }

    /// What the secret is said to be.
    pub fn kind(&self) -> &str {
        &self.header.kind
    }

    /// The parameters it was sealed with.
    pub const fn parameters(&self) -> VaultParameters {
        self.header.parameters
    }

    /// The secret of a vault of this kind. Takes as long as sealing it.
    ///
    /// # Errors
    /// [`VaultError::WrongKind`] before any work; [`VaultError::WrongPassphraseOrDamaged`], which
    /// cannot be told apart; [`VaultError::Memory`] where the device has less than it takes.
    pub fn open(&self, kind: &str, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        if self.header.kind != kind {
            return Err(VaultError::WrongKind {
                got: self.header.kind.clone(),
                expected: kind.to_string(),
            });
        }
        let mut secret = Zeroizing::new(self.ciphertext.to_vec());
        self.header
            .cipher(passphrase)?
            .decrypt_in_place(
                &self.header.nonce.into(),
                &encode_canonical(&self.header),
                &mut *secret,
            )
            .map_err(|_| VaultError::WrongPassphraseOrDamaged)?;
        Ok(secret)
    }
}

impl Header {
    fn cipher(&self, passphrase: &str) -> Result<Aes256Gcm, VaultError> {
        let key = self.parameters.stretch(passphrase, &self.salt)?;
        Ok(Aes256Gcm::new((&*key).into()))
    }
}

/// Why a vault is not made, read or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Another passphrase sealed it, or its bytes were altered.
    #[error("the passphrase is wrong, or the file is damaged")]
    WrongPassphraseOrDamaged,
    /// Not the canonical bytes of a vault.
    #[error("not a Keepwell vault: {0}")]
    Malformed(CanonicalError),
    /// Its shape is right, its first field is not.
    #[error("not a Keepwell vault")]
    NotAVault,
    /// Made by a later version of Keepwell.
    #[error("a vault of version {got}; this software opens version {expected}")]
    Version {
        /// The vault's version.
        got: u32,
        /// Always 1.
        expected: u32,
    },
    /// It holds something else than what is asked for.
    #[error("this holds \"{got}\", not \"{expected}\"")]
    WrongKind {
        /// What it holds.
        got: String,
        /// What was asked for.
        expected: String,
    },
    /// Too weak to protect the secret, or so costly that opening it would block the device.
    #[error("{name} of the passphrase hash is {got}, allowed are {min} to {max}")]
    Parameters {
        /// Which parameter: `memory_kib`, `iterations` or `lanes`.
        name: &'static str,
        /// Its value.
        got: u32,
        /// The least that protects.
        min: u32,
        /// The most that is run.
        max: u32,
    },
    /// The secret does not fit.
    #[error("a secret of {got} bytes, at most {max} fit into a vault")]
    SecretTooLong {
        /// Bytes of the secret.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// The kind's name does not fit.
    #[error("a kind of {got} bytes, at most {max} are allowed")]
    KindTooLong {
        /// Bytes of the name.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// The device cannot spare the memory that the parameters ask for.
    #[error(
        "the passphrase hash takes {needed_kib} KiB of memory, which this device does not have free"
    )]
    Memory {
        /// KiB asked for.
        needed_kib: u32,
    },
}

#[cfg(test)]
mod tests;
