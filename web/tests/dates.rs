//! Moments as a real browser writes them.
#![cfg(target_arch = "wasm32")]

use keepwell_web::ports::dates::{day, moment};
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
