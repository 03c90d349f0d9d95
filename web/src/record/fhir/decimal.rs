//! Decimals, which records often hold with more digits than anyone measured.

/// More digits after the point than this, and a table shows fewer. Readings from devices and
/// laboratories have at most four.
const DECIMALS_MAX: usize = 4;
/// What a rounded number keeps: enough for any dose, short enough for a column.
const SIGNIFICANT_DIGITS: i32 = 3;

/// The digits as written, or rounded to two decimals and at least three significant digits if there
/// are more than four decimals. Exact digits are in a resource's details.
pub(crate) fn for_a_table(digits: &str) -> String {
    let Some((_, decimals)) = digits.split_once('.') else {
        return digits.to_owned();
    };
    let plain = decimals.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().unwrap_or(0.0_f64);
    if !plain || decimals.len() <= DECIMALS_MAX || number == 0.0 || !number.is_finite() {
        return digits.to_owned();
    }
    // The place of the first digit that is not zero: 0 for 5.7, 1 for 57.8, -3 for 0.0012.
    let mut place = 0;
    let mut magnitude = number.abs();
    while magnitude < 1.0 {
        magnitude *= 10.0;
        place -= 1;
    }
    while magnitude >= 10.0 {
        magnitude /= 10.0;
        place += 1;
    }
    let decimals = usize::try_from((SIGNIFICANT_DIGITS - 1 - place).max(2)).unwrap_or(2);
    format!("{number:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_needless_digits_are_rounded() {
        for (digits, shown) in [
            ("57.80197974519305", "57.80"),
            ("0.00123456", "0.00123"),
            ("-5.678912", "-5.68"),
            ("120", "120"),
            ("7.10", "7.10"),
            ("0.0005", "0.0005"),
            ("0.000000", "0.000000"),
            ("1.5e300", "1.5e300"),
            ("1.234567e3", "1.234567e3"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
        ] {
            assert_eq!(for_a_table(digits), shown);
        }
    }
}
