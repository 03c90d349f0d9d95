//! Targets and work, as 256-bit numbers.

use core::fmt;

use crypto_bigint::{NonZero, U256};
use keepwell_primitives::Hash;
use serde::{Deserialize, Serialize};

/// A block's hash must be at most this number. Larger is easier. Shown as 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Target(Hash);

/// The expected number of hashes behind a block or a chain. Adds up without overflow for any chain
/// that could be made: 2²⁵⁶ hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work(U256);

impl Target {
    /// From a big-endian number.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Hash(bytes))
    }

    /// As a big-endian number.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The work that a block of this target stands for: 2²⁵⁶ / (target + 1).
    pub fn work(&self) -> Work {
        // 2²⁵⁶ / (t + 1) = (2²⁵⁶ − 1 − t) / (t + 1) + 1 = !t / (t + 1) + 1, without 257 bits.
        let target = self.number();
        let divisor = target.wrapping_add(&U256::ONE);
        match Option::<NonZero<U256>>::from(NonZero::new(divisor)) {
            // Saturates for target 0 alone: 2²⁵⁶ itself has 257 bits.
            Some(divisor) => Work(
                target
                    .not()
                    .wrapping_div(&divisor)
                    .saturating_add(&U256::ONE),
            ),
            None => Work(U256::ONE),
        }
    }

    pub(super) fn number(&self) -> U256 {
        U256::from_be_slice(self.as_bytes())
    }

    pub(super) fn from_number(number: U256) -> Self {
        use crypto_bigint::Encoding;
        Self::from_bytes(number.to_be_bytes())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Work {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Hash(self.to_bytes()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Work {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Hash::deserialize(deserializer).map(|Hash(bytes)| Self::from_bytes(bytes))
    }
}

impl core::ops::Add for Work {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(&other.0))
    }
}

impl Work {
    /// As a big-endian number, for storing.
    pub fn to_bytes(self) -> [u8; 32] {
        use crypto_bigint::Encoding;
        self.0.to_be_bytes()
    }

    /// From a big-endian number.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(U256::from_be_slice(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_the_expected_number_of_hashes() {
        assert_eq!(Target::from_bytes([0xff; 32]).work(), Work(U256::ONE));
        let mut half = [0xff; 32];
        half[0] = 0x7f;
        assert_eq!(Target::from_bytes(half).work(), Work(U256::from_u8(2)));
        let mut sixteen_zero_bits = [0xff; 32];
        sixteen_zero_bits[..2].fill(0);
        assert_eq!(
            Target::from_bytes(sixteen_zero_bits).work(),
            Work(U256::from_u32(65_536))
        );
        assert_eq!(Target::from_bytes([0; 32]).work(), Work(U256::MAX));
    }
}
