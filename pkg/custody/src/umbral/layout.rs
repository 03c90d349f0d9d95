//! The one MessagePack layout of each Umbral object.
//!
//! All lengths are fixed, so an object is its fields between constant heads: `0x90 | n` opens a
//! struct of n fields, `0xc4 n` a byte string of n bytes, `0xc2` and `0xc3` are false and true.
//! A point must be compressed: the identity has no such form, and `umbral-pre` 0.11 panics when
//! it meets the identity in what it hashes.

/// A piece of the layout.
#[derive(Clone, Copy)]
pub(super) enum Field {
    /// The head of a struct with so many fields.
    Struct(u8),
    /// 33 bytes of a compressed point.
    Point,
    /// So many bytes of something else.
    Bytes(u8),
    /// A truth value.
    Bool,
}

/// Why bytes are not an Umbral object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Every object of a kind has the same length.
    #[error("{got} bytes instead of {expected}")]
    Length {
        /// Bytes given.
        got: usize,
        /// Bytes of every object of this kind.
        expected: usize,
    },
    /// A byte that is the same in every object of this kind.
    #[error("byte {offset} breaks the layout: {got:#04x}")]
    Layout {
        /// Where it stands.
        offset: usize,
        /// The byte given.
        got: u8,
    },
    /// Fields of the right lengths that are no points or scalars of secp256k1, or contradict each
    /// other.
    #[error("the fields are not those of an Umbral object")]
    Invalid,
    /// The object has another, canonical encoding.
    #[error("the object has another, canonical encoding")]
    NotCanonical,
    /// The capsule's two points cancel out: it would hold the identity for a key.
    #[error("the capsule's points cancel each other")]
    PointsCancel,
    /// Made with another base point u than Umbral's.
    #[error("made under other parameters than Umbral's")]
    Parameters,
    /// A key fragment must bind both the scope's key and the receiver's to its signature.
    #[error("the fragment is not signed together with the scope's and the receiver's key")]
    KeysNotSigned,
}

/// That `bytes` have the layout of `fields`.
pub(super) fn check(fields: &[Field], bytes: &[u8], expected: usize) -> Result<(), WireError> {
    if bytes.len() != expected {
        return Err(WireError::Length {
            got: bytes.len(),
            expected,
        });
    }
    let mut offset = 0;
    let mut take = |allowed: &[u8], skipped: usize| {
        let got = bytes.get(offset).copied().unwrap_or_default();
        if !allowed.contains(&got) {
            return Err(WireError::Layout { offset, got });
        }
        offset += 1 + skipped;
        Ok(())
    };
    for field in fields {
        match *field {
            Field::Struct(field_count) => take(&[0x90 | field_count], 0)?,
            Field::Point => {
                take(&[0xc4], 0)?;
                take(&[33], 0)?;
                take(&[2, 3], 32)?;
            }
            Field::Bytes(length) => {
                take(&[0xc4], 0)?;
                take(&[length], usize::from(length))?;
            }
            Field::Bool => take(&[0xc2, 0xc3], 0)?,
        }
    }
    debug_assert_eq!(offset, expected, "the fields fill the object");
    Ok(())
}

/// A value of a fixed number of public bytes that travels as one RLP string: its `Debug`, its
/// canonical bytes, and its conversions.
macro_rules! wire_bytes {
    ($name:ident, $size:expr) => {
        impl $name {
            /// Bytes of every object of this kind.
            pub const SIZE: usize = $size;

            /// The bytes that travel.
            pub const fn to_bytes(&self) -> [u8; $size] {
                self.bytes
            }

            /// The same, borrowed.
            pub const fn as_bytes(&self) -> &[u8; $size] {
                &self.bytes
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.bytes
                    .iter()
                    .try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl alloy_rlp::Encodable for $name {
            fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
                self.bytes.encode(out);
            }

            fn length(&self) -> usize {
                self.bytes.length()
            }
        }

        impl alloy_rlp::Decodable for $name {
            fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
                let bytes = alloy_rlp::Header::decode_bytes(buf, false)?;
                Self::from_bytes(bytes)
                    .map_err(|_| alloy_rlp::Error::Custom(concat!("not a ", stringify!($name))))
            }
        }
    };
}
pub(crate) use wire_bytes;
