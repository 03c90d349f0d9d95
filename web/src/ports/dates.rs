//! Moments as this browser's owner writes them: its language, its time zone.

use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
use keepwell_primitives::Timestamp;
use wasm_bindgen::JsValue;

use crate::components::Moment;

/// Day and time, such as "31 Jan 2026, 14:05".
#[must_use]
pub fn moment(unix_milliseconds: u64) -> Moment {
    written(
        unix_milliseconds,
        &[("dateStyle", "medium"), ("timeStyle", "short")],
    )
}

/// The day alone, such as "31 Jan 2026".
#[must_use]
pub fn day(unix_milliseconds: u64) -> Moment {
    written(unix_milliseconds, &[("dateStyle", "medium")])
}

/// The day as a field for dates holds it, `2026-01-31`, in this browser's time zone; empty beyond
/// all calendars.
#[must_use]
pub fn day_value(unix_milliseconds: u64) -> String {
    let date = date(unix_milliseconds);
    if date.get_time().is_nan() {
        return String::new();
    }
    let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
    format!("{year:04}-{month:02}-{day:02}")
}

/// The last moment of a day, which is written `2026-01-31`, in this browser's time zone.
#[must_use]
pub fn end_of_day(day: &str) -> Option<Timestamp> {
    // Without a zone, JavaScript takes a moment for a local one.
    let end = Date::new(&JsValue::from_str(&format!("{day}T23:59:59.999"))).get_time();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "days before 1970 are taken for 1970, and are over"
    )]
    let end = (!end.is_nan()).then_some(Timestamp(end as u64));
    end
}

fn date(unix_milliseconds: u64) -> Date {
    // Exact until the year 287396, and JavaScript's own days end in 275760.
    #[allow(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 fit 53 bits"
    )]
    Date::new(&JsValue::from_f64(unix_milliseconds as f64))
}

fn written(unix_milliseconds: u64, style: &[(&str, &str)]) -> Moment {
    let date = date(unix_milliseconds);
    if date.get_time().is_nan() {
        return Moment {
            rfc3339: "".into(),
            text: "beyond all calendars".into(),
        };
    }
    let options = Object::new();
    for (key, value) in style {
        // A plain object takes every property.
        let _ = Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    // No locales: the browser's own.
    let format = DateTimeFormat::new(&Array::new(), &options).format();
    let text = format
        .call1(&JsValue::UNDEFINED, &date)
        .ok()
        .and_then(|text| text.as_string());
    let rfc3339 = String::from(date.to_iso_string());
    Moment {
        text: text.unwrap_or_else(|| rfc3339.clone()).into(),
        rfc3339: rfc3339.into(),
    }
}
