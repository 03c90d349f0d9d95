//! A secret key: a scalar of secp256k1 between 1 and n − 1, wiped when dropped.
//!
//! It deliberately has no `Debug`, no `Display`, no equality and no canonical bytes, so that it
//! is neither logged nor sent by accident.

use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use crate::PublicKey;

/// A scalar of secp256k1 between 1 and n − 1. Wiped from memory when dropped.
#[derive(Clone)]
pub struct SecretKey(k256::SecretKey);

impl SecretKey {
    /// Bytes of a scalar.
    pub const SIZE: usize = 32;

    /// A key drawn uniformly.
    pub fn generate(rng: &mut impl CryptoRngCore) -> Self {
        Self(k256::SecretKey::random(rng))
    }

    /// The scalar that 32 big-endian bytes write. The caller wipes its own copy.
    ///
    /// # Errors
    /// [`SecretKeyError::OutOfRange`] for zero, n and above.
    pub fn from_bytes(bytes: [u8; Self::SIZE]) -> Result<Self, SecretKeyError> {
        let bytes = Zeroizing::new(bytes);
        k256::SecretKey::from_slice(bytes.as_slice())
            .map(Self)
            .map_err(|_| SecretKeyError::OutOfRange)
    }

    /// The point that belongs to it.
    pub fn public_key(&self) -> PublicKey {
        PublicKey::from_point(&self.0.public_key())
    }

    /// The scalar's 32 big-endian bytes, for wrapping in a vault or handing to Umbral.
    pub fn expose_secret(&self) -> Zeroizing<[u8; Self::SIZE]> {
        Zeroizing::new(self.0.to_bytes().into())
    }

    pub(crate) fn from_scalar(key: k256::SecretKey) -> Self {
        Self(key)
    }

    pub(crate) fn scalar(&self) -> Zeroizing<k256::NonZeroScalar> {
        Zeroizing::new(self.0.to_nonzero_scalar())
    }
}

/// Why bytes are not a secret key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretKeyError {
    /// Zero, or not below the order of the curve.
    #[error("a secret key lies between 1 and the order of secp256k1 minus 1")]
    OutOfRange,
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn secret_one_has_the_generator_as_public_key() {
        let mut one = [0; 32];
        one[31] = 1;
        let key = SecretKey::from_bytes(one).unwrap();
        assert_eq!(
            key.public_key().to_string(),
            "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
        );
        assert_eq!(*key.expose_secret(), one);
    }

    #[test]
    fn zero_and_the_order_are_no_secret_keys() {
        let order = hex::decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
            .unwrap();
        for bytes in [[0; 32], order.try_into().unwrap(), [0xff; 32]] {
            assert_eq!(
                SecretKey::from_bytes(bytes).err(),
                Some(SecretKeyError::OutOfRange)
            );
        }
    }
}
