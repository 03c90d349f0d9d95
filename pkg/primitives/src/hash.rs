//! The 32-byte hash, its tagged form, and the macro that makes a type of its own for each use.
//!
//! Every hash has a domain, so that bytes hashed for one purpose never mean something for another
//! (`docs/protocol.md`, section 3). Block hashes and trie nodes are the two exceptions; they use
//! [`Hash::untagged`].

use alloc::string::String;
use core::{fmt, str::FromStr};

use alloy_rlp::{RlpDecodableWrapper, RlpEncodableWrapper};
use sha2::{Digest, Sha256};

/// 32 bytes of SHA-256. Shown and parsed as 64 lowercase hex digits.
#[derive(
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    RlpEncodableWrapper,
    RlpDecodableWrapper,
)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The all-zero hash, used where there is nothing to name.
    pub const ZERO: Self = Self([0; 32]);

    /// `SHA-256("keepwell/<domain>/v1" ‖ 0x00 ‖ parts…)`.
    ///
    /// The parts are hashed as if concatenated: where their borders carry meaning, give them a
    /// fixed width or encode them first.
    pub fn tagged(domain: &str, parts: &[&[u8]]) -> Self {
        debug_assert!(!domain.contains('\0'), "a domain ends at its zero byte");
        let mut hasher = Sha256::new_with_prefix("keepwell/");
        hasher.update(domain);
        hasher.update(b"/v1\0");
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// Plain SHA-256, for trie nodes and (twice) for block headers only.
    pub fn untagged(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = HashParseError;

    fn from_str(text: &str) -> Result<Self, HashParseError> {
        if text.len() != 64 {
            return Err(HashParseError::Length {
                got: text.len(),
                expected: 64,
            });
        }
        if let Some(digit) = text.chars().find(|c| !matches!(c, '0'..='9' | 'a'..='f')) {
            return Err(HashParseError::Digit { got: digit });
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HashParseError::Length {
            got: text.len(),
            expected: 64,
        })?;
        Ok(Self(bytes))
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a text is not a hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashParseError {
    /// Not 64 characters.
    #[error("a hash has {expected} hex digits, this has {got} characters")]
    Length {
        /// Bytes in the text.
        got: usize,
        /// Always 64.
        expected: usize,
    },
    /// A character other than 0-9 and a-f.
    #[error("a hash is written in the digits 0-9 and a-f, not {got:?}")]
    Digit {
        /// The first wrong character.
        got: char,
    },
}

/// Makes a type of its own around [`Hash`](crate::Hash), for one kind of thing that is named by a
/// hash: the compiler then keeps a transaction's id from standing where a block's is meant.
#[macro_export]
macro_rules! hash_newtype {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident;) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            $crate::alloy_rlp::RlpEncodableWrapper, $crate::alloy_rlp::RlpDecodableWrapper,
        )]
        $visibility struct $name(pub $crate::Hash);

        impl $name {
            /// The 32 bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                self.0.as_bytes()
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::HashParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::__serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn tagged_hash_is_sha256_of_domain_zero_and_parts() {
        let whole = Hash::untagged(b"keepwell/txid/v1\0abc");
        assert_eq!(Hash::tagged("txid", &[b"a", b"bc"]), whole);
        assert_ne!(Hash::tagged("txi", &[b"d", b"abc"]), whole);
    }

    #[test]
    fn hash_survives_its_text() {
        let hash = Hash::untagged(b"");
        let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash.to_string(), text);
        assert_eq!(text.parse(), Ok(hash));
    }

    #[test]
    fn wrong_hash_text_is_named() {
        assert_eq!(
            "e3b0".parse::<Hash>(),
            Err(HashParseError::Length {
                got: 4,
                expected: 64
            })
        );
        let upper = "E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            upper.parse::<Hash>(),
            Err(HashParseError::Digit { got: 'E' })
        );
    }
}
