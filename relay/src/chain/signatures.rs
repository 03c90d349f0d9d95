//! Checking the signatures of a block on all cores.

use keepwell_keys::SignatureCheck;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// So few are checked here and now: handing them to other threads costs more.
const ALONE_MAX: usize = 4;

/// Is every signature good?
pub fn check_all(checks: &[SignatureCheck]) -> bool {
    if checks.len() <= ALONE_MAX {
        return checks.iter().all(|check| check.verify().is_ok());
    }
    checks.par_iter().all(|check| check.verify().is_ok())
}
