//! Running the client's steps here: one thread that blocks.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use keepwell_client::Clock;
use keepwell_primitives::{Milliseconds, Timestamp};

use crate::times::now;

/// Runs a future to its end. Sockets and sleeps block, so it is never left waiting for anybody: a
/// second look is for futures that only ask to be looked at again.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// The clock of this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        now()
    }

    async fn sleep(&self, span: Milliseconds) {
        thread::sleep(Duration::from_millis(span.0));
    }
}
