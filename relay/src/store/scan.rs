//! Walking a table in the order of its keys.

use core::ops::{Bound, RangeBounds};

use fjall::Keyspace;

use super::StoreError;

/// A key and its value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// Which end a scan begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From the least key up.
    Ascending,
    /// From the greatest key down.
    Descending,
}

/// Entries in the order of their keys, as they were when the scan began. Take as many as you want:
/// only what is taken is read.
pub struct Scan {
    entries: Option<fjall::Iter>,
    order: Order,
}

impl Scan {
    pub(super) fn range<'a>(
        table: &Keyspace,
        range: impl RangeBounds<&'a [u8]>,
        order: Order,
    ) -> Self {
        let bounds = (range.start_bound().cloned(), range.end_bound().cloned());
        let entries = (!is_empty(bounds)).then(|| table.range::<&[u8], _>(bounds));
        Self { entries, order }
    }

    pub(super) fn prefix(table: &Keyspace, prefix: &[u8], order: Order) -> Self {
        Self {
            entries: Some(table.prefix(prefix)),
            order,
        }
    }
}

impl Iterator for Scan {
    type Item = Result<Entry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let entries = self.entries.as_mut()?;
        let entry = match self.order {
            Order::Ascending => entries.next(),
            Order::Descending => entries.next_back(),
        }?;
        Some(match entry.into_inner() {
            Ok((key, value)) => Ok((key.to_vec(), value.to_vec())),
            Err(error) => Err(error.into()),
        })
    }
}

/// Whether no key can lie between these: the engine must not be asked for what is upside down.
fn is_empty((start, end): (Bound<&[u8]>, Bound<&[u8]>)) -> bool {
    match (start, end) {
        (Bound::Included(start), Bound::Included(end)) => start > end,
        (Bound::Included(start) | Bound::Excluded(start), Bound::Excluded(end))
        | (Bound::Excluded(start), Bound::Included(end)) => start >= end,
        _ => false,
    }
}
