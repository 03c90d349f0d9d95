//! A hospital, proved complete: what it was granted, what it issued into, what it asked for.

use alloc::{collections::BTreeSet, vec::Vec};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    state::{Access, Account, Hospital, KeyRequest, Record, Scope},
    transaction::{DiseaseId, RecordReference},
};
use keepwell_primitives::{BlockIndex, Maybe};
use keepwell_wire::api::TransactionState;

use super::{News, check_counter, check_unchanged};
use crate::{
    LeafName, VerificationError, VerifiedHead,
    leaves::{Found, Leaves},
};

/// A hospital at one block: nothing was withheld.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct HospitalView {
    hospital_id: HospitalId,
    head: VerifiedHead,
    hospital: Maybe<Hospital>,
    granted: Vec<Access>,
    issued: Vec<Access>,
    requests: Vec<KeyRequest>,
    scopes: Vec<ScopeView>,
}

/// A scope as a hospital sees it.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct ScopeView {
    /// Whose.
    pub patient_id: PatientId,
    /// Which.
    pub disease_id: DiseaseId,
    /// The patient's account: its key signs grants and visit cards.
    pub account: Account,
    /// The scope with every hospital's consent.
    pub scope: Scope,
    /// The records in it, and no other of the patient's.
    pub records: Vec<IndexedRecord>,
}

/// A record with its place among the patient's records.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct IndexedRecord {
    /// From 0.
    pub index: u32,
    /// The record.
    pub record: Record,
}

impl IndexedRecord {
    /// How transactions name it.
    pub const fn reference(&self) -> RecordReference {
        RecordReference {
            index: self.index,
            txid: self.record.txid,
        }
    }
}

/// What is new to a hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HospitalNews<'a> {
    /// Scopes it was granted for the first time.
    pub granted: News<'a, Access>,
    /// Scopes it opened.
    pub issued: News<'a, Access>,
    /// Scopes of which the consent, the records or the state is new.
    pub scopes: Vec<&'a ScopeView>,
    /// Requests that are new, or have new answers, with their index.
    pub requests: Vec<(usize, &'a KeyRequest)>,
}

impl HospitalView {
    /// Whose.
    pub fn hospital_id(&self) -> &HospitalId {
        &self.hospital_id
    }

    /// The block at which it was proved.
    pub fn head(&self) -> &VerifiedHead {
        &self.head
    }

    /// The hospital's leaf; none, proved, if it was never enrolled.
    pub fn hospital(&self) -> Option<&Hospital> {
        self.hospital.0.as_ref()
    }

    /// Every scope it was ever granted, in the order of the first grants. Whether it still may open
    /// them stands in [`ScopeView::scope`].
    pub fn granted(&self) -> impl Iterator<Item = &ScopeView> {
        self.granted.iter().filter_map(|access| self.scope(access))
    }

    /// Every scope it ever opened to write into, in that order.
    pub fn issued(&self) -> impl Iterator<Item = &ScopeView> {
        self.issued.iter().filter_map(|access| self.scope(access))
    }

    /// Every key request it made, by index.
    pub fn requests(&self) -> &[KeyRequest] {
        &self.requests
    }

    /// A scope that it was granted or opened.
    pub fn scope(&self, access: &Access) -> Option<&ScopeView> {
        let wanted = (access.patient_id, access.disease_id);
        self.scopes
            .binary_search_by_key(&wanted, |scope| (scope.patient_id, scope.disease_id))
            .ok()
            .and_then(|position| self.scopes.get(position))
    }

    /// How far something in the block at this index is, seen from the view's block.
    pub fn state_of(&self, index: BlockIndex) -> TransactionState {
        self.head.state_of(index)
    }

    /// What is new since an older view of the same hospital.
    pub fn since<'a>(&'a self, older: &'a Self) -> HospitalNews<'a> {
        let is_new = |scope: &&ScopeView| !older.scopes.contains(scope);
        let requests = self.requests.iter().enumerate();
        HospitalNews {
            granted: News::between(&older.granted, &self.granted),
            issued: News::between(&older.issued, &self.issued),
            scopes: self.scopes.iter().filter(is_new).collect(),
            requests: requests
                .filter(|(index, request)| older.requests.get(*index) != Some(request))
                .collect(),
        }
    }

    pub(super) fn assemble(
        id: HospitalId,
        leaves: &mut Leaves,
        head: VerifiedHead,
    ) -> Result<Option<Self>, VerificationError> {
        let hospital = match leaves.find::<Hospital>(LeafName::Hospital(id))? {
            Found::NotProved => return Ok(None),
            Found::Absent => None,
            Found::Present(hospital) => Some(hospital),
        };
        let [granted, issued, requests] = counts(hospital.as_ref());
        let granted = leaves.require_each(granted, |index| LeafName::Access(id, index))?;
        let issued = leaves.require_each(issued, |index| LeafName::Issued(id, index))?;
        let requests = leaves.require_each(requests, |index| LeafName::Request(id, index))?;
        let (Some(granted), Some(issued)) = (granted, issued) else {
            return Ok(None);
        };
        let scopes = scopes(leaves, &granted, &issued)?;
        let (Some(requests), Some(scopes)) = (requests, scopes) else {
            return Ok(None);
        };
        Ok(Some(Self {
            hospital_id: id,
            head,
            hospital: Maybe(hospital),
            granted,
            issued,
            requests,
            scopes,
        }))
    }

    pub(super) fn check_follows(&self, earlier: &Self) -> Result<(), VerificationError> {
        let id = self.hospital_id;
        let leaf = LeafName::Hospital(id);
        let nonce = |view: &Self| view.hospital().map_or(0, |hospital| hospital.nonce);
        check_counter(leaf, nonce(self), nonce(earlier))?;
        let (now, before) = (counts(self.hospital()), counts(earlier.hospital()));
        for (now, before) in now.into_iter().zip(before) {
            check_counter(leaf, now.into(), before.into())?;
        }
        check_unchanged(&self.granted, &earlier.granted, |index| {
            LeafName::Access(id, index)
        })?;
        check_unchanged(&self.issued, &earlier.issued, |index| {
            LeafName::Issued(id, index)
        })
    }

    pub(super) fn leaf_names(&self) -> Vec<LeafName> {
        let id = self.hospital_id;
        let [granted, issued, requests] = counts(self.hospital());
        let scopes = self.scopes.iter().flat_map(|scope| {
            let patient = scope.patient_id;
            let records =
                (0..scope.account.record_count).map(move |index| LeafName::Record(patient, index));
            [
                LeafName::Account(patient),
                LeafName::Scope(patient, scope.disease_id),
            ]
            .into_iter()
            .chain(records)
        });
        [LeafName::Hospital(id)]
            .into_iter()
            .chain((0..granted).map(|index| LeafName::Access(id, index)))
            .chain((0..issued).map(|index| LeafName::Issued(id, index)))
            .chain((0..requests).map(|index| LeafName::Request(id, index)))
            .chain(scopes)
            .collect()
    }

    pub(super) fn is_complete(&self) -> bool {
        let counts = counts(self.hospital()).map(|count| count as usize);
        let lengths = [self.granted.len(), self.issued.len(), self.requests.len()];
        let mut named = self.granted.iter().chain(&self.issued);
        counts == lengths && named.all(|access| self.scope(access).is_some())
    }
}

/// How many scopes a hospital was granted, how many it opened, how many keys it asked for.
fn counts(hospital: Option<&Hospital>) -> [u32; 3] {
    hospital.map_or([0; 3], |hospital| {
        [
            hospital.access_count,
            hospital.issued_count,
            hospital.request_count,
        ]
    })
}

/// Each scope once, sorted by patient and scope; `None` while leaves are wanted.
fn scopes(
    leaves: &mut Leaves,
    granted: &[Access],
    issued: &[Access],
) -> Result<Option<Vec<ScopeView>>, VerificationError> {
    let names = granted.iter().chain(issued);
    let names: BTreeSet<_> = names
        .map(|access| (access.patient_id, access.disease_id))
        .collect();
    let mut scopes = Some(Vec::new());
    for (patient_id, disease_id) in names {
        match (scope(leaves, patient_id, disease_id)?, &mut scopes) {
            (Some(scope), Some(scopes)) => scopes.push(scope),
            _ => scopes = None,
        }
    }
    Ok(scopes)
}

/// A scope with its records, for which all of the patient's must be looked at.
fn scope(
    leaves: &mut Leaves,
    patient_id: PatientId,
    disease_id: DiseaseId,
) -> Result<Option<ScopeView>, VerificationError> {
    let account = leaves.require::<Account>(LeafName::Account(patient_id))?;
    let scope = leaves.require(LeafName::Scope(patient_id, disease_id))?;
    let Some(account) = account else {
        return Ok(None);
    };
    let records: Option<Vec<Record>> = leaves.require_each(account.record_count, |index| {
        LeafName::Record(patient_id, index)
    })?;
    let (Some(scope), Some(records)) = (scope, records) else {
        return Ok(None);
    };
    let records = (0..).zip(records);
    let records = records
        .map(|(index, record)| IndexedRecord { index, record })
        .filter(|indexed| indexed.record.disease_id == disease_id);
    Ok(Some(ScopeView {
        patient_id,
        disease_id,
        account,
        scope,
        records: records.collect(),
    }))
}
