//! A public key: 33 bytes of compressed SEC 1, known to be a point on the curve.
//!
//! Only the bytes are kept. They are what is hashed, compared and stored, and every signature
//! library takes them; parsing checks them once, and a verification finds y again.

use alloc::string::String;
use core::{fmt, str::FromStr};

use alloy_rlp::{BufMut, Decodable, Encodable};

use crate::fixed_hex::{self, FixedHexError};

/// A point of secp256k1 other than the identity, compressed (SEC 1, section 2.3.3).
///
/// Canonically a 33-byte RLP string; shown, parsed and in JSON as 66 lowercase hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; PublicKey::SIZE]);

impl PublicKey {
    /// Bytes of a compressed point.
    pub const SIZE: usize = 33;

    /// Takes one square root in the field, a tenth of what verifying a signature takes.
    ///
    /// # Errors
    /// [`PublicKeyError::Prefix`] where the first byte is neither 2 nor 3;
    /// [`PublicKeyError::NotOnCurve`] where no point has this x.
    pub fn from_bytes(bytes: [u8; Self::SIZE]) -> Result<Self, PublicKeyError> {
        let [prefix, ..] = bytes;
        if !matches!(prefix, 2 | 3) {
            return Err(PublicKeyError::Prefix { got: prefix });
        }
        k256::PublicKey::from_sec1_bytes(&bytes).map_err(|_| PublicKeyError::NotOnCurve)?;
        Ok(Self(bytes))
    }

    /// The 33 bytes.
    pub const fn as_bytes(&self) -> &[u8; Self::SIZE] {
        &self.0
    }

    pub(crate) fn from_point(point: &k256::PublicKey) -> Self {
        use k256::elliptic_curve::sec1::ToEncodedPoint;

        let mut bytes = [0; Self::SIZE];
        bytes.copy_from_slice(point.to_encoded_point(true).as_bytes());
        Self(bytes)
    }

    pub(crate) fn to_point(self) -> k256::PublicKey {
        k256::PublicKey::from_sec1_bytes(&self.0).expect("the bytes were checked when parsed")
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = PublicKeyError;

    fn from_str(text: &str) -> Result<Self, PublicKeyError> {
        Self::from_bytes(fixed_hex::decode(text)?)
    }
}

impl Encodable for PublicKey {
    fn encode(&self, out: &mut dyn BufMut) {
        self.0.encode(out);
    }

    fn length(&self) -> usize {
        self.0.length()
    }
}

impl Decodable for PublicKey {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        Self::from_bytes(Decodable::decode(buf)?)
            .map_err(|_| alloy_rlp::Error::Custom("not a compressed point of secp256k1"))
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PublicKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Why bytes or a text are not a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// The text is not hex of 33 bytes.
    #[error("not a public key: {0}")]
    Hex(#[from] FixedHexError),
    /// Compressed points start with 2 or 3.
    #[error("a compressed public key starts with byte 2 or 3, not {got}")]
    Prefix {
        /// The first byte.
        got: u8,
    },
    /// No point of the curve has this x.
    #[error("not a point of secp256k1")]
    NotOnCurve,
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use keepwell_primitives::{CanonicalError, decode_canonical, encode_canonical};

    use super::*;

    /// The generator of secp256k1, SEC 2, section 2.4.1.
    const GENERATOR: &str = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

    #[test]
    fn public_key_survives_its_text_its_json_and_its_canonical_bytes() {
        let key: PublicKey = GENERATOR.parse().unwrap();
        assert_eq!(key.to_string(), GENERATOR);
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<PublicKey>(&json).unwrap(), key);
        let bytes = encode_canonical(&key);
        assert_eq!(bytes.len(), 34);
        assert_eq!(decode_canonical(&bytes, 34), Ok(key));
    }

    #[test]
    fn what_is_no_compressed_point_is_refused_by_name() {
        let mut bytes = *GENERATOR.parse::<PublicKey>().unwrap().as_bytes();
        bytes[0] = 5;
        assert_eq!(
            PublicKey::from_bytes(bytes),
            Err(PublicKeyError::Prefix { got: 5 })
        );
        // The identity's only encoding is a single zero byte, so 33 of them are no key either.
        assert_eq!(
            PublicKey::from_bytes([0; 33]),
            Err(PublicKeyError::Prefix { got: 0 })
        );
        // 5³ + 7 is no square in the field; neither is an x at or over the field's prime one.
        let mut x_is_five = [0; 33];
        (x_is_five[0], x_is_five[32]) = (2, 5);
        let mut x_is_too_large = [0xff; 33];
        x_is_too_large[0] = 3;
        for bytes in [x_is_five, x_is_too_large] {
            assert_eq!(
                PublicKey::from_bytes(bytes),
                Err(PublicKeyError::NotOnCurve)
            );
        }
    }

    #[test]
    fn point_off_the_curve_does_not_decode() {
        let mut bytes = [0; 34];
        (bytes[0], bytes[1], bytes[33]) = (0x80 + 33, 2, 5);
        assert_eq!(
            decode_canonical::<PublicKey>(&bytes, 34),
            Err(CanonicalError::Rlp(alloy_rlp::Error::Custom(
                "not a compressed point of secp256k1"
            )))
        );
    }
}
