//! What patients have granted this hospital: the scopes, their records, and the keys to ask for.

use keepwell_ledger::transaction::Txid;
use keepwell_primitives::Timestamp;
use yew::{Callback, Html, Properties, component, html};
use yew_router::components::Link;

use super::parts::{StaffPage, numbered, patient_name, progress, purpose_for_staff};
use crate::{
    components::{
        Badge, BadgeKind, Button, ButtonKind, CardPanel, DataList, EmptyState, Identifier, When,
    },
    pages::parts::{job_failure, size_words, state_badge},
    ports::{clock, dates},
    route::Route,
    state::{KeyStatus, can_ask, use_desk, use_job},
    talk::{StaffRecordLine, StaffScopeLine, StaffVerb, StaffView, Verb},
};

#[component]
pub(crate) fn Granted() -> Html {
    html! {
        <StaffPage
            title="Granted to us"
            lead="Every request for a key, and every answer, is in the patient's log."
            shown={Callback::from(|view: StaffView| scopes(&view))}
        />
    }
}

fn scopes(view: &StaffView) -> Html {
    if view.granted.is_empty() {
        return html! {
            if view.standing.verified_at.is_some() {
                <EmptyState title="Nothing is granted to us">
                    <p>
                        { "A patient grants access from their own page. What they grant appears here, \
                           and goes when the grant ends." }
                    </p>
                </EmptyState>
            }
        };
    }
    html! {
        <>
            { for view.granted.iter().map(|scope| html! {
                <GrantedScope key={scope.disease_id.to_string()} scope={scope.clone()} />
            }) }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct GrantedScopeProps {
    scope: StaffScopeLine,
}

#[component]
fn GrantedScope(props: &GrantedScopeProps) -> Html {
    let desk = use_desk();
    let asking = use_job();
    let scope = &props.scope;
    let now = clock::now();
    let request = {
        let (run, patient_id, disease_id) =
            (asking.run.clone(), scope.patient_id, scope.disease_id);
        Callback::from(move |records: Vec<Txid>| {
            run.emit(Verb::Staff(StaffVerb::Request {
                patient_id,
                disease_id,
                records,
            }));
        })
    };
    let is_free = can_ask(&scope.records, now);
    let wants_keys = scope
        .records
        .iter()
        .any(|record| !KeyStatus::of(record.request.as_ref(), now).can_open());
    let known = desk.state.known();
    let issuer = known.map(|known| known.name_of(&scope.service_provider_id));
    html! {
        <CardPanel title={patient_name(&scope.patient_id)}>
            <DataList entries={vec![
                ("Patient".into(), html! { <Identifier value={scope.patient_id.to_string()} /> }),
                ("Issued by".into(), html! { { issuer.unwrap_or_default() } }),
                ("Granted until".into(), until(scope.expires_at)),
                ("Granted for".into(), html! { { purpose_for_staff(&scope.purpose) } }),
            ]} />
            if scope.records.is_empty() {
                <p class="soft">{ "There is no record in it yet." }</p>
            }
            <ul class="timeline" aria-label="Records, newest first">
                { for scope.records.iter().map(|record| {
                    let ask = (is_free && scope.records.len() > 1).then(|| request.clone());
                    line(scope, record, now, ask, asking.is_busy())
                }) }
            </ul>
            { job_failure(&asking) }
            { progress(&asking) }
            if wants_keys && is_free {
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label="Request the keys"
                        busy={asking.is_busy()}
                        onclick={request.reform(|_| Vec::new())}
                    />
                </div>
            }
        </CardPanel>
    }
}

fn until(expires_at: Option<Timestamp>) -> Html {
    match expires_at {
        Some(Timestamp::MAX) | None => html! { { "Until the patient revokes it" } },
        Some(time) => html! { <When at={dates::moment(time.0)} /> },
    }
}

fn line(
    scope: &StaffScopeLine,
    record: &StaffRecordLine,
    now: Timestamp,
    ask: Option<Callback<Vec<Txid>>>,
    is_busy: bool,
) -> Html {
    let name = numbered(record.index);
    let status = KeyStatus::of(record.request.as_ref(), now);
    let to = Route::GrantedRecord {
        patient_id: scope.patient_id.to_string(),
        disease_id: scope.disease_id.to_string(),
        txid: record.txid.to_string(),
    };
    let is_corrected = scope
        .records
        .iter()
        .any(|other| other.supersedes == Some(record.txid));
    let ask = ask.filter(|_| !status.can_open()).map(|ask| {
        let txid = record.txid;
        html! {
            <Button
                label="Request"
                name={format!("Request the key of {name}")}
                busy={is_busy}
                onclick={ask.reform(move |_| vec![txid])}
            />
        }
    });
    html! {
        <li class="timeline-entry" key={record.txid.to_string()}>
            <div class="timeline-title">
                if status.can_open() {
                    <Link<Route> {to}>{ "Open " }{ name }</Link<Route>>
                } else {
                    <b>{ name }</b>
                }
                { state_badge(record.state) }
                if is_corrected {
                    <Badge kind={BadgeKind::Warn} label="Corrected since" />
                }
                if record.supersedes.is_some() {
                    <Badge label="A correction" />
                }
            </div>
            <div class="soft">
                <When at={dates::moment(record.issued_at.0)} />
                { " · " }{ size_words(record.size_bytes) }
            </div>
            <p>
                { status.words() }
                if let Some(request) = &record.request {
                    { " · asked " }<When at={dates::moment(request.time.0)} />
                }
            </p>
            { ask }
        </li>
    }
}
