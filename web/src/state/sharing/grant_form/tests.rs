use keepwell_keys::PatientId;
use keepwell_ledger::transaction::DiseaseId;
use keepwell_primitives::Hash;
use keepwell_wire::api::TransactionState;

use super::*;
use crate::{
    state::sharing::shares::tests::{granted, hospital, scope},
    talk::{RecordLine, Standing},
};

const NOW: Timestamp = Timestamp(1_000_000);

fn record(number: u8) -> RecordLine {
    RecordLine {
        txid: txid(number),
        index: Some(u32::from(number)),
        disease_id: DiseaseId(Hash([7; 32])),
        summary: None,
        size_bytes: 1,
        issued_at: Timestamp(u64::from(number)),
        state: TransactionState::Final,
        supersedes: None,
        superseded_by: None,
    }
}

fn txid(number: u8) -> Txid {
    Txid(Hash([number; 32]))
}

/// Hospital 0 has issued records 1 and 2 into the scope; 0 to 4 are enrolled, 5 was.
struct World {
    persona: PersonaHistory,
    scope: ScopeLine,
    hospitals: Vec<HospitalLine>,
}

impl World {
    fn new() -> Self {
        let line = |number: u8| HospitalLine {
            id: hospital(number),
            name: format!("Hospital {number}"),
            relay: None,
            is_active: number < 5,
        };
        let elsewhere = RecordLine {
            disease_id: DiseaseId(Hash([8; 32])),
            ..record(3)
        };
        let pending = RecordLine {
            index: None,
            ..record(4)
        };
        Self {
            persona: PersonaHistory {
                hospital_id: hospital(0),
                patient_id: PatientId::from_bytes([1; 32]),
                standing: Standing {
                    relay: String::new(),
                    verified_at: None,
                    trouble: None,
                    is_elsewhere: false,
                },
                records: vec![pending, elsewhere, record(2), record(1)],
                scopes: Vec::new(),
                events: Vec::new(),
            },
            scope: scope("", vec![]),
            hospitals: (0..6).map(line).collect(),
        }
    }

    fn offer(&self) -> Offer<'_> {
        Offer {
            persona: &self.persona,
            scope: &self.scope,
            hospitals: &self.hospitals,
        }
    }

    fn terms(&self, form: &GrantForm) -> Result<GrantTerms, Vec<GrantMistake>> {
        form.terms(&self.offer(), NOW, None)
    }
}

fn filled(edits: impl IntoIterator<Item = Edit>) -> GrantForm {
    let start = Rc::new(GrantForm::new());
    let form = edits.into_iter().fold(start, GrantForm::reduce);
    Rc::unwrap_or_clone(form)
}

fn to(number: u8) -> Edit {
    Edit::To(Some(hospital(number)))
}

fn custodians(numbers: &[u8]) -> Edit {
    Edit::Custodians(numbers.iter().copied().map(hospital).collect())
}

#[test]
fn only_a_hospital_needs_to_be_chosen() {
    let world = World::new();
    assert_eq!(
        world.terms(&GrantForm::new()),
        Err(vec![GrantMistake::NoHospital])
    );
    let terms = world.terms(&filled([to(1)])).expect("it is complete");
    assert_eq!(terms.to, hospital(1));
    assert_eq!(terms.records, []);
    assert_eq!(terms.purpose, "TREAT");
    assert_eq!(terms.expires_at, Timestamp(1_000_000 + 30 * 86_400_000));
    assert_eq!(terms.custodians, [hospital(0), hospital(2), hospital(3)]);
    assert_eq!(terms.threshold, Some(2));
}

#[test]
fn hospitals_that_cannot_be_let_in_are_not_offered() {
    let world = World::new();
    let offer = world.offer();
    let offered = offer.requesters().map(|hospital| hospital.id);
    assert_eq!(
        offered.collect::<Vec<_>>(),
        (1..5).map(hospital).collect::<Vec<_>>()
    );
    for nobody in [0, 5, 6] {
        let refused = world.terms(&filled([to(nobody)]));
        assert_eq!(refused, Err(vec![GrantMistake::NoHospital]));
    }
}

#[test]
fn the_hospital_that_is_let_in_never_holds_a_part() {
    let world = World::new();
    let form = filled([custodians(&[0, 1, 2, 3]), to(2)]);
    let terms = world.terms(&form).expect("three are left");
    assert_eq!(terms.custodians, [hospital(0), hospital(1), hospital(3)]);
    // Chosen again, it is ticked again.
    let form = Rc::unwrap_or_clone(Rc::new(form).reduce(to(4)));
    assert_eq!(form.custodians(&world.offer()).len(), 4);
}

#[test]
fn a_grant_ends_at_the_end_of_its_day() {
    let world = World::new();
    let form = filled([to(1), Edit::Until(Until::Day)]);
    let ends = |day_end| {
        let terms = form.terms(&world.offer(), NOW, day_end);
        terms.map(|terms| terms.expires_at)
    };
    assert_eq!(ends(None), Err(vec![GrantMistake::NoDay]));
    assert_eq!(ends(Some(NOW)), Err(vec![GrantMistake::DayIsOver]));
    let later = Timestamp(NOW.0 + 1);
    assert_eq!(ends(Some(later)), Ok(later));
    let form = filled([to(1), Edit::Until(Until::Revoked)]);
    let terms = world.terms(&form).expect("it is complete");
    assert_eq!(terms.expires_at, Timestamp::MAX);
}

#[test]
fn chosen_records_are_those_of_the_scope_that_are_recorded() {
    let world = World::new();
    let mut edits = vec![to(1), Edit::What(What::Chosen)];
    assert_eq!(
        world.terms(&filled(edits.clone())),
        Err(vec![GrantMistake::NoRecord])
    );
    edits.extend((1..=4).map(|number| Edit::Record(txid(number), true)));
    edits.push(Edit::Record(txid(2), false));
    let terms = world.terms(&filled(edits)).expect("one is left");
    assert_eq!(terms.records, [txid(1)]);
}

#[test]
fn a_list_has_a_length_that_a_grant_can_hold() {
    let mut world = World::new();
    let max = u8::try_from(limits::LISTED_RECORDS_MAX).expect("it is small");
    world.persona.records = (0..=max).map(record).collect();
    let mut edits = vec![to(1), Edit::What(What::Chosen)];
    edits.extend((0..=max).map(|number| Edit::Record(txid(number), true)));
    let refused = world.terms(&filled(edits));
    let too_many = GrantMistake::TooManyRecords {
        got: limits::LISTED_RECORDS_MAX + 1,
        max: limits::LISTED_RECORDS_MAX,
    };
    assert_eq!(refused, Err(vec![too_many]));
}

#[test]
fn no_single_custodian_but_the_issuer_can_hand_out_the_key() {
    let world = World::new();
    let mistake = |chosen: &[u8], threshold: Option<u32>| {
        let edits = [to(1), custodians(chosen)];
        let edits = edits.into_iter().chain(threshold.map(Edit::Threshold));
        world.terms(&filled(edits)).err()
    };
    assert_eq!(mistake(&[], None), Some(vec![GrantMistake::NoCustodian]));
    assert_eq!(mistake(&[0], None), None);
    assert_eq!(
        mistake(&[2], None),
        Some(vec![GrantMistake::OneCouldAnswerAlone])
    );
    assert_eq!(
        mistake(&[0, 2], Some(1)),
        Some(vec![GrantMistake::OneCouldAnswerAlone])
    );
    let too_few = GrantMistake::TooFewCustodians {
        got: 2,
        threshold: 3,
    };
    assert_eq!(mistake(&[0, 2], Some(3)), Some(vec![too_few]));
}

#[test]
fn every_mistake_is_told_at_once() {
    let world = World::new();
    let form = filled([
        Edit::Until(Until::Day),
        Edit::What(What::Chosen),
        custodians(&[]),
    ]);
    assert_eq!(
        world.terms(&form),
        Err(vec![
            GrantMistake::NoHospital,
            GrantMistake::NoDay,
            GrantMistake::NoRecord,
            GrantMistake::NoCustodian,
        ])
    );
}

#[test]
fn a_change_starts_with_what_is_granted_now() {
    let world = World::new();
    let old = GrantLine {
        coverage: CoverageLine::Records(vec![txid(2)]),
        custodians: vec![hospital(0), hospital(3), hospital(4)],
        purpose: String::from("HRESCH"),
        threshold: 3,
        ..granted(1, Some(Timestamp(NOW.0 + 5)))
    };
    let form = GrantForm::changing(&old, String::from("2026-01-31"));
    let end = Timestamp(NOW.0 + 7);
    let terms = form.terms(&world.offer(), NOW, Some(end));
    let terms = terms.expect("it was granted once");
    assert_eq!(terms.to, hospital(1));
    assert_eq!(terms.expires_at, end);
    assert_eq!(terms.records, [txid(2)]);
    assert_eq!(terms.custodians, old.custodians);
    assert_eq!(terms.purpose, "HRESCH");
    assert_eq!(terms.threshold, Some(3));
    let endless = granted(1, Some(Timestamp::MAX));
    let form = GrantForm::changing(&endless, String::new());
    assert_eq!(form.until, Until::Revoked);
}
