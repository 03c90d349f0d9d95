//! What is to be decided for every grant: who, until when, what, and why.

use std::str::FromStr as _;

use keepwell_keys::HospitalId;
use keepwell_primitives::{Milliseconds, Timestamp};
use yew::{AttrValue, Callback, Html, html};
use yew_router::components::Link;

use crate::{
    components::{Checkbox, Choice, ChoiceOption, Field, FieldKind, Notice, NoticeKind, Select},
    ports::dates,
    route::Route,
    state::{Edit, GrantForm, Offer, PURPOSES, Until, What, title_of},
    talk::RecordLine,
};

/// How long a grant lasts where no day is chosen.
const SPANS: [(Until, &str, &str); 5] = [
    (Until::Days(1), "1", "1 day"),
    (Until::Days(7), "7", "7 days"),
    (Until::Days(30), "30", "30 days"),
    (Until::Day, "day", "The end of a day that I choose"),
    (Until::Revoked, "revoked", "Until I revoke it"),
];

pub(super) fn which_hospital(form: &GrantForm, offer: &Offer<'_>, edit: &Callback<Edit>) -> Html {
    let options: Vec<(AttrValue, AttrValue)> = offer
        .requesters()
        .map(|hospital| (hospital.id.to_string().into(), hospital.name.clone().into()))
        .collect();
    html! {
        <Select
            id="grant-to"
            label="Which hospital may open it?"
            {options}
            value={form.to.map(|to| to.to_string()).unwrap_or_default()}
            onchange={edit.reform(|id: String| Edit::To(HospitalId::from_str(&id).ok()))}
        />
    }
}

pub(super) fn until(form: &GrantForm, edit: &Callback<Edit>, now: Timestamp) -> Html {
    let options: Vec<ChoiceOption> = SPANS
        .iter()
        .map(|(_, value, label)| ChoiceOption {
            value: (*value).into(),
            label: (*label).into(),
            explanation: None,
        })
        .collect();
    let chosen = SPANS.iter().find(|(until, ..)| *until == form.until);
    let choose = {
        let edit = edit.clone();
        Callback::from(move |value: AttrValue| {
            if let Some((until, ..)) = SPANS.iter().find(|(_, known, _)| value == *known) {
                edit.emit(Edit::Until(*until));
            }
        })
    };
    let tomorrow = dates::day_value((now + Milliseconds::DAY).0);
    html! {
        <>
            <Choice
                name="grant-until"
                legend="Until when?"
                {options}
                value={chosen.map(|(_, value, _)| *value).unwrap_or_default()}
                onchange={choose}
            />
            if form.until == Until::Day {
                <Field
                    id="grant-day"
                    label="The last day"
                    kind={FieldKind::Date}
                    min={tomorrow}
                    value={form.day.clone()}
                    oninput={edit.reform(Edit::Day)}
                />
            }
        </>
    }
}

pub(super) fn what(
    form: &GrantForm,
    offer: &Offer<'_>,
    edit: &Callback<Edit>,
    issuer: &str,
) -> Html {
    let options = vec![
        ChoiceOption {
            value: "scope".into(),
            label: "The whole set".into(),
            explanation: Some(format!("Later records of {issuer} too.").into()),
        },
        ChoiceOption {
            value: "chosen".into(),
            label: "Only records that I choose".into(),
            explanation: Some("Later records are not among them.".into()),
        },
    ];
    let is_chosen = form.what == What::Chosen;
    let choose = edit.reform(|value: AttrValue| {
        Edit::What(if value == "chosen" {
            What::Chosen
        } else {
            What::Scope
        })
    });
    html! {
        <>
            <Choice
                name="grant-what"
                legend="Which records?"
                {options}
                value={if is_chosen { "chosen" } else { "scope" }}
                onchange={choose}
            />
            if is_chosen {
                { records(form, offer, edit) }
                <Notice
                    kind={NoticeKind::Info}
                    title="A shorter list is kept by the custodians, not by the key."
                >
                    <p>
                        { "The key opens the whole set. The custodians answer only for the records \
                           that you tick, and you rely on them for that. What is sensitive is safer \
                           in a set of its own: show the hospital a " }
                        <Link<Route> to={Route::Card}>{ "visit card for a new set" }</Link<Route>>
                        { "." }
                    </p>
                </Notice>
            }
        </>
    }
}

fn records(form: &GrantForm, offer: &Offer<'_>, edit: &Callback<Edit>) -> Html {
    let persona = offer.persona;
    let line = |record: &RecordLine| {
        let txid = record.txid;
        let issued = dates::moment(record.issued_at.0).text;
        html! {
            <Checkbox
                key={txid.to_string()}
                id={format!("record-{txid}")}
                label={title_of(persona, &txid)}
                explanation={format!("Issued {issued}")}
                checked={form.chosen.contains(&txid)}
                onchange={edit.reform(move |is_ticked| Edit::Record(txid, is_ticked))}
            />
        }
    };
    let listed = persona
        .records
        .iter()
        .filter(|record| offer.records().any(|txid| txid == record.txid));
    html! {
        <fieldset class="choice">
            <legend>{ "The records" }</legend>
            { for listed.map(line) }
        </fieldset>
    }
}

pub(super) fn purpose(form: &GrantForm, edit: &Callback<Edit>) -> Html {
    let mut options: Vec<(AttrValue, AttrValue)> = PURPOSES
        .iter()
        .map(|(code, words)| ((*code).into(), (*words).into()))
        .collect();
    // What was granted by other means may have a purpose that is not in the list.
    if !PURPOSES.iter().any(|(code, _)| *code == form.purpose) {
        options.push((form.purpose.clone().into(), form.purpose.clone().into()));
    }
    html! {
        <Select
            id="grant-purpose"
            label="What for?"
            hint="Every hospital of the network sees this."
            {options}
            value={form.purpose.clone()}
            onchange={edit.reform(Edit::Purpose)}
        />
    }
}
