//! Byte strings and lists that know their largest honest length, and a value that may be absent.

use alloc::{string::String, vec::Vec};
use core::{fmt, ops::Deref};

use alloy_rlp::{BufMut, Decodable, Encodable, Header};

/// More than the named limit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{got} is more than the limit of {max}")]
pub struct TooLong {
    /// Bytes or items there were.
    pub got: usize,
    /// Bytes or items there may be.
    pub max: usize,
}

/// At most `MAX` bytes; canonically one RLP string. In JSON: lowercase hex.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoundedBytes<const MAX: usize>(Vec<u8>);

impl<const MAX: usize> BoundedBytes<MAX> {
    /// # Errors
    /// [`TooLong`] over `MAX` bytes.
    pub fn new(bytes: Vec<u8>) -> Result<Self, TooLong> {
        if bytes.len() > MAX {
            return Err(TooLong {
                got: bytes.len(),
                max: MAX,
            });
        }
        Ok(Self(bytes))
    }

    /// The bytes, owned.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl<const MAX: usize> Deref for BoundedBytes<MAX> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for BoundedBytes<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const MAX: usize> Encodable for BoundedBytes<MAX> {
    fn encode(&self, out: &mut dyn BufMut) {
        self.0.as_slice().encode(out);
    }

    fn length(&self) -> usize {
        self.0.as_slice().length()
    }
}

impl<const MAX: usize> Decodable for BoundedBytes<MAX> {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let bytes = Header::decode_bytes(buf, false)?;
        if bytes.len() > MAX {
            return Err(alloy_rlp::Error::Custom("byte string over its limit"));
        }
        Ok(Self(bytes.to_vec()))
    }
}

impl<const MAX: usize> serde::Serialize for BoundedBytes<MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de, const MAX: usize> serde::Deserialize<'de> for BoundedBytes<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(serde::de::Error::custom("hex digits are lowercase"));
        }
        let bytes = hex::decode(text).map_err(serde::de::Error::custom)?;
        Self::new(bytes).map_err(serde::de::Error::custom)
    }
}

/// At most `MAX` items; canonically one RLP list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoundedList<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> BoundedList<T, MAX> {
    /// # Errors
    /// [`TooLong`] over `MAX` items.
    pub fn new(items: Vec<T>) -> Result<Self, TooLong> {
        if items.len() > MAX {
            return Err(TooLong {
                got: items.len(),
                max: MAX,
            });
        }
        Ok(Self(items))
    }

    /// The items, owned.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Default for BoundedList<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> Deref for BoundedList<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Encodable, const MAX: usize> Encodable for BoundedList<T, MAX> {
    fn encode(&self, out: &mut dyn BufMut) {
        alloy_rlp::encode_list::<T, T>(&self.0, out);
    }

    fn length(&self) -> usize {
        alloy_rlp::list_length::<T, T>(&self.0)
    }
}

impl<T: Decodable, const MAX: usize> Decodable for BoundedList<T, MAX> {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let mut payload = Header::decode_bytes(buf, true)?;
        let mut items = Vec::new();
        while !payload.is_empty() {
            if items.len() == MAX {
                return Err(alloy_rlp::Error::Custom("list over its limit"));
            }
            items.push(T::decode(&mut payload)?);
        }
        Ok(Self(items))
    }
}

impl<T: serde::Serialize, const MAX: usize> serde::Serialize for BoundedList<T, MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: serde::Deserialize<'de>, const MAX: usize> serde::Deserialize<'de>
    for BoundedList<T, MAX>
{
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::deserialize(deserializer)?;
        Self::new(items).map_err(serde::de::Error::custom)
    }
}

/// A value that may be absent; canonically an RLP list of none or one item, so that an absent
/// value and an empty one differ. In JSON: the value or `null`.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Maybe<T>(pub Option<T>);

impl<T: Encodable> Encodable for Maybe<T> {
    fn encode(&self, out: &mut dyn BufMut) {
        let payload_length = self.0.as_ref().map_or(0, Encodable::length);
        Header {
            list: true,
            payload_length,
        }
        .encode(out);
        if let Some(value) = &self.0 {
            value.encode(out);
        }
    }

    fn length(&self) -> usize {
        let payload_length = self.0.as_ref().map_or(0, Encodable::length);
        payload_length + alloy_rlp::length_of_length(payload_length)
    }
}

impl<T: Decodable> Decodable for Maybe<T> {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let mut payload = Header::decode_bytes(buf, true)?;
        if payload.is_empty() {
            return Ok(Self(None));
        }
        let value = T::decode(&mut payload)?;
        if !payload.is_empty() {
            return Err(alloy_rlp::Error::Custom(
                "more than one value where one may be absent",
            ));
        }
        Ok(Self(Some(value)))
    }
}
