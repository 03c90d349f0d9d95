//! Moments as this browser's owner writes them: its language, its time zone.

use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
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

fn written(unix_milliseconds: u64, style: &[(&str, &str)]) -> Moment {
    // Exact until the year 287396, and JavaScript's own days end in 275760.
    #[allow(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 fit 53 bits"
    )]
    let date = Date::new(&JsValue::from_f64(unix_milliseconds as f64));
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
