//! Moments as a real browser writes them.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows a test by `#[test]` alone, which these do not have"
)]

use keepwell_web::ports::dates::{day, day_value, end_of_day, moment};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// 2026-01-15 12:34:56.789 UTC: the same month everywhere.
const NOON: u64 = 1_768_480_496_789;

#[wasm_bindgen_test]
fn a_moment_is_written_for_programs_and_for_people() {
    let written = moment(NOON);
    assert_eq!(&*written.rfc3339, "2026-01-15T12:34:56.789Z");
    assert!(written.text.contains("2026"), "{}", written.text);
    assert!(written.text.contains(':'), "{}", written.text);
}

#[wasm_bindgen_test]
fn a_day_is_written_without_its_hours() {
    let written = day(NOON);
    assert!(written.text.contains("2026"), "{}", written.text);
    assert!(!written.text.contains(':'), "{}", written.text);
}

#[wasm_bindgen_test]
fn a_moment_beyond_the_calendar_is_no_accident() {
    assert_eq!(&*moment(u64::MAX).text, "beyond all calendars");
}

#[wasm_bindgen_test]
fn a_day_ends_where_the_next_one_begins() {
    let end = end_of_day("2026-01-15").unwrap().0;
    assert_eq!(day_value(end), "2026-01-15");
    assert_eq!(day_value(end + 1), "2026-01-16");
    assert_eq!(
        day_value(end_of_day("2028-02-29").unwrap().0 + 1),
        "2028-03-01"
    );
}

#[wasm_bindgen_test]
fn what_is_no_day_has_no_end() {
    for text in ["", "soon", "2026-13-01", "31.01.2026"] {
        assert_eq!(end_of_day(text), None, "{text}");
    }
    assert_eq!(day_value(u64::MAX), "");
}
