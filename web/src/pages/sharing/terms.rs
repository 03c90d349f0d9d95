//! The terms of a grant in words.

use keepwell_keys::HospitalId;
use keepwell_primitives::Timestamp;
use yew::{Html, html};

use crate::{
    components::When,
    ports::dates,
    state::{GrantEnd, title_of},
    talk::{CoverageLine, KnownNetwork, PersonaHistory},
};

pub(in crate::pages) fn end_words(end: GrantEnd) -> Html {
    let when = |time: Timestamp| html! { <When at={dates::moment(time.0)} /> };
    match end {
        GrantEnd::WhenRevoked => html! { { "You revoke it" } },
        GrantEnd::At(time) => when(time),
        GrantEnd::Expired(time) => html! { <>{ "Over since " }{ when(time) }</> },
        GrantEnd::Revoked => html! { { "You have revoked it" } },
    }
}

pub(in crate::pages) fn coverage_words(coverage: &CoverageLine, persona: &PersonaHistory) -> Html {
    match coverage {
        CoverageLine::Scope => html! { { "The whole set, later records too" } },
        CoverageLine::Records(records) => html! {
            <ul class="titles">
                { for records.iter().map(|txid| html! { <li>{ title_of(persona, txid) }</li> }) }
            </ul>
        },
        CoverageLine::Nothing => html! { { "Nothing" } },
    }
}

/// `Alder, Birch, Cedar; any 2 must answer`, whatever the order of their ids.
pub(in crate::pages) fn custodian_words<'c>(
    custodians: impl IntoIterator<Item = &'c HospitalId>,
    threshold: u32,
    known: &KnownNetwork,
) -> String {
    let names = custodians.into_iter().map(|id| known.name_of(id));
    let mut names: Vec<String> = names.collect();
    names.sort();
    let how_many = match threshold as usize {
        all if all == names.len() => String::from("all must answer"),
        some => format!("any {some} must answer"),
    };
    if names.len() == 1 {
        return names.concat();
    }
    format!("{}; {how_many}", names.join(", "))
}
