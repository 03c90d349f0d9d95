//! Progress on standard error, for people who look at it.

use std::io::{self, IsTerminal, Write};

/// A line that counts up; nothing where a program reads along.
pub(crate) fn counter(doing: &'static str, is_json: bool) -> impl FnMut(u32, u32) {
    let is_shown = !is_json && io::stderr().is_terminal();
    move |done, all| {
        if !is_shown {
            return;
        }
        let end = if done == all { "\n" } else { "" };
        // Progress that cannot be shown is no reason to stop.
        let _ = write!(io::stderr().lock(), "\r{doing}: {done} of {all} MiB{end}");
    }
}
