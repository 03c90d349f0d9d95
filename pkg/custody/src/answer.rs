//! A custodian's answer to a request, and the mailbox items it travels in.
//!
//! The chain carries the answer's commitment in AnswerRequest; the fragments go to the requester's
//! mailbox, several items for a long answer (`docs/protocol.md`, section 8). A requester can check
//! and use each fragment on its own; the commitment holds the custodian to the whole.

use alloc::{collections::BTreeSet, vec::Vec};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::HospitalId;
use keepwell_primitives::{
    BoundedList, CanonicalError, Hash, decode_canonical, encode_canonical,
    limits::{LISTED_RECORDS_MAX, MAILBOX_ITEM_BYTES_MAX},
};

use crate::CapsuleFragment;

/// Fragments in one item: 420 bytes each, and 100 for the heads, fit in 16 KiB.
pub const ANSWER_ITEM_FRAGMENTS_MAX: usize = (MAILBOX_ITEM_BYTES_MAX - 100) / 420;

/// One record of a request, re-encrypted.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct AnsweredRecord {
    /// The SubmitRecord transaction of the record.
    pub record: Hash,
    /// Its capsule, re-encrypted.
    pub fragment: CapsuleFragment,
}

/// Everything one custodian answers to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    request: Hash,
    custodian: HospitalId,
    records: Vec<AnsweredRecord>,
}

/// A piece of an answer, at most [`MAILBOX_ITEM_BYTES_MAX`] long. Canonically
/// `[request 32, custodian 32, index u32, count u32, [[record 32, capsule fragment 381], …]]`.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct AnswerItem {
    /// The RequestKey transaction.
    pub request: Hash,
    /// Who answers.
    pub custodian: HospitalId,
    /// Which of the items this is, from 0 on.
    pub index: u32,
    /// Items of this answer.
    pub count: u32,
    /// Its part of the answered records.
    pub records: BoundedList<AnsweredRecord, ANSWER_ITEM_FRAGMENTS_MAX>,
}

impl Answer {
    /// # Errors
    /// [`AnswerError::Empty`], [`AnswerError::TooLong`], or [`AnswerError::RepeatedRecord`].
    pub fn new(
        request: Hash,
        custodian: HospitalId,
        records: Vec<AnsweredRecord>,
    ) -> Result<Self, AnswerError> {
        if records.is_empty() {
            return Err(AnswerError::Empty);
        }
        if records.len() > LISTED_RECORDS_MAX {
            return Err(AnswerError::TooLong {
                got: records.len(),
                max: LISTED_RECORDS_MAX,
            });
        }
        let mut seen = BTreeSet::new();
        if let Some(repeated) = records
            .iter()
            .find(|answered| !seen.insert(answered.record))
        {
            return Err(AnswerError::RepeatedRecord {
                got: repeated.record,
            });
        }
        Ok(Self {
            request,
            custodian,
            records,
        })
    }

    /// The request it answers.
    pub const fn request(&self) -> Hash {
        self.request
    }

    /// Who answers.
    pub const fn custodian(&self) -> HospitalId {
        self.custodian
    }

    /// The answered records, in the custodian's order.
    pub fn records(&self) -> &[AnsweredRecord] {
        &self.records
    }

    /// What AnswerRequest carries.
    pub fn commitment(&self) -> Hash {
        answer_commitment(self.request, self.custodian, &self.records)
    }

    /// The answer cut into mailbox items.
    pub fn to_items(&self) -> Vec<AnswerItem> {
        let pieces = self.records.chunks(ANSWER_ITEM_FRAGMENTS_MAX);
        let count = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
        (0..count)
            .zip(pieces)
            .map(|(index, piece)| AnswerItem {
                request: self.request,
                custodian: self.custodian,
                index,
                count,
                records: BoundedList::new(piece.to_vec())
                    .expect("a piece is no longer than its limit"),
            })
            .collect()
    }

    /// The answer from its items, in any order, and compared with what its custodian committed to.
    ///
    /// # Errors
    /// [`AnswerError::MixedItems`], [`AnswerError::RepeatedItem`] and
    /// [`AnswerError::MissingItem`] for other items than all of one answer; the errors of
    /// [`Answer::new`]; [`AnswerError::OtherAnswer`] for another answer than the one committed to.
    pub fn from_items(mut items: Vec<AnswerItem>, committed: Hash) -> Result<Self, AnswerError> {
        items.sort_by_key(|item| item.index);
        let Some(first) = items.first() else {
            return Err(AnswerError::Empty);
        };
        let (request, custodian, count) = (first.request, first.custodian, first.count);
        let mut expected = 0;
        for item in &items {
            if (item.request, item.custodian, item.count) != (request, custodian, count) {
                return Err(AnswerError::MixedItems);
            }
            if item.index < expected {
                return Err(AnswerError::RepeatedItem { got: item.index });
            }
            if item.index > expected {
                return Err(AnswerError::MissingItem { expected, count });
            }
            expected += 1;
        }
        if expected != count {
            return Err(AnswerError::MissingItem { expected, count });
        }
        let records = items.into_iter().flat_map(|item| item.records.into_vec());
        let answer = Self::new(request, custodian, records.collect())?;
        if answer.commitment() != committed {
            return Err(AnswerError::OtherAnswer {
                got: answer.commitment(),
                expected: committed,
            });
        }
        Ok(answer)
    }
}

impl AnswerItem {
    /// The canonical bytes, at most [`MAILBOX_ITEM_BYTES_MAX`].
    pub fn to_canonical_bytes(&self) -> Vec<u8> {
        encode_canonical(self)
    }

    /// # Errors
    /// [`AnswerError::NotCanonical`].
    pub fn from_canonical_bytes(bytes: &[u8]) -> Result<Self, AnswerError> {
        decode_canonical(bytes, MAILBOX_ITEM_BYTES_MAX).map_err(AnswerError::NotCanonical)
    }
}

/// `tagged("answer", request 32 ‖ custodian 32 ‖ for each record: record 32 ‖ fragment 381)`: all
/// of fixed width, so the bytes tell where each ends.
pub fn answer_commitment(request: Hash, custodian: HospitalId, records: &[AnsweredRecord]) -> Hash {
    let mut parts: Vec<&[u8]> = alloc::vec![request.as_bytes(), custodian.as_bytes()];
    for answered in records {
        parts.push(answered.record.as_bytes());
        parts.push(answered.fragment.as_bytes());
    }
    Hash::tagged("answer", &parts)
}

/// One variant per broken rule of an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// No record is answered.
    #[error("the answer holds no record")]
    Empty,
    /// More records than a request can list.
    #[error("{got} records answered, a request lists at most {max}")]
    TooLong {
        /// Records answered.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// A record is answered twice.
    #[error("the record {got} is answered twice")]
    RepeatedRecord {
        /// Which record.
        got: Hash,
    },
    /// The bytes are not a canonical item.
    #[error("the item is not canonical: {0}")]
    NotCanonical(CanonicalError),
    /// Items of several answers.
    #[error("the items are not all of one answer")]
    MixedItems,
    /// An item came twice.
    #[error("item {got} came twice")]
    RepeatedItem {
        /// Which item.
        got: u32,
    },
    /// An item is missing.
    #[error("item {expected} of {count} is missing")]
    MissingItem {
        /// The first missing one.
        expected: u32,
        /// Items the answer has.
        count: u32,
    },
    /// The custodian committed to another answer on the chain.
    #[error("the custodian committed to the answer {expected}, not {got}")]
    OtherAnswer {
        /// The commitment to the items given.
        got: Hash,
        /// The commitment on the chain.
        expected: Hash,
    },
}
