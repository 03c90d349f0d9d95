//! One set of records: who may open it, who could once, and what can be done about it.

use yew::{AttrValue, Html, html};
use yew_router::components::Link;

use super::{
    Look,
    dialog::{Asked, Deed},
    terms::{coverage_words, custodian_words, end_words},
};
use crate::{
    components::{Badge, BadgeKind, Button, ButtonKind, CardPanel, DataList, Notice, NoticeKind},
    pages::parts::state_badge,
    route::Route,
    state::{GrantEnd, Shares, end_of, purpose_words, scope_name},
    talk::{GrantLine, Outcome, PersonaHistory, ScopeLine},
};

pub(super) fn panel(persona: &PersonaHistory, scope: &ScopeLine, look: &Look<'_>) -> Html {
    let issuer = look.known.name_of(&persona.hospital_id);
    let name = scope_name(scope, &issuer);
    let Shares { live, ended } = Shares::of(scope, look.now);
    let records = persona.records.iter();
    let count = records
        .filter(|record| record.disease_id == scope.disease_id)
        .count();
    html! {
        <CardPanel title={name.clone()}>
            <p class="soft">
                { match count {
                    1 => String::from("1 record"),
                    more => format!("{more} records"),
                } }
                if !scope.is_open {
                    { " " }
                    <Badge label="Closed to new records" />
                }
            </p>
            { outcome(persona, scope, look) }
            if live.is_empty() {
                <p>{ format!("Only you and {issuer} may open it.") }</p>
            } else {
                <ul class="shares" aria-label={format!("Who may open {name}")}>
                    { for live.into_iter().map(|grant| live_grant(persona, scope, grant, look)) }
                </ul>
            }
            if !ended.is_empty() {
                <details class="more">
                    <summary>{ format!("Ended ({})", ended.len()) }</summary>
                    <ul class="shares" aria-label={format!("Who could open {name} once")}>
                        { for ended.into_iter().map(|grant| ended_grant(grant, look)) }
                    </ul>
                </details>
            }
            { ways(persona, scope, look, &name) }
        </CardPanel>
    }
}

fn live_grant(
    persona: &PersonaHistory,
    scope: &ScopeLine,
    grant: &GrantLine,
    look: &Look<'_>,
) -> Html {
    let hospital = look.known.name_of(&grant.hospital_id);
    let name = scope_name(scope, &look.known.name_of(&persona.hospital_id));
    let change = Route::ChangeGrant {
        patient_id: persona.patient_id.to_string(),
        disease_id: scope.disease_id.to_string(),
        to: grant.hospital_id.to_string(),
    };
    let revoke = look.ask.reform({
        let asked = Asked {
            patient_id: persona.patient_id,
            disease_id: scope.disease_id,
            from: grant.hospital_id,
            hospital: hospital.clone(),
            issuer: look.known.name_of(&persona.hospital_id),
            scope: name.clone(),
            is_open: scope.is_open,
            deed: Deed::Revoke {
                was_served: grant.was_served,
            },
        };
        move |_| asked.clone()
    });
    let custodians = custodian_words(&grant.custodians, grant.threshold, look.known);
    let entries: Vec<(AttrValue, Html)> = vec![
        ("Until".into(), end_words(end_of(grant, look.now))),
        ("Records".into(), coverage_words(&grant.coverage, persona)),
        (
            "Purpose".into(),
            html! { { purpose_words(&grant.purpose) } },
        ),
        ("Custodians".into(), html! { { custodians } }),
    ];
    html! {
        <li class="share" key={grant.hospital_id.to_string()}>
            { who(&hospital, grant, None) }
            <DataList {entries} />
            <div class="button-row">
                <Link<Route> classes="button" to={change}>
                    { "Change" }
                    <span class="visually-hidden">{ format!(" what {hospital} may open of {name}") }</span>
                </Link<Route>>
                <Button
                    kind={ButtonKind::Danger}
                    label="Revoke…"
                    name={format!("Revoke… what {hospital} may open of {name}")}
                    onclick={revoke}
                />
            </div>
        </li>
    }
}

fn ended_grant(grant: &GrantLine, look: &Look<'_>) -> Html {
    let hospital = look.known.name_of(&grant.hospital_id);
    let end = end_of(grant, look.now);
    let badge = match end {
        GrantEnd::Revoked => html! { <Badge kind={BadgeKind::Danger} label="Revoked" /> },
        _ => html! { <Badge kind={BadgeKind::Warn} label="Expired" /> },
    };
    html! {
        <li class="share" key={grant.hospital_id.to_string()}>
            { who(&hospital, grant, Some(badge)) }
            if end != GrantEnd::Revoked {
                <p class="soft">{ end_words(end) }</p>
            }
        </li>
    }
}

fn who(hospital: &str, grant: &GrantLine, badge: Option<Html>) -> Html {
    html! {
        <div class="share-who">
            <b>{ hospital }</b>
            { badge }
            { state_badge(grant.state) }
            if grant.was_served {
                <Badge kind={BadgeKind::Info} label="Has opened something" />
            } else {
                <Badge label="Has opened nothing" />
            }
        </div>
    }
}

/// What can be done with the set as a whole.
fn ways(persona: &PersonaHistory, scope: &ScopeLine, look: &Look<'_>, name: &str) -> Html {
    let issuer = look.known.name_of(&persona.hospital_id);
    let grant = Route::Grant {
        patient_id: persona.patient_id.to_string(),
        disease_id: scope.disease_id.to_string(),
    };
    let close = look.ask.reform({
        let asked = Asked {
            patient_id: persona.patient_id,
            disease_id: scope.disease_id,
            from: persona.hospital_id,
            hospital: issuer.clone(),
            issuer,
            scope: name.to_owned(),
            is_open: scope.is_open,
            deed: Deed::Close,
        };
        move |_| asked.clone()
    });
    html! {
        <div class="button-row">
            <Link<Route> classes="button button-primary" to={grant}>
                { "Let a hospital open this" }
                <span class="visually-hidden">{ format!(" ({name})") }</span>
            </Link<Route>>
            if scope.is_open {
                <Button
                    kind={ButtonKind::Quiet}
                    label="Close this set…"
                    name={format!("Close this set… {name}")}
                    onclick={close}
                />
            }
        </div>
    }
}

/// What came of what was asked for this set last.
fn outcome(persona: &PersonaHistory, scope: &ScopeLine, look: &Look<'_>) -> Html {
    let asked = look.asked.filter(|asked| {
        asked.patient_id == persona.patient_id && asked.disease_id == scope.disease_id
    });
    let (Some(asked), Some(Outcome::Revoked { opened_before })) = (asked, look.job.outcome())
    else {
        return Html::default();
    };
    let title = match asked.deed {
        Deed::Close => String::from("This set is closed."),
        Deed::Revoke { .. } => format!("{} can open nothing more of it.", asked.hospital),
    };
    let opened = match (asked.deed, opened_before) {
        (Deed::Close, _) => None,
        (_, true) => Some("It had opened something before. What it opened, it has."),
        (_, false) => Some("It had opened nothing before."),
    };
    html! {
        <Notice kind={NoticeKind::Good} {title}>
            if let Some(opened) = opened {
                <p>{ opened }</p>
            }
            if !scope.is_open {
                <p>
                    { format!(
                        "Later records go to a new set: {} will ask you for a new ",
                        asked.issuer,
                    ) }
                    <Link<Route> to={Route::Card}>{ "visit card" }</Link<Route>>
                    { "." }
                </p>
            }
        </Notice>
    }
}
