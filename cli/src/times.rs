//! Times: RFC 3339 in UTC for whatever is printed.

use std::time::SystemTime;

use keepwell_primitives::Timestamp;
use serde_json::Value;

/// The fields of ledger and wire types that hold milliseconds since 1970.
const TIME_FIELDS: [&str; 5] = ["timestamp", "expiresAt", "notAfter", "time", "since"];

/// The clock of this machine; 1970 if it stands before that.
pub(crate) fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let milliseconds = since_1970.map_or(0, |span| span.as_millis());
    Timestamp(u64::try_from(milliseconds).unwrap_or(u64::MAX))
}

/// The same JSON with every time in it as text.
pub(crate) fn with_times_as_text(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(with_times_as_text).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| match value.as_u64() {
                Some(time) if TIME_FIELDS.contains(&name.as_str()) => {
                    (name, Value::String(Timestamp(time).to_string()))
                }
                _ => (name, with_times_as_text(value)),
            })
            .collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_become_text_at_any_depth_and_other_numbers_stay() {
        assert_eq!(
            with_times_as_text(
                json!({"timestamp": 0, "index": 1, "transactions": [{"expiresAt": 1000}]})
            ),
            json!({
                "timestamp": "1970-01-01T00:00:00.000Z",
                "index": 1,
                "transactions": [{"expiresAt": "1970-01-01T00:00:01.000Z"}]
            })
        );
    }
}
