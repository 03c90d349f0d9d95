//! The log in words: what happened, told to the patient whom it happened to.

use std::cmp::Reverse;

use keepwell_keys::HospitalId;
use keepwell_ledger::state::EventKind;
use keepwell_primitives::Timestamp;
use keepwell_wire::api::TransactionState;

use super::{scope_name, title_of};
use crate::talk::{EventLine, History, KnownNetwork, PersonaHistory};

/// One line, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogLine {
    /// What happened.
    pub(crate) words: String,
    /// When.
    pub(crate) time: Timestamp,
    /// How far the network has taken it up.
    pub(crate) state: TransactionState,
}

/// Every line of every hospital's log, newest first; with `only`, those that this hospital has a
/// part in.
pub(crate) fn log(
    history: &History,
    known: &KnownNetwork,
    only: Option<HospitalId>,
) -> Vec<LogLine> {
    let lines = history.personas.iter().flat_map(|persona| {
        let events = persona.events.iter();
        let events = events.filter(move |event| only.is_none_or(|id| has_part(event, id)));
        events.map(move |event| LogLine {
            words: words(event, persona, known),
            time: event.time,
            state: event.state,
        })
    });
    let mut lines: Vec<LogLine> = lines.collect();
    // Stable: what one hospital's log has in one block stays in its order.
    lines.sort_by_key(|line| Reverse(line.time));
    lines
}

/// Since when the whole log is known to be complete: the oldest check of all hospitals' logs.
/// `None` while one of them was never checked.
pub(crate) fn checked_as_of(history: &History) -> Option<Timestamp> {
    let checks = history.personas.iter();
    let checks: Option<Vec<Timestamp>> =
        checks.map(|persona| persona.standing.verified_at).collect();
    checks?.into_iter().min()
}

fn has_part(event: &EventLine, hospital_id: HospitalId) -> bool {
    event.hospital_id == hospital_id || event.requester == Some(hospital_id)
}

fn words(event: &EventLine, persona: &PersonaHistory, known: &KnownNetwork) -> String {
    let who = known.name_of(&event.hospital_id);
    let requester = event.requester.map_or_else(
        || String::from("another hospital"),
        |requester| known.name_of(&requester),
    );
    let scope = scope_words(event, persona, known);
    let records = record_words(event, persona);
    let what = records.clone().unwrap_or_else(|| scope.clone());
    match event.kind {
        EventKind::Submitted => {
            let title = records.unwrap_or_else(|| String::from("of which nothing more is known"));
            format!("{who} issued a record: {title}")
        }
        EventKind::Granted => match records {
            Some(records) => format!("You let {who} open: {records}"),
            None => format!("You let {who} open all of {scope}, later records too"),
        },
        EventKind::Revoked if event.hospital_id == persona.hospital_id => {
            format!("You closed {scope}: later records go to a new set")
        }
        EventKind::Revoked => format!("You took back what {who} could open of {scope}"),
        EventKind::Requested => format!("{who} asked for the key of {what}"),
        EventKind::Served => {
            format!("{who} (custodian) gave {requester} its part of the key of {what}")
        }
        EventKind::Refused => {
            format!("{who} (custodian) refused {requester} its part of the key of {what}")
        }
    }
}

fn scope_words(event: &EventLine, persona: &PersonaHistory, known: &KnownNetwork) -> String {
    let hospital = known.name_of(&persona.hospital_id);
    let mut scopes = persona.scopes.iter();
    let scope = scopes.find(|scope| scope.disease_id == event.disease_id);
    let name = scope.map(|scope| scope_name(scope, &hospital));
    name.map_or_else(
        || format!("a set of {hospital}"),
        |name| format!("“{name}”"),
    )
}

/// The titles of what an event names; `None` where it is about the whole scope.
fn record_words(event: &EventLine, persona: &PersonaHistory) -> Option<String> {
    let titles = event.records.iter().map(|txid| title_of(persona, txid));
    let titles: Vec<String> = titles.collect();
    (!titles.is_empty()).then(|| titles.join(", "))
}

#[cfg(test)]
mod tests {
    use keepwell_keys::{GenesisHash, PatientId};
    use keepwell_ledger::transaction::{DiseaseId, Txid};
    use keepwell_primitives::Hash;
    use keepwell_seal::MediaType;

    use super::*;
    use crate::talk::{HospitalLine, RecordLine, ScopeLine, Standing, SummaryLine};

    const NAMES: [&str; 3] = ["Alder", "Birch", "Cedar"];
    const ALDER: u8 = 0;
    const BIRCH: u8 = 1;
    const CEDAR: u8 = 2;

    fn hospital(number: u8) -> HospitalId {
        HospitalId::from_bytes([number; 32])
    }

    fn known() -> KnownNetwork {
        let line = |(number, name): (u8, &&str)| HospitalLine {
            id: hospital(number),
            name: String::from(*name),
            relay: None,
            is_active: true,
        };
        KnownNetwork {
            genesis: GenesisHash(Hash([0; 32])),
            head: None,
            hospitals: (0..).zip(&NAMES).map(line).collect(),
            home: None,
        }
    }

    fn event(kind: EventKind, who: u8, requester: Option<u8>, has_record: bool) -> EventLine {
        EventLine {
            kind,
            hospital_id: hospital(who),
            requester: requester.map(hospital),
            disease_id: DiseaseId(Hash([7; 32])),
            records: has_record
                .then_some(Txid(Hash([1; 32])))
                .into_iter()
                .collect(),
            time: Timestamp(1),
            state: TransactionState::Final,
        }
    }

    fn history(events: Vec<EventLine>, verified_at: Option<u64>) -> PersonaHistory {
        let summary = SummaryLine {
            title: String::from("X-ray"),
            code_system: String::new(),
            code: String::new(),
            fhir_type: String::new(),
            media_type: MediaType::Png,
        };
        PersonaHistory {
            hospital_id: hospital(ALDER),
            patient_id: PatientId::from_bytes([9; 32]),
            standing: Standing {
                relay: String::new(),
                verified_at: verified_at.map(Timestamp),
                trouble: None,
                is_elsewhere: false,
            },
            records: vec![RecordLine {
                txid: Txid(Hash([1; 32])),
                index: Some(0),
                disease_id: DiseaseId(Hash([7; 32])),
                summary: Some(summary),
                size_bytes: 1,
                issued_at: Timestamp(1),
                state: TransactionState::Final,
                supersedes: None,
                superseded_by: None,
            }],
            scopes: vec![ScopeLine {
                disease_id: DiseaseId(Hash([7; 32])),
                label: String::from("Knee"),
                is_open: true,
                grants: Vec::new(),
            }],
            events,
        }
    }

    fn told(event: EventLine) -> String {
        let history = History {
            personas: vec![history(vec![event], None)],
            ..History::default()
        };
        let mut lines = log(&history, &known(), None);
        lines.remove(0).words
    }

    #[test]
    fn every_kind_of_event_is_a_sentence() {
        use EventKind::{Granted, Refused, Requested, Revoked, Served, Submitted};
        let cases = [
            (
                event(Submitted, ALDER, None, true),
                "Alder issued a record: X-ray",
            ),
            (
                event(Granted, BIRCH, None, true),
                "You let Birch open: X-ray",
            ),
            (
                event(Granted, BIRCH, None, false),
                "You let Birch open all of “Knee”, later records too",
            ),
            (
                event(Revoked, BIRCH, None, false),
                "You took back what Birch could open of “Knee”",
            ),
            (
                event(Revoked, ALDER, None, false),
                "You closed “Knee”: later records go to a new set",
            ),
            (
                event(Requested, BIRCH, Some(BIRCH), true),
                "Birch asked for the key of X-ray",
            ),
            (
                event(Served, CEDAR, Some(BIRCH), true),
                "Cedar (custodian) gave Birch its part of the key of X-ray",
            ),
            (
                event(Refused, CEDAR, Some(BIRCH), true),
                "Cedar (custodian) refused Birch its part of the key of X-ray",
            ),
        ];
        for (event, words) in cases {
            assert_eq!(told(event), words);
        }
    }

    #[test]
    fn a_scope_that_the_device_does_not_know_is_still_told_of() {
        let stray = EventLine {
            disease_id: DiseaseId(Hash([8; 32])),
            ..event(EventKind::Revoked, BIRCH, None, false)
        };
        assert_eq!(
            told(stray),
            "You took back what Birch could open of a set of Alder"
        );
    }

    #[test]
    fn newest_comes_first_over_all_hospitals() {
        let at = |time, who| EventLine {
            time: Timestamp(time),
            ..event(EventKind::Submitted, who, None, true)
        };
        let other = PersonaHistory {
            hospital_id: hospital(BIRCH),
            ..history(vec![at(4, BIRCH), at(2, BIRCH)], None)
        };
        let history = History {
            personas: vec![history(vec![at(5, ALDER), at(3, ALDER)], None), other],
            ..History::default()
        };
        let times = log(&history, &known(), None)
            .into_iter()
            .map(|line| line.time.0);
        assert_eq!(times.collect::<Vec<_>>(), [5, 4, 3, 2]);
    }

    #[test]
    fn a_hospital_has_a_part_in_what_it_did_and_in_what_was_done_for_it() {
        let events = vec![
            event(EventKind::Served, CEDAR, Some(BIRCH), true),
            event(EventKind::Submitted, ALDER, None, true),
        ];
        let history = History {
            personas: vec![history(events, None)],
            ..History::default()
        };
        let count = |who| log(&history, &known(), Some(hospital(who))).len();
        assert_eq!([ALDER, BIRCH, CEDAR].map(count), [1, 1, 1]);
        assert_eq!(count(3), 0);
    }

    #[test]
    fn the_log_is_complete_as_of_its_oldest_check() {
        let of = |checks: &[Option<u64>]| {
            let personas = checks.iter().map(|check| history(Vec::new(), *check));
            checked_as_of(&History {
                personas: personas.collect(),
                ..History::default()
            })
        };
        assert_eq!(of(&[Some(5), Some(3)]), Some(Timestamp(3)));
        assert_eq!(of(&[Some(5), None]), None);
        assert_eq!(of(&[]), None);
    }
}
