//! 48 bytes to a scalar between 1 and n − 1.
//!
//! k256 reduces modulo n, which would allow zero; this reduces modulo n − 1 and adds 1.

use k256::{
    Secp256k1,
    elliptic_curve::{
        Curve,
        bigint::{Encoding, U256, U384},
    },
};
use zeroize::Zeroizing;

use crate::SecretKey;

/// n − 1.
const MODULUS: U256 = Secp256k1::ORDER.wrapping_sub(&U256::ONE);

/// `wide`, a big-endian integer, modulo n − 1, plus 1. Its time does not depend on `wide`.
pub(super) fn secret_key(wide: &[u8; 48]) -> SecretKey {
    let wide = Zeroizing::new(U384::from_be_slice(wide));
    // Constant-time in its left side; the right side is a constant.
    let (remainder, _) = wide.const_rem(&U384::from(&MODULUS));
    let remainder = Zeroizing::new(remainder);
    let scalar = Zeroizing::new(U256::from(&*remainder).wrapping_add(&U256::ONE));
    let bytes = Zeroizing::new(scalar.to_be_bytes());
    k256::SecretKey::from_slice(bytes.as_slice())
        .map(SecretKey::from_scalar)
        .expect("a remainder modulo n - 1, plus 1, lies between 1 and n - 1")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    /// (2³⁸⁴ − 1) mod (n − 1) + 1, calculated apart from this code.
    const LARGEST_REDUCED: &str =
        "4551231950b75fc4402da1732fc9bec14551231950b75fc4402da1732fc9bec0";

    fn order() -> U384 {
        U384::from_be_hex(&alloc::format!("{:0>96}", ORDER))
    }

    fn reduced(wide: U384) -> U256 {
        U256::from_be_bytes(*secret_key(&wide.to_be_bytes()).expose_secret())
    }

    #[test]
    fn borders_of_the_range_map_as_written() {
        let order_minus = |less: u8| order().wrapping_sub(&U384::from(less));
        let last = U256::from_be_hex(ORDER).wrapping_sub(&U256::ONE);
        for (wide, scalar) in [
            (U384::ZERO, U256::ONE),
            (U384::ONE, U256::from(2_u8)),
            (order_minus(2), last),
            (order_minus(1), U256::ONE),
            (order(), U256::from(2_u8)),
            (order_minus(1).shl_vartime(1), U256::ONE),
            (order_minus(1).shl_vartime(128), U256::ONE),
            (U384::MAX, U256::from_be_hex(LARGEST_REDUCED)),
        ] {
            assert_eq!(reduced(wide), scalar, "of {wide}");
        }
    }

    proptest! {
        /// By another road: q·(n − 1) + r must give r + 1.
        #[test]
        fn multiples_of_the_modulus_fall_away(quotient: u128, remainder: [u8; 32]) {
            let remainder = U256::from_be_bytes(remainder);
            prop_assume!(remainder < MODULUS);
            let (low, high) = MODULUS.mul_wide(&U256::from(quotient));
            prop_assume!(high.bits() <= 128);
            let multiple = U384::from_be_slice(
                &[&high.to_be_bytes()[16..], &low.to_be_bytes()].concat(),
            );
            let wide = multiple.wrapping_add(&U384::from(&remainder));
            prop_assume!(wide >= multiple);
            prop_assert_eq!(reduced(wide), remainder.wrapping_add(&U256::ONE));
        }
    }
}
