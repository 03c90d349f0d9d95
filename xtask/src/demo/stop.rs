//! Being asked to stop: by Ctrl-C, by SIGTERM, or because the cargo that runs this is gone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::bail;

/// Says whether the demo was asked to stop.
#[derive(Clone)]
pub(super) struct Stop {
    asked: Arc<AtomicBool>,
    parent: Option<rustix::process::Pid>,
}

impl Stop {
    pub(super) fn new() -> anyhow::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&asked);
        ctrlc::set_handler(move || seen.store(true, Ordering::Relaxed))?;
        Ok(Self {
            asked,
            parent: rustix::process::getppid(),
        })
    }

    pub(super) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed) || rustix::process::getppid() != self.parent
    }

    /// Fails once the demo was asked to stop, so that long work ends early.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if self.is_asked() {
            bail!("stopped as asked");
        }
        Ok(())
    }

    /// Waits a moment before the next look.
    pub(super) fn moment(&self) {
        std::thread::park_timeout(Duration::from_millis(100));
    }
}
