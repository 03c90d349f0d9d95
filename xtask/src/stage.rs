//! Announces what is being done, and how long it took.

use std::time::Instant;

use anyhow::Context as _;

/// Runs `work` under a title.
///
/// # Errors
///
/// Whatever `work` fails with, under the title.
pub(crate) fn stage<T>(title: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    eprintln!("==> {title}");
    let started = Instant::now();
    let outcome = work().with_context(|| title.to_owned());
    let word = if outcome.is_ok() { "done" } else { "failed" };
    eprintln!(
        "==> {title}: {word} in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    outcome
}
