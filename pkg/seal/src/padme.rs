//! Padmé: the length a file is padded to, so that its size says little.
//!
//! Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
//! PoPETs 2019, section 4: a length keeps only as many leading bits as its own length's length,
//! which costs at most 12 % and leaks O(log log length) bits.

/// The padded length of something `length` long: the least value not below it of which all but
/// the first ⌊log₂⌊log₂ length⌋⌋ + 2 bits are zero. 0 and 1 stay.
pub const fn padme(length: u64) -> u64 {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1u64 << (exponent - kept_bits)) - 1;
    length.saturating_add(mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold() {
        // From the paper's algorithm 1, worked by hand: E = ⌊log₂ L⌋, S = ⌊log₂ E⌋ + 1,
        // the last E − S bits become zero.
        for (length, padded) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (9, 10),      // 1001: E 3, S 2, one bit
            (100, 104),   // 1100100: E 6, S 3, three bits
            (1000, 1024), // E 9, S 4, five bits: 992 + 32
            (1025, 1088), // E 10, S 4, six bits
            (1 << 33, 1 << 33),
            ((1 << 33) + 1, (1 << 33) + (1 << 27)), // E 33, S 6
        ] {
            assert_eq!(padme(length), padded, "{length}");
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn padding_adds_at_most_an_eighth_and_happens_once(length in 0u64..1 << 40) {
            let padded = padme(length);
            proptest::prop_assert!(padded >= length);
            proptest::prop_assert!((padded - length) * 100 <= length * 12);
            proptest::prop_assert_eq!(padme(padded), padded);
        }
    }
}
