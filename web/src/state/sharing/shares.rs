//! Who may open a scope, sorted for a person to look over.

use std::str::FromStr as _;

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::transaction::{DiseaseId, Txid};
use keepwell_primitives::Timestamp;

use crate::talk::{GrantLine, History, PersonaHistory, ScopeLine};

/// The grants of a scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shares<'s> {
    /// Those that open it now.
    pub(crate) live: Vec<&'s GrantLine>,
    /// Those that were taken back, or whose time is over.
    pub(crate) ended: Vec<&'s GrantLine>,
}

/// When a grant ends, or how it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantEnd {
    /// When the patient revokes it.
    WhenRevoked,
    /// Then.
    At(Timestamp),
    /// It was over then.
    Expired(Timestamp),
    /// The patient took it back.
    Revoked,
}

impl<'s> Shares<'s> {
    /// Sorted at this time.
    pub(crate) fn of(scope: &'s ScopeLine, now: Timestamp) -> Self {
        let (live, ended) = scope
            .grants
            .iter()
            .partition(|grant| end_of(grant, now).is_live());
        Self { live, ended }
    }
}

impl GrantEnd {
    /// Whether the grant opens anything now.
    pub(crate) const fn is_live(self) -> bool {
        matches!(self, Self::WhenRevoked | Self::At(_))
    }
}

/// When a grant ends, seen from now. It is live while its end is later than now: the protocol's
/// section 5.
pub(crate) fn end_of(grant: &GrantLine, now: Timestamp) -> GrantEnd {
    match grant.expires_at {
        None => GrantEnd::Revoked,
        Some(Timestamp::MAX) => GrantEnd::WhenRevoked,
        Some(end) if end > now => GrantEnd::At(end),
        Some(end) => GrantEnd::Expired(end),
    }
}

/// What a hospital may open of a scope now, if anything.
pub(crate) fn live_grant(
    scope: &ScopeLine,
    hospital_id: HospitalId,
    now: Timestamp,
) -> Option<&GrantLine> {
    let mut grants = scope.grants.iter();
    grants.find(|grant| grant.hospital_id == hospital_id && end_of(grant, now).is_live())
}

/// The scope that an address names.
pub(crate) fn find_scope<'h>(
    history: &'h History,
    patient_id: &str,
    disease_id: &str,
) -> Option<(&'h PersonaHistory, &'h ScopeLine)> {
    let patient_id = PatientId::from_str(patient_id).ok()?;
    let disease_id = DiseaseId::from_str(disease_id).ok()?;
    let mut personas = history.personas.iter();
    let persona = personas.find(|persona| persona.patient_id == patient_id)?;
    let mut scopes = persona.scopes.iter();
    let scope = scopes.find(|scope| scope.disease_id == disease_id)?;
    Some((persona, scope))
}

/// What a scope is called, at the hospital of this name.
pub(crate) fn scope_name(scope: &ScopeLine, hospital: &str) -> String {
    if scope.label.is_empty() {
        format!("Everything at {hospital}")
    } else {
        scope.label.clone()
    }
}

/// What a record is called.
pub(crate) fn title_of(persona: &PersonaHistory, txid: &Txid) -> String {
    let mut records = persona.records.iter();
    let record = records.find(|record| record.txid == *txid);
    record
        .and_then(|record| record.summary.as_ref())
        .map_or_else(
            || String::from("A record whose description does not open"),
            |summary| summary.title.clone(),
        )
}

#[cfg(test)]
pub(super) mod tests {
    use keepwell_primitives::Hash;
    use keepwell_wire::api::TransactionState;

    use super::*;
    use crate::talk::CoverageLine;

    pub(in crate::state) fn hospital(number: u8) -> HospitalId {
        HospitalId::from_bytes([number; 32])
    }

    pub(in crate::state) fn granted(to: u8, expires_at: Option<Timestamp>) -> GrantLine {
        GrantLine {
            hospital_id: hospital(to),
            expires_at,
            coverage: CoverageLine::Scope,
            purpose: String::from("TREAT"),
            custodians: vec![hospital(0), hospital(8), hospital(9)],
            threshold: 2,
            was_served: false,
            state: TransactionState::Final,
        }
    }

    pub(in crate::state) fn scope(label: &str, grants: Vec<GrantLine>) -> ScopeLine {
        ScopeLine {
            disease_id: DiseaseId(Hash([7; 32])),
            label: String::from(label),
            is_open: true,
            grants,
        }
    }

    #[test]
    fn what_was_revoked_or_is_over_has_ended() {
        let now = Timestamp(1_000);
        let scope = scope(
            "",
            vec![
                granted(1, None),
                granted(2, Some(Timestamp::MAX)),
                granted(3, Some(Timestamp(1_000))),
                granted(4, Some(Timestamp(1_001))),
            ],
        );
        let Shares { live, ended } = Shares::of(&scope, now);
        let who = |grants: &[&GrantLine]| -> Vec<HospitalId> {
            grants.iter().map(|grant| grant.hospital_id).collect()
        };
        assert_eq!(who(&live), [hospital(2), hospital(4)]);
        assert_eq!(who(&ended), [hospital(1), hospital(3)]);
        assert_eq!(live_grant(&scope, hospital(3), now), None);
        assert_eq!(live_grant(&scope, hospital(4), now), Some(&scope.grants[3]));
    }

    #[test]
    fn an_end_is_told_by_how_it_comes_about() {
        let now = Timestamp(1_000);
        let end = |expires_at| end_of(&granted(1, expires_at), now);
        assert_eq!(end(Some(Timestamp::MAX)), GrantEnd::WhenRevoked);
        assert_eq!(end(Some(Timestamp(2))), GrantEnd::Expired(Timestamp(2)));
        assert_eq!(end(None), GrantEnd::Revoked);
    }

    #[test]
    fn the_general_scope_is_called_by_its_hospital() {
        assert_eq!(
            scope_name(&scope("", vec![]), "Alder"),
            "Everything at Alder"
        );
        assert_eq!(scope_name(&scope("Knee", vec![]), "Alder"), "Knee");
    }
}
