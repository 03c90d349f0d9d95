//! A signature: 64 bytes, r and s, in the one form that is accepted.
//!
//! Of the two signatures (r, s) and (r, n − s) only the one with the lower s parses, so that
//! nobody can make a second signature out of a first without the key (BIP-146, `LOW_S`).

use alloc::string::String;
use core::{fmt, str::FromStr};

use alloy_rlp::{BufMut, Decodable, Encodable};

use crate::fixed_hex::{self, FixedHexError};

/// ECDSA on secp256k1 (SEC 1, section 4.1): r then s, 32 big-endian bytes each, s at most n/2.
///
/// Canonically a 64-byte RLP string; shown, parsed and in JSON as 128 lowercase hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature([u8; Signature::SIZE]);

impl Signature {
    /// Bytes of r and s.
    pub const SIZE: usize = 64;

    /// Stands where a signature is not made yet, and where there is nobody to make one (block 0):
    /// r and s are 1. It is well formed and no key is known that it is good for.
    pub const PLACEHOLDER: Self = {
        let mut bytes = [0; Self::SIZE];
        (bytes[31], bytes[63]) = (1, 1);
        Self(bytes)
    };

    /// # Errors
    /// [`SignatureError::OutOfRange`] where r or s is zero or not below n;
    /// [`SignatureError::HighS`] where s is above n/2.
    pub fn from_bytes(bytes: [u8; Self::SIZE]) -> Result<Self, SignatureError> {
        let signature =
            k256::ecdsa::Signature::from_slice(&bytes).map_err(|_| SignatureError::OutOfRange)?;
        if signature.normalize_s().is_some() {
            return Err(SignatureError::HighS);
        }
        Ok(Self(bytes))
    }

    /// The 64 bytes.
    pub const fn as_bytes(&self) -> &[u8; Self::SIZE] {
        &self.0
    }

    /// From a signature whose s is known to be low.
    pub(crate) fn from_low_s(signature: &k256::ecdsa::Signature) -> Self {
        Self(signature.to_bytes().into())
    }

    pub(crate) fn to_scalars(self) -> k256::ecdsa::Signature {
        k256::ecdsa::Signature::from_slice(&self.0).expect("the bytes were checked when parsed")
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Signature {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Self, SignatureError> {
        Self::from_bytes(fixed_hex::decode(text)?)
    }
}

impl Encodable for Signature {
    fn encode(&self, out: &mut dyn BufMut) {
        self.0.encode(out);
    }

    fn length(&self) -> usize {
        self.0.length()
    }
}

impl Decodable for Signature {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        Self::from_bytes(Decodable::decode(buf)?)
            .map_err(|_| alloy_rlp::Error::Custom("not a signature with a low s"))
    }
}

impl serde::Serialize for Signature {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Signature {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a signature is refused, by its form or by what it signs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The text is not hex of 64 bytes.
    #[error("not a signature: {0}")]
    Hex(#[from] FixedHexError),
    /// r or s is zero, or not below the order of the curve.
    #[error("r and s of a signature lie between 1 and the order of secp256k1 minus 1")]
    OutOfRange,
    /// The twin with the lower s is the one that is accepted.
    #[error("the s of a signature is at most half the order of secp256k1")]
    HighS,
    /// Made by another key, or over another digest.
    #[error("the signature is not this key's over this digest")]
    Mismatch,
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use keepwell_primitives::{CanonicalError, decode_canonical, encode_canonical};

    use super::*;

    const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    const ONE: &str = "0000000000000000000000000000000000000000000000000000000000000001";
    const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";
    const HALF_ORDER: &str = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
    const OVER_HALF: &str = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1";

    fn parse(r: &str, s: &str) -> Result<Signature, SignatureError> {
        alloc::format!("{r}{s}").parse()
    }

    #[test]
    fn r_and_s_are_within_their_range_and_s_is_low() {
        assert!(parse(ONE, ONE).is_ok());
        assert!(parse(ONE, HALF_ORDER).is_ok());
        assert_eq!(parse(ONE, OVER_HALF), Err(SignatureError::HighS));
        for (r, s) in [(ZERO, ONE), (ONE, ZERO), (ORDER, ONE), (ONE, ORDER)] {
            assert_eq!(parse(r, s), Err(SignatureError::OutOfRange));
        }
    }

    #[test]
    fn signature_survives_its_text_its_json_and_its_canonical_bytes() {
        let signature = parse(ONE, HALF_ORDER).unwrap();
        assert_eq!(signature.to_string().parse(), Ok(signature));
        let json = serde_json::to_string(&signature).unwrap();
        assert_eq!(serde_json::from_str::<Signature>(&json).unwrap(), signature);
        let bytes = encode_canonical(&signature);
        assert_eq!(bytes.len(), 66);
        assert_eq!(decode_canonical(&bytes, 66), Ok(signature));
    }

    #[test]
    fn high_s_does_not_decode() {
        let mut bytes = encode_canonical(&parse(ONE, HALF_ORDER).unwrap());
        bytes[65] += 1;
        assert_eq!(
            decode_canonical::<Signature>(&bytes, 66),
            Err(CanonicalError::Rlp(alloy_rlp::Error::Custom(
                "not a signature with a low s"
            )))
        );
    }
}
