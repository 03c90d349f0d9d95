//! The device's clock.

use gloo::timers::future::TimeoutFuture;
use keepwell_client::Clock;
use keepwell_primitives::{Milliseconds, Timestamp};

/// The clock of the device, in page and engine alike.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeviceClock;

/// What it shows.
#[must_use]
pub fn now() -> Timestamp {
    DeviceClock.now()
}

impl Clock for DeviceClock {
    fn now(&self) -> Timestamp {
        let milliseconds = js_sys::Date::now();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a clock before 1970 is taken for 1970, and is then found wrong"
        )]
        Timestamp(milliseconds as u64)
    }

    async fn sleep(&self, span: Milliseconds) {
        TimeoutFuture::new(u32::try_from(span.0).unwrap_or(u32::MAX)).await;
    }
}
