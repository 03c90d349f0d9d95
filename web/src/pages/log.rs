//! The log: everything that happened to the patient's records, newest first.

use std::str::FromStr as _;

use keepwell_keys::HospitalId;
use yew::{AttrValue, Callback, Html, component, html, use_state_eq};

use super::{
    parts::state_badge,
    records::{not_asked, troubles},
};
use crate::{
    components::{Busy, EmptyState, PageHeading, Select, When},
    ports::dates,
    state::{LogLine, checked_as_of, log, use_desk},
    talk::{History, KnownNetwork},
};

#[component]
pub(crate) fn Log() -> Html {
    let desk = use_desk();
    let only = use_state_eq(String::new);
    let Some(known) = desk.state.known() else {
        return Html::default();
    };
    let on_only = {
        let only = only.setter();
        Callback::from(move |id| only.set(id))
    };
    html! {
        <>
            <PageHeading
                title="Log"
                lead="Every record that was issued to you, whom you let open it, and who did."
            />
            { match &desk.state.history {
                None => html! { <Busy label="Reading and checking your records" /> },
                Some(history) => html! {
                    <>
                        { troubles(history, known) }
                        { not_asked(history, known) }
                        { completeness(history, known) }
                        <Select
                            id="log-hospital"
                            label="Show what this hospital had a part in"
                            options={hospitals(known)}
                            value={(*only).clone()}
                            onchange={on_only}
                        />
                        { lines(&log(history, known, HospitalId::from_str(&only).ok())) }
                    </>
                },
            } }
            { limits() }
        </>
    }
}

fn hospitals(known: &KnownNetwork) -> Vec<(AttrValue, AttrValue)> {
    let all = ("".into(), "All hospitals".into());
    let each = known
        .hospitals
        .iter()
        .map(|hospital| (hospital.id.to_string().into(), hospital.name.clone().into()));
    std::iter::once(all).chain(each).collect()
}

fn completeness(history: &History, known: &KnownNetwork) -> Html {
    let personas = history.personas.iter();
    let names: Vec<String> = personas
        .map(|persona| known.name_of(&persona.hospital_id))
        .collect();
    let names = names.join(", ");
    match checked_as_of(history) {
        Some(time) => html! {
            <p>
                { "Complete as of " }<When at={dates::moment(time.0)} />
                { format!(
                    ": this device has checked that nothing is missing of what the network has \
                     recorded about you at {names}.",
                ) }
            </p>
        },
        None if names.is_empty() => Html::default(),
        None => html! {
            <p>{ format!("Not all of {names} has been checked yet: lines may be missing.") }</p>
        },
    }
}

fn lines(lines: &[LogLine]) -> Html {
    if lines.is_empty() {
        return html! { <EmptyState title="Nothing has happened yet" /> };
    }
    html! {
        <ol class="timeline" aria-label="Log, newest first">
            { for lines.iter().map(|line| html! {
                <li class="timeline-entry">
                    <div class="timeline-title">
                        <span>{ &line.words }</span>
                        { state_badge(line.state) }
                    </div>
                    <div class="soft"><When at={dates::moment(line.time.0)} /></div>
                </li>
            }) }
        </ol>
    }
}

/// The protocol's section 8, "Limits, stated to users".
fn limits() -> Html {
    html! {
        <details class="more">
            <summary>{ "What Keepwell cannot hide, prevent or undo" }</summary>
            <ul>
                <li>
                    { "Every hospital of the network sees which hospital issued you a record, when, \
                       and roughly how large it is; whom you let open it, for what purpose, and who \
                       the custodians are. It sees neither what is in a record nor what it is \
                       called, and not who you are. But a hospital's name alone may hint at an \
                       illness." }
                </li>
                <li>
                    { "Each hospital knows you under another name. Times, internet addresses and \
                       downloads may still let somebody guess that two of these names are one \
                       person." }
                </li>
                <li>
                    { "If as many custodians as must answer work together with a hospital that you \
                       let in, behind everybody's back, they can open the whole set without a line \
                       here: its later records too, until you close it. No other set is touched." }
                </li>
                <li>
                    { "What a hospital has opened, it has. Revoking stops later keys, and later \
                       downloads from relays that keep to the rules." }
                </li>
                <li>
                    { "The program behind this page comes from the hospital whose address you \
                       opened: you rely on that hospital not to change it." }
                </li>
            </ul>
        </details>
    }
}
