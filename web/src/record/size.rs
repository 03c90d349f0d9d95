//! A number of bytes, in words.

use std::fmt;

/// Shown in the unit that keeps it short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    bytes: u64,
}

impl Size {
    pub(crate) fn of(bytes: usize) -> Self {
        Self {
            bytes: bytes as u64,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        for (unit, name) in UNITS {
            if self.bytes >= unit {
                let tenths = self.bytes.saturating_mul(10) / unit;
                return write!(f, "{}.{} {name}", tenths / 10, tenths % 10);
            }
        }
        let plural = if self.bytes == 1 { "" } else { "s" };
        write!(f, "{} byte{plural}", self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_short() {
        for (bytes, shown) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1023 bytes"),
            (39_206, "38.2 KiB"),
            (1 << 20, "1.0 MiB"),
        ] {
            assert_eq!(Size::of(bytes).to_string(), shown);
        }
    }
}
