//! A capsule re-encrypted by one custodian.

use keepwell_primitives::limits::CAPSULE_FRAGMENT_BYTES;
use umbral_pre::{CapsuleFrag, DefaultDeserialize, DefaultSerialize};

use super::layout::{Field, WireError, check, wire_bytes};

const LAYOUT: [Field; 12] = [
    Field::Struct(5),
    // E₁, V₁, the key fragment's id, the precursor.
    Field::Point,
    Field::Point,
    Field::Bytes(32),
    Field::Point,
    // Proof: E₂, V₂, the fragment's commitment, the proof of knowing it, a scalar, a signature.
    Field::Struct(6),
    Field::Point,
    Field::Point,
    Field::Point,
    Field::Point,
    Field::Bytes(32),
    Field::Bytes(64),
];

/// Where the key fragment's id stands: after a struct head, two points, and its own head.
const KEY_FRAGMENT_ID: usize = 1 + 35 + 35 + 2;

/// Where the precursor stands, the point that all fragments of one splitting share.
const PRECURSOR: usize = KEY_FRAGMENT_ID + 32 + 2;

/// A capsule fragment of the right form. That it answers a request, only
/// [`CapsuleFragment::check`] tells.
///
/// Not a secret: it helps nobody but the holder of the receiving key.
#[derive(Clone, PartialEq)]
pub struct CapsuleFragment {
    bytes: [u8; CAPSULE_FRAGMENT_BYTES],
    fragment: CapsuleFrag,
}

wire_bytes!(CapsuleFragment, CAPSULE_FRAGMENT_BYTES);

impl Eq for CapsuleFragment {}

impl CapsuleFragment {
    /// # Errors
    /// [`WireError::Length`] and [`WireError::Layout`] before anything is parsed;
    /// [`WireError::Invalid`] where a field is no point, scalar or signature;
    /// [`WireError::NotCanonical`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        check(&LAYOUT, bytes, CAPSULE_FRAGMENT_BYTES)?;
        let fragment = CapsuleFrag::from_bytes(bytes).map_err(|_| WireError::Invalid)?;
        let parsed = Self::from_umbral(fragment)?;
        if parsed.bytes != bytes {
            return Err(WireError::NotCanonical);
        }
        Ok(parsed)
    }

    /// The wire form of a fragment that Umbral made.
    ///
    /// # Errors
    /// [`WireError::Length`] or [`WireError::Invalid`] if the library changes its format.
    pub fn from_umbral(fragment: CapsuleFrag) -> Result<Self, WireError> {
        let encoded = fragment.to_bytes().map_err(|_| WireError::Invalid)?;
        let bytes = encoded.as_ref().try_into().map_err(|_| WireError::Length {
            got: encoded.len(),
            expected: CAPSULE_FRAGMENT_BYTES,
        })?;
        Ok(Self { bytes, fragment })
    }

    pub(crate) fn key_fragment_id(&self) -> [u8; 32] {
        field(&self.bytes, KEY_FRAGMENT_ID)
    }

    pub(crate) fn precursor(&self) -> [u8; 33] {
        field(&self.bytes, PRECURSOR)
    }

    pub(crate) fn as_umbral(&self) -> &CapsuleFrag {
        &self.fragment
    }
}

fn field<const SIZE: usize>(bytes: &[u8; CAPSULE_FRAGMENT_BYTES], start: usize) -> [u8; SIZE] {
    let mut field = [0; SIZE];
    for (slot, byte) in field.iter_mut().zip(bytes.iter().skip(start)) {
        *slot = *byte;
    }
    field
}
