//! Lists within the limits of a transaction, in words where they are not.

use alloc::vec::Vec;

use keepwell_primitives::BoundedList;

use crate::Refusal;

/// # Errors
/// [`Refusal::TooMany`].
pub(crate) fn bounded<T, const MAX: usize>(
    what: &'static str,
    items: Vec<T>,
) -> Result<BoundedList<T, MAX>, Refusal> {
    BoundedList::new(items).map_err(|error| Refusal::TooMany {
        what,
        got: error.got,
        max: error.max,
    })
}
