//! What a person has set for this browser. Nothing of it is secret, and nothing depends on it.

const AUTO_LOCK: &str = "keepwell.autoLockMinutes";

/// Until somebody chooses another.
const AUTO_LOCK_MINUTES: u32 = 10;

/// After how many minutes without a touch the page locks.
#[must_use]
pub fn auto_lock_minutes() -> u32 {
    let storage = gloo::utils::window().local_storage().ok().flatten();
    let text = storage.and_then(|storage| storage.get_item(AUTO_LOCK).ok().flatten());
    let minutes = text.and_then(|text| text.parse().ok());
    minutes
        .filter(|minutes| *minutes > 0)
        .unwrap_or(AUTO_LOCK_MINUTES)
}

/// Changes that. A browser that keeps nothing goes on as before.
pub fn set_auto_lock_minutes(minutes: u32) {
    if let Ok(Some(storage)) = gloo::utils::window().local_storage() {
        let _ = storage.set_item(AUTO_LOCK, &minutes.to_string());
    }
}
