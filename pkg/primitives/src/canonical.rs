//! Canonical bytes: RLP, with exactly one byte string for every value.
//!
//! Whatever is hashed or signed goes through these two functions. Decoding is strict: besides the
//! rules of RLP itself, a value must encode back to the very bytes it came from.

use alloc::vec::Vec;

use alloy_rlp::{Decodable, Encodable};

/// The one byte string that stands for `value`.
pub fn encode_canonical<T: Encodable>(value: &T) -> Vec<u8> {
    alloy_rlp::encode(value)
}

/// The value that `bytes` stand for, if they are its canonical encoding and at most `max` long.
///
/// # Errors
/// [`CanonicalError::TooLong`] before anything is parsed; [`CanonicalError::Rlp`] where the bytes
/// break a rule of RLP or are not of this type; [`CanonicalError::TrailingBytes`] after the value;
/// [`CanonicalError::NotCanonical`] where another byte string is the canonical one.
pub fn decode_canonical<T: Decodable + Encodable>(
    bytes: &[u8],
    max: usize,
) -> Result<T, CanonicalError> {
    if bytes.len() > max {
        return Err(CanonicalError::TooLong {
            got: bytes.len(),
            max,
        });
    }
    let mut rest = bytes;
    let value = T::decode(&mut rest)?;
    if !rest.is_empty() {
        return Err(CanonicalError::TrailingBytes { got: rest.len() });
    }
    if alloy_rlp::encode(&value) != bytes {
        return Err(CanonicalError::NotCanonical);
    }
    Ok(value)
}

/// Why bytes are not the canonical encoding of a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Longer than anything honest of this kind.
    #[error("{got} bytes, at most {max} are allowed")]
    TooLong {
        /// Bytes given.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// A rule of RLP, or the shape of the type, is broken.
    #[error("not canonical RLP of this kind: {0}")]
    Rlp(alloy_rlp::Error),
    /// Bytes follow the value.
    #[error("{got} bytes follow the value")]
    TrailingBytes {
        /// How many.
        got: usize,
    },
    /// The bytes decode, but the value has another encoding.
    #[error("the value has another, canonical encoding")]
    NotCanonical,
}

impl From<alloy_rlp::Error> for CanonicalError {
    fn from(error: alloy_rlp::Error) -> Self {
        Self::Rlp(error)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::{BoundedBytes, BoundedList, Maybe};

    type Sample = BoundedList<Maybe<BoundedBytes<4>>, 3>;

    fn decode(bytes: &[u8]) -> Result<Sample, CanonicalError> {
        decode_canonical(bytes, 32)
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_error() {
        let sample = Sample::new(vec![
            Maybe(None),
            Maybe(Some(BoundedBytes::new(vec![5]).unwrap())),
        ]);
        let bytes = encode_canonical(&sample.clone().unwrap());
        assert_eq!(bytes, [0xc3, 0xc0, 0xc1, 0x05]);
        assert_eq!(decode(&bytes), Ok(sample.unwrap()));

        let trailing = [0xc3, 0xc0, 0xc1, 0x05, 0x00];
        assert_eq!(
            decode(&trailing),
            Err(CanonicalError::TrailingBytes { got: 1 })
        );
        let long_form_of_a_byte = [0xc4, 0xc0, 0xc2, 0x81, 0x05];
        assert_eq!(
            decode(&long_form_of_a_byte),
            Err(CanonicalError::Rlp(
                alloy_rlp::Error::NonCanonicalSingleByte
            ))
        );
        let truncated = [0xc3, 0xc0, 0xc1];
        assert_eq!(
            decode(&truncated),
            Err(CanonicalError::Rlp(alloy_rlp::Error::InputTooShort))
        );
        let four_items = [0xc4, 0xc0, 0xc0, 0xc0, 0xc0];
        assert_eq!(
            decode(&four_items),
            Err(CanonicalError::Rlp(alloy_rlp::Error::Custom(
                "list over its limit"
            )))
        );
        assert_eq!(
            decode(&[0; 33]),
            Err(CanonicalError::TooLong { got: 33, max: 32 })
        );
    }

    proptest! {
        #[test]
        fn whatever_decodes_encodes_to_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            if let Ok(sample) = decode(&bytes) {
                prop_assert_eq!(encode_canonical(&sample), bytes);
            }
        }
    }
}
