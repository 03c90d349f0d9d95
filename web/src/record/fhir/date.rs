//! FHIR's dates and times (R4, "Data Types": date, dateTime, instant), which may stop at the year,
//! the month or the day.
//!
//! They are shown as ISO dates, the same in every language, in the time of the place that wrote
//! them: a time turned into the reader's own zone could fall on another day than the paper record.

/// The moment a date begins, for putting dates in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    seconds_since_1970: i64,
}

/// `2009-06-26T05:04:09-04:00` as `2009-06-26 05:04`; anything that is no date stays as it is.
pub(crate) fn shown(text: &str) -> String {
    match (moment(text), text.split_once('T')) {
        (Some(_), Some((day, time))) => match time.get(..5) {
            Some(minutes) => format!("{day} {minutes}"),
            None => day.to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// When a date begins; `None` if the text is no date.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |part| number(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| number(part, 2))?;
    let in_calendar = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !in_calendar || parts.next().is_some() {
        return None;
    }
    let of_day = time.map_or(Some(0), seconds_of_day)?;
    Some(Moment {
        seconds_since_1970: days_since_1970(year, month, day) * 86_400 + of_day,
    })
}

/// `05:04:09.997-04:00`, seconds and zone left out or not, as seconds since that day's midnight in
/// UTC.
fn seconds_of_day(time: &str) -> Option<i64> {
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let mut parts = clock.split(':');
    let hours = number(parts.next()?, 2)?;
    let minutes = number(parts.next()?, 2)?;
    let seconds = match parts.next() {
        Some(part) => number(part.split('.').next()?, 2)?,
        None => 0,
    };
    let east_seconds = match zone.split_at_checked(1) {
        Some((sign @ ("+" | "-"), offset)) => {
            let (hours, minutes) = offset.split_once(':')?;
            let east = number(hours, 2)? * 3600 + number(minutes, 2)? * 60;
            if sign == "-" { -east } else { east }
        }
        _ => 0,
    };
    Some(hours * 3600 + minutes * 60 + seconds - east_seconds)
}

fn number(digits: &str, count: usize) -> Option<i64> {
    let exact = digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit());
    exact.then(|| digits.parse().ok()).flatten()
}

/// Of the proleptic Gregorian calendar. Years are counted from March, so that a leap day is a
/// year's last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, months_since_march) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let day_of_year = (153 * months_since_march + 2) / 5 + day - 1;
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        moment(text).map(|moment| moment.seconds_since_1970)
    }

    #[test]
    fn a_date_begins_where_its_precision_says() {
        for (text, expected) in [
            ("1970", Some(0)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-02", Some(31 * 86_400)),
            ("1972-03-01", Some((730 + 60) * 86_400)),
            ("2009-06-26T05:04:09-04:00", Some(1_246_007_049)),
            ("2025-10-26T12:57:25.636596+00:00", Some(1_761_483_445)),
            ("1969-12-31T23:59:59Z", Some(-1)),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none_and_stays_as_it_is() {
        for text in [
            "",
            "soon",
            "20",
            "2009-13-01",
            "2009-1-1",
            "2009-06-26T",
            "2009-06-26T05:0ä",
            "2009-06-26T05:04+1",
        ] {
            assert_eq!(moment(text), None, "{text}");
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn a_date_is_shown_in_the_time_of_its_place() {
        assert_eq!(shown("2009-06-26T05:04:09-04:00"), "2009-06-26 05:04");
        assert_eq!(shown("2009-06"), "2009-06");
    }
}
