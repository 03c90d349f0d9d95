//! Views: what was proved of an interest at one block, complete.
//!
//! Built by [`Reading`](crate::reading) alone, so whoever holds one holds nothing unproved.

mod directory;
mod hospital;
mod news;
mod patient;

pub use directory::{DirectoryEntry, DirectoryView};
pub use hospital::{HospitalNews, HospitalView, IndexedRecord, ScopeView};
pub use news::{News, PatientNews};
pub use patient::PatientView;

use alloc::vec::Vec;

use keepwell_primitives::{BlockIndex, CanonicalError, decode_canonical, encode_canonical};
use keepwell_wire::api::TransactionState;

use crate::{Interest, LeafName, VerificationError, VerifiedHead, leaves::Leaves};

/// A view read back from storage: 10,000 records of the largest kind.
const VIEW_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What was proved of an [`Interest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Of [`Interest::Patient`].
    Patient(PatientView),
    /// Of [`Interest::Hospital`].
    Hospital(HospitalView),
    /// Of [`Interest::Directory`].
    Directory(DirectoryView),
}

impl View {
    /// What it is a view of.
    pub fn interest(&self) -> Interest {
        match self {
            Self::Patient(view) => Interest::Patient(*view.patient_id()),
            Self::Hospital(view) => Interest::Hospital(*view.hospital_id()),
            Self::Directory(_) => Interest::Directory,
        }
    }

    /// The block at which it was proved.
    pub fn head(&self) -> &VerifiedHead {
        match self {
            Self::Patient(view) => view.head(),
            Self::Hospital(view) => view.head(),
            Self::Directory(view) => view.head(),
        }
    }

    /// How far something in the block at this index is, seen from the view's block.
    pub fn state_of(&self, index: BlockIndex) -> TransactionState {
        self.head().state_of(index)
    }

    /// The view, or `None` while leaves are wanted.
    pub(crate) fn assemble(
        interest: &Interest,
        leaves: &mut Leaves,
        head: VerifiedHead,
    ) -> Result<Option<Self>, VerificationError> {
        Ok(match interest {
            Interest::Patient(id) => PatientView::assemble(*id, leaves, head)?.map(Self::Patient),
            Interest::Hospital(id) => {
                HospitalView::assemble(*id, leaves, head)?.map(Self::Hospital)
            }
            Interest::Directory => DirectoryView::assemble(leaves, head)?.map(Self::Directory),
        })
    }

    /// Checks it against the view at an earlier block of the same chain: counters rise, and what is
    /// written once stays.
    pub(crate) fn check_follows(&self, earlier: &Self) -> Result<(), VerificationError> {
        match (self, earlier) {
            (Self::Patient(view), Self::Patient(earlier)) => view.check_follows(earlier),
            (Self::Hospital(view), Self::Hospital(earlier)) => view.check_follows(earlier),
            (Self::Directory(view), Self::Directory(earlier)) => view.check_follows(earlier),
            _ => Ok(()),
        }
    }

    /// The leaves it was put together from.
    pub(crate) fn leaf_names(&self) -> Vec<LeafName> {
        match self {
            Self::Patient(view) => view.leaf_names(),
            Self::Hospital(view) => view.leaf_names(),
            Self::Directory(view) => view.leaf_names(),
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Patient(view) => view.to_bytes(),
            Self::Hospital(view) => encode_canonical(view),
            Self::Directory(view) => encode_canonical(view),
        }
    }

    pub(crate) fn from_bytes(interest: &Interest, bytes: &[u8]) -> Result<Self, CanonicalError> {
        Ok(match interest {
            Interest::Patient(_) => Self::Patient(PatientView::from_bytes(bytes, VIEW_BYTES_MAX)?),
            Interest::Hospital(_) => Self::Hospital(decode_canonical(bytes, VIEW_BYTES_MAX)?),
            Interest::Directory => Self::Directory(decode_canonical(bytes, VIEW_BYTES_MAX)?),
        })
    }

    /// Are all leaves below its counters there? Else it was damaged where it was stored.
    pub(crate) fn is_complete(&self) -> bool {
        match self {
            Self::Patient(view) => view.is_complete(),
            Self::Hospital(view) => view.is_complete(),
            Self::Directory(_) => true,
        }
    }
}

/// A counter that only rises.
fn check_counter(leaf: LeafName, got: u64, expected: u64) -> Result<(), VerificationError> {
    if got < expected {
        return Err(VerificationError::CounterFell {
            leaf,
            got,
            expected,
        });
    }
    Ok(())
}

/// Leaves that are written once: what was there is there.
fn check_unchanged<T: PartialEq>(
    now: &[T],
    earlier: &[T],
    leaf: impl Fn(u32) -> LeafName,
) -> Result<(), VerificationError> {
    let mut pairs = (0..).zip(now.iter().zip(earlier));
    match pairs.find(|(_, (now, earlier))| now != earlier) {
        Some((index, _)) => Err(VerificationError::HistoryRewritten { leaf: leaf(index) }),
        None => Ok(()),
    }
}
