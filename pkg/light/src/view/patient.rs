//! A persona, proved complete: the account, and everything below its counters.

use alloc::{collections::BTreeMap, vec::Vec};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::PatientId;
use keepwell_ledger::{
    state::{Account, Event, Record, Scope},
    transaction::DiseaseId,
};
use keepwell_primitives::{BlockIndex, CanonicalError, Maybe, decode_canonical, encode_canonical};
use keepwell_wire::api::TransactionState;

use super::{News, PatientNews, check_counter, check_unchanged};
use crate::{
    LeafName, VerificationError, VerifiedHead,
    leaves::{Found, Leaves},
};

/// A patient as one hospital knows them, at one block: nothing was withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientView {
    patient_id: PatientId,
    head: VerifiedHead,
    account: Option<Account>,
    scopes: BTreeMap<DiseaseId, Scope>,
    records: Vec<Record>,
    events: Vec<Event>,
}

impl PatientView {
    /// Whose.
    pub fn patient_id(&self) -> &PatientId {
        &self.patient_id
    }

    /// The block at which it was proved.
    pub fn head(&self) -> &VerifiedHead {
        &self.head
    }

    /// The account; none, proved, before the first record.
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// Every scope that holds a record.
    pub fn scopes(&self) -> &BTreeMap<DiseaseId, Scope> {
        &self.scopes
    }

    /// Every record, by index.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Every line of the log, by index.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How far something in the block at this index is, seen from the view's block.
    pub fn state_of(&self, index: BlockIndex) -> TransactionState {
        self.head.state_of(index)
    }

    /// What is new since an older view of the same patient.
    pub fn since<'a>(&'a self, older: &'a Self) -> PatientNews<'a> {
        PatientNews {
            records: News::between(&older.records, &self.records),
            events: News::between(&older.events, &self.events),
        }
    }

    pub(super) fn assemble(
        patient_id: PatientId,
        leaves: &mut Leaves,
        head: VerifiedHead,
    ) -> Result<Option<Self>, VerificationError> {
        let account = match leaves.find::<Account>(LeafName::Account(patient_id))? {
            Found::NotProved => return Ok(None),
            Found::Absent => None,
            Found::Present(account) => Some(account),
        };
        let (record_count, event_count) = counts(account.as_ref());
        let records: Option<Vec<Record>> =
            leaves.require_each(record_count, |index| LeafName::Record(patient_id, index))?;
        let events =
            leaves.require_each(event_count, |index| LeafName::Event(patient_id, index))?;
        let Some(records) = records else {
            return Ok(None);
        };
        let mut scopes = BTreeMap::new();
        let mut is_complete = true;
        for record in &records {
            let disease_id = record.disease_id;
            match leaves.require(LeafName::Scope(patient_id, disease_id))? {
                Some(scope) => {
                    scopes.insert(disease_id, scope);
                }
                None => is_complete = false,
            }
        }
        let Some(events) = events.filter(|_| is_complete) else {
            return Ok(None);
        };
        Ok(Some(Self {
            patient_id,
            head,
            account,
            scopes,
            records,
            events,
        }))
    }

    pub(super) fn check_follows(&self, earlier: &Self) -> Result<(), VerificationError> {
        let id = self.patient_id;
        let leaf = LeafName::Account(id);
        let nonce = |view: &Self| view.account.as_ref().map_or(0, |account| account.nonce);
        let (records, events) = counts(self.account());
        let (earlier_records, earlier_events) = counts(earlier.account());
        check_counter(leaf, records.into(), earlier_records.into())?;
        check_counter(leaf, events.into(), earlier_events.into())?;
        check_counter(leaf, nonce(self), nonce(earlier))?;
        check_unchanged(&self.records, &earlier.records, |index| {
            LeafName::Record(id, index)
        })?;
        check_unchanged(&self.events, &earlier.events, |index| {
            LeafName::Event(id, index)
        })
    }

    pub(super) fn leaf_names(&self) -> Vec<LeafName> {
        let id = self.patient_id;
        let (records, events) = counts(self.account());
        [LeafName::Account(id)]
            .into_iter()
            .chain((0..records).map(|index| LeafName::Record(id, index)))
            .chain((0..events).map(|index| LeafName::Event(id, index)))
            .chain(self.scopes.keys().map(|scope| LeafName::Scope(id, *scope)))
            .collect()
    }

    pub(super) fn is_complete(&self) -> bool {
        let (records, events) = counts(self.account());
        let has_scope = |record: &Record| self.scopes.contains_key(&record.disease_id);
        self.records.len() == records as usize
            && self.events.len() == events as usize
            && self.records.iter().all(has_scope)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let scopes = self.scopes.iter().map(|(disease_id, scope)| StoredScope {
            disease_id: *disease_id,
            scope: scope.clone(),
        });
        encode_canonical(&StoredView {
            patient_id: self.patient_id,
            head: self.head,
            account: Maybe(self.account.clone()),
            scopes: scopes.collect(),
            records: self.records.clone(),
            events: self.events.clone(),
        })
    }

    pub(super) fn from_bytes(bytes: &[u8], max: usize) -> Result<Self, CanonicalError> {
        let stored: StoredView = decode_canonical(bytes, max)?;
        let scopes = stored.scopes.into_iter();
        Ok(Self {
            patient_id: stored.patient_id,
            head: stored.head,
            account: stored.account.0,
            scopes: scopes
                .map(|stored| (stored.disease_id, stored.scope))
                .collect(),
            records: stored.records,
            events: stored.events,
        })
    }
}

/// How many records and events an account has; none without an account.
fn counts(account: Option<&Account>) -> (u32, u32) {
    account.map_or((0, 0), |account| {
        (account.record_count, account.event_count)
    })
}

#[derive(RlpEncodable, RlpDecodable)]
struct StoredView {
    patient_id: PatientId,
    head: VerifiedHead,
    account: Maybe<Account>,
    scopes: Vec<StoredScope>,
    records: Vec<Record>,
    events: Vec<Event>,
}

#[derive(RlpEncodable, RlpDecodable)]
struct StoredScope {
    disease_id: DiseaseId,
    scope: Scope,
}
