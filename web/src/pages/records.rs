//! The timeline: every record of every hospital, newest first, and how fresh what is shown is.

use keepwell_keys::HospitalId;
use yew::{Callback, Html, component, html};
use yew_router::components::Link;

use super::parts::{failure_notice, job_failure, size_words, state_badge};
use crate::{
    components::{
        Badge, BadgeKind, Busy, Button, ButtonKind, EmptyState, Notice, NoticeKind, PageHeading,
        When,
    },
    ports::dates,
    route::Route,
    state::{use_desk, use_job},
    talk::{FailureClass, History, KnownNetwork, PatientVerb, PersonaHistory, RecordLine, Verb},
};

#[component]
pub(crate) fn Records() -> Html {
    let desk = use_desk();
    let refreshing = use_job();
    let finding = use_job();
    let Some(known) = desk.state.known() else {
        return Html::default();
    };
    let refresh = {
        let run = refreshing.run.clone();
        Callback::from(move |_| run.emit(Verb::Refresh))
    };
    let find = {
        let run = finding.run.clone();
        Callback::from(move |_| run.emit(Verb::Patient(PatientVerb::FindRecords)))
    };
    html! {
        <>
            <PageHeading title="Records" />
            { match &desk.state.history {
                None => html! { <Busy label="Reading and checking your records" /> },
                Some(history) => html! {
                    <>
                        { troubles(history, known) }
                        { not_asked(history, known) }
                        { timeline(history, known) }
                    </>
                },
            } }
            { job_failure(&refreshing) }
            { job_failure(&finding) }
            <div class="button-row">
                <Button label="Look for news" busy={refreshing.is_busy()} onclick={refresh} />
                <Button
                    kind={ButtonKind::Quiet}
                    label="Look for my records at all hospitals"
                    busy={finding.is_busy()}
                    onclick={find}
                />
            </div>
        </>
    }
}

/// The hospitals that may know the patient without this page knowing.
pub(super) fn not_asked(history: &History, known: &KnownNetwork) -> Html {
    let names: Vec<String> = history
        .not_asked
        .iter()
        .map(|id| known.name_of(id))
        .collect();
    if names.is_empty() {
        return Html::default();
    }
    html! {
        <Notice kind={NoticeKind::Warn} title="Some hospitals could not be asked.">
            <p>
                { format!("Whether {} has records of yours is not known. Look for them again later.", names.join(", ")) }
            </p>
        </Notice>
    }
}

fn timeline(history: &History, known: &KnownNetwork) -> Html {
    let mut lines: Vec<(&PersonaHistory, &RecordLine)> = history
        .personas
        .iter()
        .flat_map(|persona| persona.records.iter().map(move |record| (persona, record)))
        .collect();
    lines.sort_by_key(|(_, record)| std::cmp::Reverse(record.issued_at));
    if lines.is_empty() {
        let is_checked = history
            .personas
            .iter()
            .all(|persona| persona.standing.verified_at.is_some());
        if !is_checked {
            return Html::default();
        }
        return html! {
            <EmptyState title="No records yet">
                <p>
                    { "Show a hospital your " }
                    <Link<Route> to={Route::Card}>{ "visit card" }</Link<Route>>
                    { ", and its records for you appear here." }
                </p>
            </EmptyState>
        };
    }
    html! {
        <ol class="timeline" aria-label="Records, newest first">
            { for lines.into_iter().map(|(persona, record)| line(persona, record, known)) }
        </ol>
    }
}

fn line(persona: &PersonaHistory, record: &RecordLine, known: &KnownNetwork) -> Html {
    let hospital = known.name_of(&persona.hospital_id);
    let to = Route::Record {
        patient_id: persona.patient_id.to_string(),
        txid: record.txid.to_string(),
    };
    let (title, code) = match &record.summary {
        Some(summary) => (summary.title.clone(), summary.code.clone()),
        None => (
            String::from("A record whose description does not open"),
            String::new(),
        ),
    };
    let scope = persona
        .scopes
        .iter()
        .find(|scope| scope.disease_id == record.disease_id);
    let label = scope
        .map(|scope| scope.label.clone())
        .filter(|label| !label.is_empty());
    html! {
        <li class="timeline-entry" key={record.txid.to_string()}>
            <div class="timeline-title">
                if record.index.is_some() {
                    <Link<Route> {to}>{ title }</Link<Route>>
                } else {
                    <span>{ title }</span>
                }
                { state_badge(record.state) }
                if record.superseded_by.is_some() {
                    <Badge kind={BadgeKind::Warn} label="Corrected since" />
                }
                if record.supersedes.is_some() {
                    <Badge kind={BadgeKind::Neutral} label="A correction" />
                }
            </div>
            <div class="soft">
                { hospital }
                { " · " }<When at={dates::moment(record.issued_at.0)} />
                if !code.is_empty() { { " · code " }{ code } }
                if let Some(label) = label { { " · " }{ label } }
                { " · " }{ size_words(record.size_bytes) }
            </div>
        </li>
    }
}

/// What is wrong with hospitals' answers. Only what is wrong is drawn: a component that draws nothing
/// would hold the place of what comes after it.
pub(super) fn troubles(history: &History, known: &KnownNetwork) -> Html {
    let personas = history.personas.iter();
    let in_trouble = personas.filter(|persona| persona.standing.trouble.is_some());
    let trouble = |persona: &PersonaHistory| {
        html! {
            <Trouble
                key={persona.patient_id.to_string()}
                persona={persona.clone()}
                name={known.name_of(&persona.hospital_id)}
            />
        }
    };
    in_trouble.map(trouble).collect()
}

#[derive(Clone, PartialEq, yew::Properties)]
struct TroubleProps {
    /// Whom it is about.
    pub(super) persona: PersonaHistory,
    /// What the hospital is called.
    pub(super) name: String,
}

/// What is wrong with a hospital's answers, and what the patient can do.
#[component]
fn Trouble(props: &TroubleProps) -> Html {
    let elsewhere = use_job();
    let standing = &props.persona.standing;
    let ask = {
        let (run, hospital_id): (_, HospitalId) =
            (elsewhere.run.clone(), props.persona.hospital_id);
        Callback::from(move |_| {
            run.emit(Verb::Patient(PatientVerb::AskElsewhere { hospital_id }));
        })
    };
    let Some(failure) = &standing.trouble else {
        return Html::default();
    };
    let is_out = matches!(
        failure.class,
        FailureClass::Unreachable | FailureClass::TimedOut
    );
    let as_of = standing.verified_at.map(|time| dates::moment(time.0));
    if !is_out {
        return html! {
            <>
                { failure_notice(failure, None) }
                <p class="soft">{ "What is shown below was checked before, and has not changed." }</p>
            </>
        };
    }
    html! {
        <Notice
            kind={NoticeKind::Warn}
            title={format!("{} cannot be reached.", props.name)}
            action={(!standing.is_elsewhere).then(|| html! {
                <Button
                    label="Ask this page's hospital instead"
                    busy={elsewhere.is_busy()}
                    onclick={ask}
                />
            })}
        >
            <p>
                { match as_of {
                    Some(at) => html! { <>{ "Its records are shown as of " }<When {at} />{ "." }</> },
                    None => html! { { "Its records appear once it answers." } },
                } }
            </p>
            if !standing.is_elsewhere {
                <p>
                    { "Another hospital has the same records list. But if you ask there, it may notice \
                       that the patient known here and the one known there are the same person." }
                </p>
            }
            { job_failure(&elsewhere) }
        </Notice>
    }
}
