//! Points in time and spans, in milliseconds. Reading a clock is the caller's business.

use core::{fmt, ops};

use alloy_rlp::{RlpDecodableWrapper, RlpEncodableWrapper};

/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
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
    RlpEncodableWrapper,
    RlpDecodableWrapper,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

/// A span of time in milliseconds.
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
    RlpEncodableWrapper,
    RlpDecodableWrapper,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Milliseconds(pub u64);

impl Timestamp {
    /// The latest time there is, for "no end".
    pub const MAX: Self = Self(u64::MAX);

    /// How long after `earlier` this is; zero if it is not after.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Milliseconds {
        Milliseconds(self.0.saturating_sub(earlier.0))
    }

    /// The number of whole UTC days since 1970-01-01.
    #[must_use]
    pub const fn utc_day(self) -> u64 {
        self.0 / Milliseconds::DAY.0
    }
}

impl Milliseconds {
    /// One second.
    pub const SECOND: Self = Self(1000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000);
    /// One day of 24 hours.
    pub const DAY: Self = Self(86_400_000);
}

impl ops::Add<Milliseconds> for Timestamp {
    type Output = Self;

    /// Saturates at [`Timestamp::MAX`].
    fn add(self, span: Milliseconds) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with milliseconds, `2026-02-28T23:59:59.999Z`; years past 9999 in more
    /// digits than the RFC has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.utc_day());
        let in_day = self.0 % Milliseconds::DAY.0;
        let (seconds, milliseconds) = (in_day / 1000, in_day % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z"
        )
    }
}

/// Year, month and day of the proleptic Gregorian calendar from days since 1970-01-01, counted in
/// eras of 400 years that start on 1 March.
const fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let from_march_of_year_0 = days.saturating_add(719_468);
    let era = from_march_of_year_0 / 146_097;
    let day_of_era = from_march_of_year_0 % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn time_reads_as_rfc_3339() {
        // From `date --utc --date=@SECONDS --iso-8601=seconds`.
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_772_323_199_000, "2026-02-28T23:59:59.000Z"),
            (1_772_323_200_000, "2026-03-01T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp(milliseconds).to_string(), text);
        }
    }

    #[test]
    fn adding_to_the_end_of_time_stays_there() {
        assert_eq!(Timestamp::MAX + Milliseconds::DAY, Timestamp::MAX);
        assert_eq!(
            Timestamp::MAX.to_string().len(),
            "584556019-04-03T14:25:51.615Z".len()
        );
    }
}
