//! A fragment of a re-encryption key, as a patient makes it and a custodian keeps it.

use alloc::boxed::Box;

use keepwell_primitives::{Hash, hash_newtype, limits::KEY_FRAGMENT_BYTES};
use umbral_pre::{DefaultDeserialize, DefaultSerialize, KeyFrag, Parameters};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::layout::{Field, WireError, check};

const LAYOUT: [Field; 12] = [
    Field::Struct(5),
    // Parameters: the base point u.
    Field::Struct(1),
    Field::Point,
    // Id, key, precursor.
    Field::Bytes(32),
    Field::Bytes(32),
    Field::Point,
    // Proof: commitment, the signatures for proxy and receiver, which keys they cover.
    Field::Struct(5),
    Field::Point,
    Field::Bytes(64),
    Field::Bytes(64),
    Field::Bool,
    Field::Bool,
];

/// Where the base point u stands: after two struct heads and its own.
const PARAMETERS: core::ops::Range<usize> = 4..37;

/// Delegating key signed, receiving key signed.
const BOTH_KEYS_SIGNED: [u8; 2] = [0xc3, 0xc3];

hash_newtype! {
    /// What a grant says of a fragment on the chain: `tagged("fragment", its bytes)`.
    ///
    /// Hiding without a salt: the fragment holds a uniform 256-bit scalar that is nowhere else.
    pub struct FragmentCommitment;
}

/// A key fragment of the right form: Umbral's own base point, both keys under its signatures. That
/// it belongs to a grant, [`OpenedFragment::check`](crate::OpenedFragment::check) finds out.
///
/// A secret: t of them and the receiver's key together are the scope's key. No `Debug`; wiped
/// when dropped. It is parsed for each use, since Umbral's own type is not wiped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct KeyFragment(Box<[u8; KEY_FRAGMENT_BYTES]>);

impl KeyFragment {
    /// Bytes of every key fragment.
    pub const SIZE: usize = KEY_FRAGMENT_BYTES;

    /// # Errors
    /// [`WireError::Length`] and [`WireError::Layout`] before anything is parsed;
    /// [`WireError::Parameters`] for another base point than Umbral's, which would let the
    /// commitment hold for any key; [`WireError::KeysNotSigned`] unless both flags are on;
    /// [`WireError::Invalid`] where a field is no point, scalar or signature;
    /// [`WireError::NotCanonical`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        check(&LAYOUT, bytes, KEY_FRAGMENT_BYTES)?;
        if bytes.get(PARAMETERS) != Some(own_base_point()?.as_slice()) {
            return Err(WireError::Parameters);
        }
        if !bytes.ends_with(&BOTH_KEYS_SIGNED) {
            return Err(WireError::KeysNotSigned);
        }
        let fragment = KeyFrag::from_bytes(bytes).map_err(|_| WireError::Invalid)?;
        let encoded = Zeroizing::new(
            fragment
                .to_bytes()
                .map_err(|_| WireError::Invalid)?
                .into_vec(),
        );
        if encoded.as_slice() != bytes {
            return Err(WireError::NotCanonical);
        }
        let mut kept = Box::new([0; KEY_FRAGMENT_BYTES]);
        kept.copy_from_slice(bytes);
        Ok(Self(kept))
    }

    /// The wire form of a fragment that Umbral made.
    ///
    /// # Errors
    /// As [`KeyFragment::from_bytes`].
    pub fn from_umbral(fragment: &KeyFrag) -> Result<Self, WireError> {
        let encoded = fragment.to_bytes().map_err(|_| WireError::Invalid)?;
        Self::from_bytes(&Zeroizing::new(encoded.into_vec()))
    }

    /// The bytes, for encrypting them to a custodian.
    pub fn expose_secret(&self) -> &[u8; KEY_FRAGMENT_BYTES] {
        &self.0
    }

    /// What stands for it on the chain.
    pub fn commitment(&self) -> FragmentCommitment {
        FragmentCommitment(Hash::tagged("fragment", &[self.0.as_slice()]))
    }

    pub(crate) fn parse(&self) -> KeyFrag {
        KeyFrag::from_bytes(self.0.as_slice()).expect("the bytes were checked when taken")
    }
}

/// Umbral's base point u, compressed.
fn own_base_point() -> Result<[u8; 33], WireError> {
    let (x, y) = Parameters::new()
        .u
        .coordinates()
        .ok_or(WireError::Parameters)?;
    let mut point = [0; 33];
    let y_is_odd = y.last().is_some_and(|last| last & 1 == 1);
    for (slot, byte) in point
        .iter_mut()
        .zip([2 + u8::from(y_is_odd)].iter().chain(&x))
    {
        *slot = *byte;
    }
    Ok(point)
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;
    use umbral_pre::{SecretKey, Signer, generate_kfrags_with_rng};

    use super::*;

    fn fragment_bytes(delegating_signed: bool, receiving_signed: bool) -> [u8; KEY_FRAGMENT_BYTES] {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let scope = SecretKey::random_with_rng(&mut rng);
        let receiver = SecretKey::random_with_rng(&mut rng).public_key();
        let signer = Signer::new(SecretKey::random_with_rng(&mut rng));
        let fragments = generate_kfrags_with_rng(
            &mut rng,
            &scope,
            &receiver,
            &signer,
            2,
            3,
            delegating_signed,
            receiving_signed,
        );
        let bytes = fragments[0].to_bytes().unwrap();
        bytes.as_ref().try_into().unwrap()
    }

    #[test]
    fn key_fragment_survives_its_bytes() {
        let bytes = fragment_bytes(true, true);
        let fragment = KeyFragment::from_bytes(&bytes).ok().unwrap();
        assert_eq!(fragment.expose_secret(), &bytes);
        assert_eq!(fragment.commitment().0, Hash::tagged("fragment", &[&bytes]));
    }

    #[test]
    fn fragment_that_leaves_a_key_unsigned_is_refused() {
        for (delegating, receiving) in [(true, false), (false, true), (false, false)] {
            assert_eq!(
                KeyFragment::from_bytes(&fragment_bytes(delegating, receiving)).err(),
                Some(WireError::KeysNotSigned)
            );
        }
    }

    #[test]
    fn foreign_base_point_is_refused() {
        let mut bytes = fragment_bytes(true, true);
        // The precursor is a point, too.
        bytes.copy_within(107..140, 4);
        assert_eq!(
            KeyFragment::from_bytes(&bytes).err(),
            Some(WireError::Parameters)
        );
    }

    #[test]
    fn fields_that_are_no_points_scalars_or_signatures_are_refused() {
        for (field, length) in [(73, 32), (178, 64)] {
            let mut bytes = fragment_bytes(true, true);
            bytes[field..field + length].fill(0xff);
            assert_eq!(
                KeyFragment::from_bytes(&bytes).err(),
                Some(WireError::Invalid)
            );
        }
    }

    #[test]
    fn other_layouts_are_refused_before_they_are_parsed() {
        for (offset, got) in [(0, 0x96), (4, 0), (107, 5), (140, 0x94), (308, 1)] {
            let mut bytes = fragment_bytes(true, true);
            bytes[offset] = got;
            assert_eq!(
                KeyFragment::from_bytes(&bytes).err(),
                Some(WireError::Layout { offset, got })
            );
        }
    }
}
