//! What a patient fills in to let a hospital open a scope, and what is wrong with it before
//! anything is signed.

use std::{collections::BTreeSet, rc::Rc};

use keepwell_keys::HospitalId;
use keepwell_ledger::transaction::Txid;
use keepwell_primitives::{Milliseconds, Timestamp, limits};
use yew::Reducible;

use super::PURPOSES;
use crate::talk::{CoverageLine, GrantLine, GrantTerms, HospitalLine, PersonaHistory, ScopeLine};

/// How many custodians are proposed: the issuer and two others, so that one may be out.
const CUSTODIANS_PROPOSED: usize = 3;
/// How many of them must answer, where there are that many.
const THRESHOLD_PROPOSED: u32 = 2;

/// Until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// For so many days from now.
    Days(u32),
    /// Until the end of a day.
    Day,
    /// Until it is revoked.
    Revoked,
}

/// Which records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// All of the scope, later ones too.
    Scope,
    /// Chosen ones.
    Chosen,
}

/// The form as it is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GrantForm {
    /// Who may open it.
    pub(crate) to: Option<HospitalId>,
    /// Until when.
    pub(crate) until: Until,
    /// The day, for [`Until::Day`]: `2026-01-31`.
    pub(crate) day: String,
    /// Which records.
    pub(crate) what: What,
    /// The chosen ones.
    pub(crate) chosen: BTreeSet<Txid>,
    /// Why: a code of HL7's PurposeOfUse.
    pub(crate) purpose: String,
    /// Who holds parts of the key; `None` for those that are proposed.
    custodians: Option<BTreeSet<HospitalId>>,
    /// How many of them must answer; `None` for what is proposed.
    threshold: Option<u32>,
}

/// One thing that a person changes.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    To(Option<HospitalId>),
    Until(Until),
    Day(String),
    What(What),
    Record(Txid, bool),
    Purpose(String),
    Custodians(BTreeSet<HospitalId>),
    Threshold(u32),
}

/// What there is to choose from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer<'o> {
    /// The patient as the issuer knows them.
    pub(crate) persona: &'o PersonaHistory,
    /// The scope.
    pub(crate) scope: &'o ScopeLine,
    /// Every hospital ever enrolled.
    pub(crate) hospitals: &'o [HospitalLine],
}

/// What keeps a form from being sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantMistake {
    #[error("Choose the hospital that may open it.")]
    NoHospital,
    #[error("Choose the last day.")]
    NoDay,
    #[error("That day is over. Choose a later one.")]
    DayIsOver,
    #[error("Tick at least one record, or choose the whole set.")]
    NoRecord,
    #[error("At most {max} records can be chosen one by one, and {got} are ticked.")]
    TooManyRecords { got: usize, max: usize },
    #[error("Under “Advanced”, tick at least one custodian.")]
    NoCustodian,
    #[error("Under “Advanced”, tick at most {max} custodians: now it is {got}.")]
    TooManyCustodians { got: usize, max: usize },
    #[error(
        "Under “Advanced”, tick as many custodians as must answer, {threshold}: now it is {got}."
    )]
    TooFewCustodians { got: usize, threshold: u32 },
    #[error(
        "Under “Advanced”, let at least two custodians answer, so that no single one can hand out the \
         key. Only the hospital that issued the records can be alone."
    )]
    OneCouldAnswerAlone,
}

impl GrantForm {
    /// A new one: for a month of treatment.
    pub(crate) fn new() -> Self {
        Self {
            to: None,
            until: Until::Days(30),
            day: String::new(),
            what: What::Scope,
            chosen: BTreeSet::new(),
            purpose: String::from(PURPOSES[0].0),
            custodians: None,
            threshold: None,
        }
    }

    /// One that starts with what a grant says now; `day` is the day on which it ends.
    pub(crate) fn changing(grant: &GrantLine, day: String) -> Self {
        let (what, chosen) = match &grant.coverage {
            CoverageLine::Records(records) => (What::Chosen, records.iter().copied().collect()),
            CoverageLine::Scope | CoverageLine::Nothing => (What::Scope, BTreeSet::new()),
        };
        let (until, day) = if grant.expires_at == Some(Timestamp::MAX) {
            (Until::Revoked, String::new())
        } else {
            (Until::Day, day)
        };
        Self {
            to: Some(grant.hospital_id),
            until,
            day,
            what,
            chosen,
            purpose: grant.purpose.clone(),
            custodians: Some(grant.custodians.iter().copied().collect()),
            threshold: Some(grant.threshold),
        }
    }

    /// Who holds parts of the key.
    pub(crate) fn custodians(&self, offer: &Offer<'_>) -> BTreeSet<HospitalId> {
        let mut custodians = match &self.custodians {
            Some(custodians) => custodians.clone(),
            None => offer
                .custodians(self.to)
                .take(CUSTODIANS_PROPOSED)
                .map(|hospital| hospital.id)
                .collect(),
        };
        // What was ticked before another hospital was chosen, or before one left the network.
        custodians.retain(|id| offer.custodians(self.to).any(|hospital| hospital.id == *id));
        custodians
    }

    /// How many of them must answer.
    pub(crate) fn threshold(&self, offer: &Offer<'_>) -> u32 {
        let custodians = u32::try_from(self.custodians(offer).len()).unwrap_or(u32::MAX);
        let proposed = THRESHOLD_PROPOSED.min(custodians).max(1);
        self.threshold.unwrap_or(proposed)
    }

    /// When it would end; `day_end` is the last moment of its day, if that is one.
    pub(crate) fn expires_at(
        &self,
        now: Timestamp,
        day_end: Option<Timestamp>,
    ) -> Result<Timestamp, GrantMistake> {
        match self.until {
            Until::Days(days) => Ok(now + Milliseconds(Milliseconds::DAY.0 * u64::from(days))),
            Until::Revoked => Ok(Timestamp::MAX),
            Until::Day => match day_end {
                None => Err(GrantMistake::NoDay),
                Some(end) if end <= now => Err(GrantMistake::DayIsOver),
                Some(end) => Ok(end),
            },
        }
    }

    /// The ticked records that are in the scope, as a grant lists them.
    pub(crate) fn coverage(&self, offer: &Offer<'_>) -> CoverageLine {
        match self.what {
            What::Scope => CoverageLine::Scope,
            What::Chosen => {
                let records = offer.records().filter(|txid| self.chosen.contains(txid));
                CoverageLine::Records(records.collect())
            }
        }
    }

    /// What is to be signed.
    ///
    /// # Errors
    /// Everything that is wrong with it, from top to bottom.
    pub(crate) fn terms(
        &self,
        offer: &Offer<'_>,
        now: Timestamp,
        day_end: Option<Timestamp>,
    ) -> Result<GrantTerms, Vec<GrantMistake>> {
        let mut mistakes = Vec::new();
        let to = self
            .to
            .filter(|to| offer.requesters().any(|hospital| hospital.id == *to));
        if to.is_none() {
            mistakes.push(GrantMistake::NoHospital);
        }
        let expires_at = self.expires_at(now, day_end);
        mistakes.extend(expires_at.as_ref().err().cloned());
        let records = match self.coverage(offer) {
            CoverageLine::Records(records) => {
                mistakes.extend(record_mistake(records.len()));
                records
            }
            CoverageLine::Scope | CoverageLine::Nothing => Vec::new(),
        };
        let (custodians, threshold) = (self.custodians(offer), self.threshold(offer));
        mistakes.extend(custodian_mistake(
            &custodians,
            threshold,
            offer.persona.hospital_id,
        ));
        match (to, expires_at) {
            (Some(to), Ok(expires_at)) if mistakes.is_empty() => Ok(GrantTerms {
                patient_id: offer.persona.patient_id,
                disease_id: offer.scope.disease_id,
                to,
                expires_at,
                records,
                purpose: self.purpose.clone(),
                custodians: custodians.into_iter().collect(),
                threshold: Some(threshold),
            }),
            _ => Err(mistakes),
        }
    }
}

const fn record_mistake(got: usize) -> Option<GrantMistake> {
    let max = limits::LISTED_RECORDS_MAX;
    match got {
        0 => Some(GrantMistake::NoRecord),
        got if got > max => Some(GrantMistake::TooManyRecords { got, max }),
        _ => None,
    }
}

/// The protocol's section 5: at least two must answer, unless the only custodian is the issuer.
fn custodian_mistake(
    custodians: &BTreeSet<HospitalId>,
    threshold: u32,
    issuer: HospitalId,
) -> Option<GrantMistake> {
    let (got, max) = (custodians.len(), limits::CUSTODIANS_MAX);
    let is_issuer_alone = got == 1 && custodians.contains(&issuer);
    match got {
        0 => Some(GrantMistake::NoCustodian),
        got if got > max => Some(GrantMistake::TooManyCustodians { got, max }),
        got if got < threshold as usize => Some(GrantMistake::TooFewCustodians { got, threshold }),
        _ if threshold < 2 && !is_issuer_alone => Some(GrantMistake::OneCouldAnswerAlone),
        _ => None,
    }
}

impl<'o> Offer<'o> {
    /// The hospitals that may be let in: enrolled now, and not the one that issued the records.
    pub(crate) fn requesters(&self) -> impl Iterator<Item = &'o HospitalLine> + use<'o> {
        let issuer = self.persona.hospital_id;
        let hospitals = self.hospitals.iter();
        hospitals.filter(move |hospital| hospital.is_active && hospital.id != issuer)
    }

    /// The hospitals that may hold parts of the key, the issuer first: enrolled now, and not the
    /// one that is let in.
    pub(crate) fn custodians(
        &self,
        to: Option<HospitalId>,
    ) -> impl Iterator<Item = &'o HospitalLine> + use<'o> {
        let issuer = self.persona.hospital_id;
        let all = self.hospitals;
        let first = all.iter().filter(move |hospital| hospital.id == issuer);
        let others = all.iter().filter(move |hospital| hospital.id != issuer);
        let all = first.chain(others);
        all.filter(move |hospital| hospital.is_active && Some(hospital.id) != to)
    }

    /// The records of the scope that a grant can name, newest first.
    pub(crate) fn records(&self) -> impl Iterator<Item = Txid> + use<'o> {
        let disease_id = self.scope.disease_id;
        let records = self.persona.records.iter();
        records
            .filter(move |record| record.disease_id == disease_id && record.index.is_some())
            .map(|record| record.txid)
    }
}

impl Reducible for GrantForm {
    type Action = Edit;

    fn reduce(self: Rc<Self>, edit: Edit) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match edit {
            Edit::To(to) => form.to = to,
            Edit::Until(until) => form.until = until,
            Edit::Day(day) => form.day = day,
            Edit::What(what) => form.what = what,
            Edit::Record(txid, true) => {
                form.chosen.insert(txid);
            }
            Edit::Record(txid, false) => {
                form.chosen.remove(&txid);
            }
            Edit::Purpose(purpose) => form.purpose = purpose,
            Edit::Custodians(custodians) => form.custodians = Some(custodians),
            Edit::Threshold(threshold) => form.threshold = Some(threshold),
        }
        Rc::new(form)
    }
}

#[cfg(test)]
mod tests;
