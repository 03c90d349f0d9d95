//! The host's clock, read in one place.

use std::time::{SystemTime, UNIX_EPOCH};

use keepwell_primitives::Timestamp;

/// Now, in milliseconds since 1970.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
