//! The directory, proved complete: every hospital ever enrolled.

use alloc::vec::Vec;

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::HospitalId;
use keepwell_ledger::state::Hospital;

use super::{check_counter, check_unchanged};
use crate::{LeafName, VerificationError, VerifiedHead, leaves::Leaves};

/// Every hospital ever enrolled, in the order of the directory.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct DirectoryView {
    head: VerifiedHead,
    hospitals: Vec<DirectoryEntry>,
}

/// A hospital of the directory.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct DirectoryEntry {
    /// Its id.
    pub hospital_id: HospitalId,
    /// Its leaf.
    pub hospital: Hospital,
}

impl DirectoryView {
    /// The block at which it was proved.
    pub fn head(&self) -> &VerifiedHead {
        &self.head
    }

    /// The hospitals, retired ones too.
    pub fn hospitals(&self) -> &[DirectoryEntry] {
        &self.hospitals
    }

    /// The hospital with this id.
    pub fn hospital(&self, hospital_id: &HospitalId) -> Option<&Hospital> {
        let mut hospitals = self.hospitals.iter();
        hospitals
            .find(|entry| entry.hospital_id == *hospital_id)
            .map(|entry| &entry.hospital)
    }

    pub(super) fn assemble(
        leaves: &mut Leaves,
        head: VerifiedHead,
    ) -> Result<Option<Self>, VerificationError> {
        let Some(count) = leaves.require(LeafName::DirectoryCount)? else {
            return Ok(None);
        };
        let ids: Option<Vec<HospitalId>> = leaves.require_each(count, LeafName::DirectoryEntry)?;
        let Some(ids) = ids else { return Ok(None) };
        let mut hospitals = Some(Vec::new());
        for hospital_id in ids {
            let hospital = leaves.require(LeafName::Hospital(hospital_id))?;
            match (hospital, &mut hospitals) {
                (Some(hospital), Some(hospitals)) => hospitals.push(DirectoryEntry {
                    hospital_id,
                    hospital,
                }),
                _ => hospitals = None,
            }
        }
        Ok(hospitals.map(|hospitals| Self { head, hospitals }))
    }

    pub(super) fn check_follows(&self, earlier: &Self) -> Result<(), VerificationError> {
        let (got, expected) = (self.hospitals.len() as u64, earlier.hospitals.len() as u64);
        check_counter(LeafName::DirectoryCount, got, expected)?;
        let ids = |view: &Self| -> Vec<_> {
            let entries = view.hospitals.iter();
            entries.map(|entry| entry.hospital_id).collect()
        };
        check_unchanged(&ids(self), &ids(earlier), LeafName::DirectoryEntry)
    }

    pub(super) fn leaf_names(&self) -> Vec<LeafName> {
        let hospitals = (0..).zip(&self.hospitals);
        let entries = hospitals.flat_map(|(index, entry)| {
            [
                LeafName::DirectoryEntry(index),
                LeafName::Hospital(entry.hospital_id),
            ]
        });
        [LeafName::DirectoryCount]
            .into_iter()
            .chain(entries)
            .collect()
    }
}
