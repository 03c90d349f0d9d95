//! The capsule: what a record key is under, and what custodians re-encrypt.

use keepwell_primitives::limits::CAPSULE_BYTES;
use umbral_pre::{DefaultDeserialize, DefaultSerialize};

use super::layout::{Field, WireError, check, wire_bytes};

const LAYOUT: [Field; 4] = [
    Field::Struct(3),
    Field::Point,
    Field::Point,
    Field::Bytes(32),
];

/// The second point's first byte stands this far after the first's.
const POINT_STRIDE: usize = 35;
const FIRST_POINT: usize = 3;

/// A capsule: the points E and V and the scalar that proves they were made together.
#[derive(Clone, PartialEq)]
pub struct Capsule {
    bytes: [u8; CAPSULE_BYTES],
    capsule: umbral_pre::Capsule,
}

wire_bytes!(Capsule, CAPSULE_BYTES);

impl Eq for Capsule {}

impl Capsule {
    /// Checks layout, points, and Umbral's proof that E and V were made together.
    ///
    /// # Errors
    /// [`WireError::Length`] and [`WireError::Layout`] before anything is parsed;
    /// [`WireError::PointsCancel`] where E = −V; [`WireError::Invalid`] where a field is no point
    /// or scalar or the proof fails; [`WireError::NotCanonical`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        check(&LAYOUT, bytes, CAPSULE_BYTES)?;
        if points_cancel(bytes) {
            return Err(WireError::PointsCancel);
        }
        let capsule = umbral_pre::Capsule::from_bytes(bytes).map_err(|_| WireError::Invalid)?;
        let parsed = Self::from_umbral(capsule)?;
        if parsed.bytes != bytes {
            return Err(WireError::NotCanonical);
        }
        Ok(parsed)
    }

    /// The wire form of a capsule that Umbral made.
    ///
    /// # Errors
    /// [`WireError::Length`] or [`WireError::Invalid`] if the library changes its format.
    pub fn from_umbral(capsule: umbral_pre::Capsule) -> Result<Self, WireError> {
        let encoded = capsule.to_bytes().map_err(|_| WireError::Invalid)?;
        let bytes = encoded.as_ref().try_into().map_err(|_| WireError::Length {
            got: encoded.len(),
            expected: CAPSULE_BYTES,
        })?;
        Ok(Self { bytes, capsule })
    }

    /// The capsule in Umbral's type.
    pub const fn as_umbral(&self) -> &umbral_pre::Capsule {
        &self.capsule
    }
}

/// Whether E = −V: the same x, the other y. The shared key is (E + V)·secret, here the identity,
/// on which `umbral-pre` panics; and whoever knows that needs no secret.
fn points_cancel(bytes: &[u8]) -> bool {
    let point = |start: usize| bytes.get(start..start + 33).unwrap_or_default();
    match (point(FIRST_POINT), point(FIRST_POINT + POINT_STRIDE)) {
        ([e_sign, e_x @ ..], [v_sign, v_x @ ..]) => e_x == v_x && e_sign != v_sign,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use k256::{
        Scalar, U256,
        elliptic_curve::{ops::Reduce, sec1::ToEncodedPoint},
    };
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;
    use sha2::{Digest, Sha256};

    use super::*;

    fn capsule() -> Capsule {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let key = umbral_pre::SecretKey::random_with_rng(&mut rng);
        let (capsule, _) =
            umbral_pre::encrypt_with_rng(&mut rng, &key.public_key(), b"key").unwrap();
        Capsule::from_umbral(capsule).unwrap()
    }

    #[test]
    fn capsule_survives_its_bytes_alone_and_in_rlp() {
        let capsule = capsule();
        assert_eq!(
            Capsule::from_bytes(&capsule.to_bytes()),
            Ok(capsule.clone())
        );
        let rlp = alloy_rlp::encode(&capsule);
        assert_eq!(
            keepwell_primitives::decode_canonical(&rlp, 200),
            Ok(capsule)
        );
    }

    #[test]
    fn other_layouts_are_refused_before_they_are_parsed() {
        let mut longer = capsule().to_bytes().to_vec();
        longer.push(0);
        let length = |got| {
            Err(WireError::Length {
                got,
                expected: CAPSULE_BYTES,
            })
        };
        assert_eq!(Capsule::from_bytes(&longer), length(106));
        assert_eq!(Capsule::from_bytes(&longer[..104]), length(104));
        for (offset, got) in [(0, 0x94), (1, 0xc5), (2, 32), (3, 5), (3, 0), (71, 0xd9)] {
            let mut bytes = capsule().to_bytes();
            bytes[offset] = got;
            assert_eq!(
                Capsule::from_bytes(&bytes),
                Err(WireError::Layout { offset, got })
            );
        }
    }

    #[test]
    fn any_other_byte_breaks_the_proof() {
        for offset in [4, 20, 39, 60, 80, 104] {
            let mut bytes = capsule().to_bytes();
            bytes[offset] ^= 1;
            assert_eq!(Capsule::from_bytes(&bytes), Err(WireError::Invalid));
        }
    }

    /// E = r·G, V = −r·G and s = r·(h − 1) satisfy Umbral's own check, and their sum is the
    /// identity.
    #[test]
    fn points_that_cancel_are_refused_although_their_proof_is_right() {
        let r = Scalar::from(77u64);
        let point = |scalar: Scalar| {
            let point = (k256::ProjectivePoint::GENERATOR * scalar).to_affine();
            point.to_encoded_point(true).as_bytes().to_vec()
        };
        let (e, v) = (point(r), point(-r));
        let mut hash = Sha256::new();
        hash.update(14u32.to_be_bytes());
        hash.update(b"CAPSULE_POINTS");
        hash.update(&e);
        hash.update(&v);
        let h = *<k256::NonZeroScalar as Reduce<U256>>::reduce_bytes(&hash.finalize());
        let s = r * (h - Scalar::ONE);
        let bytes = [
            &[0x93, 0xc4, 33][..],
            &e,
            &[0xc4, 33],
            &v,
            &[0xc4, 32],
            &s.to_bytes(),
        ]
        .concat();

        assert!(umbral_pre::Capsule::from_bytes(&bytes).is_ok());
        assert_eq!(Capsule::from_bytes(&bytes), Err(WireError::PointsCancel));
    }
}
