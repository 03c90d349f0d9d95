//! The miner: one thread of low priority that looks for nonces while there is something to mine.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use keepwell_ledger::block::{Header, MinableHeader};
use keepwell_node::MiningJob;
use thread_priority::{ThreadPriority, set_current_thread_priority};
use tokio::sync::{mpsc, watch};

/// Nonces tried before a look at whether the job is still the newest: some milliseconds.
const NONCES_AT_ONCE: u32 = 1 << 14;

/// How long the thread may take to notice that it is to stop while it rests.
const REST: Duration = Duration::from_millis(100);

/// The mining thread. Dropped, it stops.
pub struct Miner {
    stop: Arc<AtomicBool>,
    hashes: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Miner {
    /// Starts the thread; headers it finds a nonce for go to `found`.
    ///
    /// # Errors
    /// The system's, if it has no thread to give.
    pub fn start(
        job: watch::Receiver<Option<Arc<MiningJob>>>,
        found: mpsc::Sender<Header>,
    ) -> std::io::Result<Self> {
        let (stop, hashes) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicU64::new(0)),
        );
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&hashes));
        let thread = thread::Builder::new()
            .name("miner".to_owned())
            .spawn(move || {
                if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
                    tracing::debug!(?error, "the miner runs at normal priority");
                }
                run(job, &found, &stopped, &counted);
            })?;
        Ok(Self {
            stop,
            hashes,
            thread: Some(thread),
        })
    }

    /// Hashes tried since the start.
    pub fn hashes(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.hashes)
    }
}

impl Drop for Miner {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic in the thread was logged where it happened.
            let _ = thread.join();
        }
    }
}

fn run(
    mut job: watch::Receiver<Option<Arc<MiningJob>>>,
    found: &mpsc::Sender<Header>,
    stop: &AtomicBool,
    hashes: &AtomicU64,
) {
    while !stop.load(Ordering::Relaxed) {
        let newest = job.borrow_and_update().clone();
        let Some(newest) = newest else {
            thread::park_timeout(REST);
            continue;
        };
        let Some(header) = search(&newest.header, &job, stop, hashes) else {
            continue;
        };
        if found.blocking_send(header).is_err() {
            return;
        }
        // The block found is not searched for again: rest until there is another job.
        while !stop.load(Ordering::Relaxed) && !job.has_changed().unwrap_or(true) {
            thread::park_timeout(Duration::from_millis(1));
        }
    }
}

/// Tries nonces until one fits, or the job is replaced.
fn search(
    header: &MinableHeader,
    job: &watch::Receiver<Option<Arc<MiningJob>>>,
    stop: &AtomicBool,
    hashes: &AtomicU64,
) -> Option<Header> {
    let mut header = header.clone();
    let mut from = 0_u32;
    loop {
        if stop.load(Ordering::Relaxed) || job.has_changed().unwrap_or(true) {
            return None;
        }
        let to = from.saturating_add(NONCES_AT_ONCE - 1);
        let found = header.search(from..=to);
        hashes.fetch_add(u64::from(NONCES_AT_ONCE), Ordering::Relaxed);
        if found.is_some() {
            return found;
        }
        if let Some(next) = to.checked_add(1) {
            from = next;
        } else {
            (header, from) = (header.with_next_extra_nonce(), 0);
        }
    }
}
