//! One process at a home: two would each keep what the other has not seen, and one would be lost.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

use crate::failure::{Exit, Failure};

const LOCK_FILE: &str = "lock";

/// Held as long as a verb uses a home. A process that ends in any way lets go of it.
#[derive(Debug)]
pub(crate) struct HomeLock {
    _file: File,
}

impl HomeLock {
    /// # Errors
    /// `homeInUse`: what the other process does may take its time, so it is not waited for.
    pub(crate) fn take(directory: &Path) -> Result<Self, Failure> {
        let path = directory.join(LOCK_FILE);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let opened = options.open(&path);
        let file = opened.map_err(|error| Failure::file(&path, "opened", &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Failure::new(
                Exit::Local,
                "homeInUse",
                format!("Another keepwell is using {}.", directory.display()),
                "Wait until it is done, then run this again.",
            )),
            Err(TryLockError::Error(error)) => Err(Failure::file(&path, "locked", &error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_one_is_refused_until_the_first_lets_go() {
        let home = tempfile::tempdir().unwrap();
        let first = HomeLock::take(home.path()).unwrap();
        let refused = HomeLock::take(home.path()).unwrap_err();
        assert_eq!(
            (refused.exit, refused.code.as_str()),
            (Exit::Local, "homeInUse")
        );
        drop(first);
        HomeLock::take(home.path()).unwrap();
    }
}
