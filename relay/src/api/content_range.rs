//! `Content-Range` and `Range` (RFC 9110, section 14), as far as sealed files need them.

use std::ops::Range;

use axum::http::HeaderMap;

/// `bytes FIRST-LAST/SIZE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub(super) bytes: Range<u64>,
    pub(super) size: u64,
}

impl ContentRange {
    /// Reads `Content-Range`; none if it is absent or malformed.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers
            .get(axum::http::header::CONTENT_RANGE)?
            .to_str()
            .ok()?;
        let (range, size) = text.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last, size): (u64, u64, u64) =
            (first.parse().ok()?, last.parse().ok()?, size.parse().ok()?);
        (first <= last && last < size).then(|| Self {
            bytes: first..last + 1,
            size,
        })
    }
}

/// What `Range` asks for of a file of `size` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The whole file: no `Range`, or one that may be ignored.
    Whole,
    /// This part.
    Part(Range<u64>),
    /// Nothing that is there.
    Unsatisfiable,
}

/// Reads `Range`. Several ranges, and other units than bytes, are ignored as the RFC allows.
pub(super) fn asked(headers: &HeaderMap, size: u64) -> Asked {
    let text = headers
        .get(axum::http::header::RANGE)
        .and_then(|value| value.to_str().ok());
    let Some((first, last)) = text
        .and_then(|text| text.strip_prefix("bytes="))
        .filter(|ranges| !ranges.contains(','))
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Asked::Whole;
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..size.min(last.saturating_add(1)),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(suffix)) if first.is_empty() => size.saturating_sub(suffix)..size,
        _ => return Asked::Whole,
    };
    if range.start >= range.end {
        Asked::Unsatisfiable
    } else {
        Asked::Part(range)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, header::HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn ranges_read_as_the_rfc_says() {
        for (text, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-", Asked::Part(2..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=5-500", Asked::Part(5..10)),
            ("bytes=10-", Asked::Unsatisfiable),
            ("bytes=-0", Asked::Unsatisfiable),
            ("bytes=3-2", Asked::Whole),
            ("bytes=0-1,4-5", Asked::Whole),
            ("lines=0-1", Asked::Whole),
        ] {
            assert_eq!(asked(&headers(header::RANGE, text), 10), expected, "{text}");
        }
    }

    #[test]
    fn content_range_must_lie_within_the_size() {
        let of = |text| ContentRange::of(&headers(header::CONTENT_RANGE, text));
        assert_eq!(
            of("bytes 0-4/5"),
            Some(ContentRange {
                bytes: 0..5,
                size: 5
            })
        );
        for wrong in [
            "bytes 0-5/5",
            "bytes 3-2/5",
            "bytes */5",
            "bytes 0-4/*",
            "0-4/5",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
