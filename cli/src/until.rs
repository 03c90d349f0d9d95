//! `--until`: when a grant ends.

use std::str::FromStr;

use keepwell_primitives::{Milliseconds, Timestamp};

/// An end as it is said: seen from now, on a day, or open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    After(Milliseconds),
    At(Timestamp),
    Revoked,
}

impl Until {
    /// The moment from which on nothing is granted any more.
    pub(crate) fn as_end(self, now: Timestamp) -> Timestamp {
        match self {
            Self::After(span) => now + span,
            Self::At(time) => time,
            Self::Revoked => Timestamp::MAX,
        }
    }
}

impl FromStr for Until {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "revoked" {
            return Ok(Self::Revoked);
        }
        if let Some(span) = span(text) {
            return Ok(Self::After(span));
        }
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return at(time, text).map(Self::At);
        }
        let day: jiff::civil::Date = text.parse().map_err(|_| {
            format!(
                "{text:?} is no end: say 12h, 7d, 2w or 1y, a day as 2027-03-01, a moment as \
                 2027-03-01T12:00:00Z, or revoked"
            )
        })?;
        // Until a day means through that day.
        let midnight = day
            .tomorrow()
            .and_then(|next| next.to_zoned(jiff::tz::TimeZone::UTC));
        let midnight = midnight.map_err(|error| error.to_string())?;
        at(midnight.timestamp(), text).map(Self::At)
    }
}

/// `7d` and the like; `None` for what is not of this form.
fn span(text: &str) -> Option<Milliseconds> {
    let unit = match text.chars().last()? {
        'h' => Milliseconds::HOUR.0,
        'd' => Milliseconds::DAY.0,
        'w' => 7 * Milliseconds::DAY.0,
        'y' => 365 * Milliseconds::DAY.0,
        _ => return None,
    };
    let number = text.get(..text.len() - 1)?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = number.parse().ok().filter(|number| *number > 0)?;
    number.checked_mul(unit).map(Milliseconds)
}

fn at(time: jiff::Timestamp, text: &str) -> Result<Timestamp, String> {
    let milliseconds = u64::try_from(time.as_millisecond());
    milliseconds
        .map(Timestamp)
        .map_err(|_| format!("{text} is before 1970"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_is_said_as_a_span_a_day_a_moment_or_never() {
        let now = Timestamp(1_000);
        for (text, expected) in [
            ("12h", Timestamp(1_000 + 12 * 3_600_000)),
            ("7d", Timestamp(1_000 + 7 * 86_400_000)),
            ("2w", Timestamp(1_000 + 14 * 86_400_000)),
            ("1y", Timestamp(1_000 + 365 * 86_400_000)),
            ("revoked", Timestamp::MAX),
            ("2026-02-28T23:59:59Z", Timestamp(1_772_323_199_000)),
            ("2026-03-01T01:00:00+01:00", Timestamp(1_772_323_200_000)),
            // Through the last of February.
            ("2026-02-28", Timestamp(1_772_323_200_000)),
        ] {
            let until: Until = text.parse().unwrap();
            assert_eq!(until.as_end(now), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_end_is_refused() {
        for text in [
            "",
            "d",
            "0d",
            "-7d",
            "7",
            "7m",
            "7.5d",
            "+7d",
            "2026-02-30",
            "1969-12-31T00:00:00Z",
            "99999999999999999999y",
            "tomorrow",
            "Revoked?",
        ] {
            assert!(text.parse::<Until>().is_err(), "{text:?}");
        }
    }
}
