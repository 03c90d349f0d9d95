//! The visit card: what a patient shows a hospital so that it can issue records to them.

use std::str::FromStr as _;

use keepwell_keys::HospitalId;
use wasm_bindgen_futures::spawn_local;
use yew::{AttrValue, Callback, Html, component, html, use_state_eq};

use super::parts::{job_failure, on_submit, use_text};
use crate::{
    components::{
        Button, ButtonKind, CardPanel, Choice, ChoiceOption, CopyText, Field, PageHeading, Qr,
        Select, When,
    },
    ports::{clipboard, dates},
    state::{use_desk, use_job},
    talk::{Outcome, PatientVerb, Verb},
};

const GENERAL: &str = "general";
const NEW: &str = "new";

#[component]
pub(crate) fn Card() -> Html {
    let desk = use_desk();
    let job = use_job();
    let known = desk.state.known().cloned();
    let chosen = use_state_eq(|| None::<String>);
    let scope = use_state_eq(|| AttrValue::from(GENERAL));
    let (label, on_label) = use_text();
    let hospitals: Vec<_> = known
        .iter()
        .flat_map(|known| &known.hospitals)
        .filter(|hospital| hospital.is_active)
        .map(|hospital| (hospital.id.to_string().into(), hospital.name.clone().into()))
        .collect();
    let home = known.as_ref().and_then(|known| known.home);
    let hospital = (*chosen).clone().or_else(|| home.map(|id| id.to_string()));
    let hospital = hospital.unwrap_or_default();
    let on_hospital = {
        let (chosen, clear) = (chosen.setter(), job.clear.clone());
        Callback::from(move |id| {
            chosen.set(Some(id));
            clear.emit(());
        })
    };
    let on_scope = {
        let (scope, clear) = (scope.setter(), job.clear.clone());
        Callback::from(move |value| {
            scope.set(value);
            clear.emit(());
        })
    };
    let is_new = *scope == NEW;
    let make = {
        let (run, hospital, label) = (job.run.clone(), hospital.clone(), label.clone());
        on_submit(move || {
            if let Ok(hospital_id) = HospitalId::from_str(&hospital) {
                let new_scope = is_new.then(|| label.trim().to_owned());
                run.emit(Verb::Patient(PatientVerb::MakeCard {
                    hospital_id,
                    new_scope,
                }));
            }
        })
    };
    let options = vec![
        ChoiceOption {
            value: GENERAL.into(),
            label: "Everything at this hospital".into(),
            explanation: Some(
                "The usual choice: one set of records that you share together.".into(),
            ),
        },
        ChoiceOption {
            value: NEW.into(),
            label: "A set of its own".into(),
            explanation: Some(
                "For one illness or visit that you may want to share apart, or not at all.".into(),
            ),
        },
    ];
    let is_ready = !hospital.is_empty() && (!is_new || !label.trim().is_empty());
    html! {
        <>
            <PageHeading
                title="Visit card"
                lead="Show it at the desk, or send its text. It lets that one hospital issue records to \
                      you; it opens nothing."
            />
            <form class="stack" onsubmit={make}>
                <Select
                    id="card-hospital"
                    label="For which hospital?"
                    options={hospitals}
                    value={hospital}
                    onchange={on_hospital}
                />
                <Choice
                    name="card-scope"
                    legend="Where do its records go?"
                    {options}
                    value={(*scope).clone()}
                    onchange={on_scope}
                />
                if is_new {
                    <Field
                        id="card-label"
                        label="What do you call this set?"
                        hint="Only you see this name."
                        value={label}
                        oninput={on_label}
                    />
                }
                { job_failure(&job) }
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label="Make the card"
                        submit=true
                        busy={job.is_busy()}
                        disabled={!is_ready}
                    />
                </div>
            </form>
            if let Some(Outcome::Card { text, not_after }) = job.outcome() {
                <Shown text={text.clone()} not_after={not_after.0} />
            }
        </>
    }
}

#[derive(Clone, PartialEq, yew::Properties)]
struct ShownProps {
    text: String,
    not_after: u64,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    let copied = use_state_eq(|| false);
    let on_copy = {
        let copied = copied.setter();
        Callback::from(move |text: AttrValue| {
            let copied = copied.clone();
            spawn_local(async move { copied.set(clipboard::copy(&text).await) });
        })
    };
    html! {
        <CardPanel title="Your visit card">
            <Qr text={props.text.clone()} label="Visit card as a QR code" />
            <p>{ "Good until " }<When at={dates::moment(props.not_after)} />{ "." }</p>
            <CopyText
                id="card-text"
                label="Visit card as text"
                text={props.text.clone()}
                {on_copy}
                copied={*copied}
            />
        </CardPanel>
    }
}
