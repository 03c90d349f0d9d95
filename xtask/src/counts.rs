//! How many tests passed and failed, read from what the test harnesses print.

use std::{fmt, iter, ops};

/// Tests that passed, failed, and were ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) ignored: u32,
}

impl Counts {
    /// Adds up the `test result:` lines, which Rust's own harness and the one for wasm share.
    pub(crate) fn read(printed: &str) -> Self {
        printed.lines().filter_map(Self::read_line).sum()
    }

    fn read_line(line: &str) -> Option<Self> {
        let (_, counts) = line
            .trim()
            .strip_prefix("test result: ")?
            .split_once(". ")?;
        let mut read = Self::default();
        for part in counts.split(';') {
            let Some((count, what)) = part.trim().split_once(' ') else {
                continue;
            };
            let slot = match what {
                "passed" => &mut read.passed,
                "failed" => &mut read.failed,
                "ignored" => &mut read.ignored,
                _ => continue,
            };
            *slot = count.parse().ok()?;
        }
        Some(read)
    }
}

impl ops::Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            ignored: self.ignored + other.ignored,
        }
    }
}

impl iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), ops::Add::add)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} skipped", self.ignored)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_several_harnesses_are_added_up() {
        let printed = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.0s\n\
            \u{20}   test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n\
            a test result: ok. 9 passed; 9 failed\n";
        let counts = Counts::read(printed);
        assert_eq!(
            counts,
            Counts {
                passed: 5,
                failed: 1,
                ignored: 1
            }
        );
        assert_eq!(counts.to_string(), "5 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn output_without_a_result_counts_nothing() {
        assert_eq!(
            Counts::read("no tests to run!\ntest result: interrupted"),
            Counts::default()
        );
    }
}
