//! One record that was granted: its key, once custodians have answered, and then the record itself.

use std::str::FromStr as _;

use keepwell_keys::PatientId;
use keepwell_ledger::transaction::{DiseaseId, Txid};
use yew::{Callback, Html, Properties, component, html, use_effect_with};
use yew_router::components::Link;

use super::parts::{numbered, progress};
use crate::{
    components::{Busy, Button, ButtonKind, DataList, EmptyState, Identifier, PageHeading, When},
    pages::{
        parts::{failure_notice, job_failure, size_words, state_badge},
        record::Opened,
    },
    ports::{clock, dates},
    route::Route,
    state::{JobState, KeyStatus, use_desk, use_job},
    talk::{Outcome, StaffRecordLine, StaffScopeLine, StaffVerb, StaffView, Verb},
};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct GrantedRecordProps {
    pub(crate) patient_id: String,
    pub(crate) disease_id: String,
    pub(crate) txid: String,
}

/// A record by what names it.
type Name = (PatientId, DiseaseId, Txid);

#[component]
pub(crate) fn GrantedRecord(props: &GrantedRecordProps) -> Html {
    let desk = use_desk();
    let view = desk.state.staff.as_ref();
    let found = named(props).and_then(|name| Some((name, find(view?, &name)?)));
    let Some((name, (scope, record))) = found else {
        return html! {
            if view.is_none() {
                <Busy label="Reading and checking what concerns your hospital" />
            } else {
                <EmptyState title="This record is not granted to us">
                    <p>{ "The grant has ended, was revoked, or never was." }</p>
                    <p><Link<Route> to={Route::Granted}>{ "Go to what is granted" }</Link<Route>></p>
                </EmptyState>
            }
        };
    };
    let known = desk.state.known();
    let issuer = known.map(|known| known.name_of(&scope.service_provider_id));
    html! {
        <>
            <p><Link<Route> to={Route::Granted}>{ "All that is granted" }</Link<Route>></p>
            <GrantedFile
                {name}
                issuer={issuer.unwrap_or_default()}
                record={record.clone()}
                status={KeyStatus::of(record.request.as_ref(), clock::now())}
            />
        </>
    }
}

fn named(props: &GrantedRecordProps) -> Option<Name> {
    Some((
        PatientId::from_str(&props.patient_id).ok()?,
        DiseaseId::from_str(&props.disease_id).ok()?,
        Txid::from_str(&props.txid).ok()?,
    ))
}

fn find<'v>(
    view: &'v StaffView,
    (patient_id, disease_id, txid): &Name,
) -> Option<(&'v StaffScopeLine, &'v StaffRecordLine)> {
    let mut scopes = view.granted.iter();
    let scope =
        scopes.find(|scope| scope.patient_id == *patient_id && scope.disease_id == *disease_id)?;
    let record = scope.records.iter().find(|record| record.txid == *txid)?;
    Some((scope, record))
}

#[derive(Clone, PartialEq, Properties)]
struct GrantedFileProps {
    name: Name,
    issuer: String,
    record: StaffRecordLine,
    status: KeyStatus,
}

#[component]
fn GrantedFile(props: &GrantedFileProps) -> Html {
    let (opening, asking) = (use_job(), use_job());
    let (patient_id, disease_id, txid) = props.name;
    let open = {
        let run = opening.run.clone();
        Callback::from(move |()| {
            run.emit(Verb::Staff(StaffVerb::OpenRecord {
                patient_id,
                disease_id,
                txid,
            }));
        })
    };
    let request = {
        let run = asking.run.clone();
        Callback::from(move |()| {
            run.emit(Verb::Staff(StaffVerb::Request {
                patient_id,
                disease_id,
                records: vec![txid],
            }));
        })
    };
    {
        let open = open.clone();
        let can_open = props.status.can_open();
        use_effect_with((props.name, can_open), move |(_, can_open)| {
            if *can_open {
                open.emit(());
            }
        });
    }
    let title = match opening.outcome() {
        Some(Outcome::Opened(file)) => file.summary.as_ref().map(|summary| summary.title.clone()),
        _ => None,
    };
    html! {
        <>
            <PageHeading title={title.unwrap_or_else(|| numbered(props.record.index))} />
            { facts(props) }
            if !props.status.can_open() {
                { job_failure(&asking) }
                { progress(&asking) }
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label="Request the key"
                        busy={asking.is_busy()}
                        onclick={request.reform(|_| ())}
                    />
                </div>
            }
            { match &opening.state {
                Some(JobState::Busy(_)) => progress(&opening),
                Some(JobState::Failed(failure)) => failure_notice(failure, Some(open)),
                Some(JobState::Done(Outcome::Opened(file))) => html! {
                    <Opened file={file.clone()} />
                },
                Some(JobState::Done(_)) | None => Html::default(),
            } }
        </>
    }
}

fn facts(props: &GrantedFileProps) -> Html {
    let record = &props.record;
    let (patient_id, _, _) = props.name;
    let entries = vec![
        (
            "Patient".into(),
            html! { <Identifier value={patient_id.to_string()} /> },
        ),
        ("Issued by".into(), html! { { props.issuer.clone() } }),
        (
            "Issued at".into(),
            html! { <When at={dates::moment(record.issued_at.0)} /> },
        ),
        ("State".into(), state_badge(record.state)),
        ("Size".into(), html! { { size_words(record.size_bytes) } }),
        ("Key".into(), html! { { props.status.words() } }),
    ];
    html! { <DataList {entries} /> }
}
