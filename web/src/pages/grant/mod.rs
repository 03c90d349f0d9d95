//! Letting a hospital open a set of records: the form, what it changes, and what came of it.

mod comparison;
mod fields;
mod granted;
mod holders;

use std::str::FromStr as _;

use keepwell_client::Clock as _;
use keepwell_keys::HospitalId;
use yew::{Callback, Html, Properties, component, html, use_reducer_eq, use_state_eq};
use yew_router::components::Link;

use self::{
    comparison::comparison,
    fields::{purpose, until, what, which_hospital},
    granted::Granted,
    holders::holders,
};
use super::parts::{job_failure, on_submit};
use crate::{
    components::{
        Busy, Button, ButtonKind, EmptyState, Notice, NoticeKind, PageHeading, ProgressBar,
    },
    ports::{clock::DeviceClock, dates},
    route::Route,
    state::{
        GrantForm, GrantMistake, Offer, What, find_scope, live_grant, scope_name, use_desk, use_job,
    },
    talk::{KnownNetwork, Outcome, PatientVerb, PersonaHistory, ScopeLine, Verb},
};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct GrantProps {
    pub(crate) patient_id: String,
    pub(crate) disease_id: String,
    /// The hospital whose grant is to be changed.
    #[prop_or_default]
    pub(crate) to: Option<String>,
}

#[component]
pub(crate) fn Grant(props: &GrantProps) -> Html {
    let desk = use_desk();
    let Some(known) = desk.state.known() else {
        return Html::default();
    };
    let Some(history) = &desk.state.history else {
        return html! { <Busy label="Reading and checking your records" /> };
    };
    let found = find_scope(history, &props.patient_id, &props.disease_id);
    let Some((persona, scope)) = found else {
        return html! {
            <EmptyState title="There is no such set of records">
                <p><Link<Route> to={Route::Sharing}>{ "Go to sharing" }</Link<Route>></p>
            </EmptyState>
        };
    };
    let to = props.to.as_deref();
    let to = to.and_then(|to| HospitalId::from_str(to).ok());
    html! {
        <Form
            key={format!("{}-{}", scope.disease_id, props.to.clone().unwrap_or_default())}
            persona={persona.clone()}
            scope={scope.clone()}
            known={known.clone()}
            {to}
        />
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    persona: PersonaHistory,
    scope: ScopeLine,
    known: KnownNetwork,
    to: Option<HospitalId>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let FormProps {
        persona,
        scope,
        known,
        to,
    } = props;
    let now = DeviceClock.now();
    let job = use_job();
    let form = use_reducer_eq(|| {
        let old = to.and_then(|to| live_grant(scope, to, now));
        old.map_or_else(GrantForm::new, |old| {
            let day = old.expires_at.map(|end| dates::day_value(end.0));
            GrantForm::changing(old, day.unwrap_or_default())
        })
    });
    let was_tried = use_state_eq(|| false);
    let edit = {
        let dispatcher = form.dispatcher();
        Callback::from(move |edit| dispatcher.dispatch(edit))
    };
    let offer = Offer {
        persona,
        scope,
        hospitals: &known.hospitals,
    };
    let issuer = known.name_of(&persona.hospital_id);
    let name = scope_name(scope, &issuer);
    let hospital = form.to.map(|to| known.name_of(&to));
    if let Some(Outcome::Granted { ready, custodians }) = job.outcome() {
        return html! {
            <Granted
                hospital={hospital.unwrap_or_default()}
                scope={name}
                is_listed={form.what == What::Chosen}
                ready={ready.clone()}
                custodians={custodians.clone()}
                threshold={form.threshold(&offer)}
                known={known.clone()}
            />
        };
    }
    if offer.requesters().next().is_none() {
        return html! {
            <EmptyState title="There is no other hospital in this network">
                <p><Link<Route> to={Route::Sharing}>{ "Go to sharing" }</Link<Route>></p>
            </EmptyState>
        };
    }
    let day_end = dates::end_of_day(&form.day);
    let terms = form.terms(&offer, now, day_end);
    let old = form.to.and_then(|to| live_grant(scope, to, now));
    let send = {
        let (run, was_tried, terms) = (job.run.clone(), was_tried.setter(), terms.clone());
        on_submit(move || {
            was_tried.set(true);
            if let Ok(terms) = &terms {
                run.emit(Verb::Patient(PatientVerb::Grant(terms.clone())));
            }
        })
    };
    let send_label = match (&hospital, old) {
        (Some(hospital), None) => format!("Let {hospital} open it"),
        (Some(hospital), Some(_)) => format!("Replace what {hospital} may open"),
        (None, _) => String::from("Let this hospital open it"),
    };
    html! {
        <>
            <p><Link<Route> to={Route::Sharing}>{ "Back to sharing" }</Link<Route>></p>
            <PageHeading
                title="Let a hospital open records"
                lead={format!("From “{name}”, issued by {issuer}.")}
            />
            <form class="stack" novalidate=true onsubmit={send}>
                { which_hospital(&form, &offer, &edit) }
                { until(&form, &edit, now) }
                { what(&form, &offer, &edit, &issuer) }
                { purpose(&form, &edit) }
                { holders(&form, &offer, &edit) }
                if let Some(old) = old {
                    { comparison(&form, &offer, old, known, now) }
                }
                if let Some(mistakes) = terms.err().filter(|_| *was_tried) {
                    { mistakes_notice(&mistakes) }
                }
                if job.is_busy() {
                    <ProgressBar label="Recording…" done=0 all=0 />
                }
                { job_failure(&job) }
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label={send_label}
                        submit=true
                        busy={job.is_busy()}
                    />
                </div>
            </form>
        </>
    }
}

fn mistakes_notice(mistakes: &[GrantMistake]) -> Html {
    html! {
        <Notice kind={NoticeKind::Danger} title="This cannot be sent yet.">
            <ul>
                { for mistakes.iter().map(|mistake| html! { <li>{ mistake.to_string() }</li> }) }
            </ul>
        </Notice>
    }
}
