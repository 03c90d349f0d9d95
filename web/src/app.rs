//! The frame around every page: who may see which, the ways to go, and locking by itself.

use yew::{Callback, Html, component, hook, html, use_effect_with};
use yew_router::{BrowserRouter, hooks::use_route};

use crate::{
    components::{Button, ButtonKind, Icon, NavItem, Shell, When},
    pages::{
        Card, ExplorerBlock, ExplorerBlocks, ExplorerHospitals, ExplorerPeers, ExplorerWaiting,
        Grant, Granted, GrantedRecord, Issue, Issued, Lacking, Log, NetworkGate, NewPatient,
        NotFound, Record, Records, Restore, Settings, Sharing, StaffSignIn, Start, Unlock,
    },
    ports::{dates, document::use_page_title, idle::IdleWatch, platform, preferences},
    route::{Audience, Route},
    state::{Desk, DeskProvider, use_desk},
    talk::{Failure, FailureClass, Verb, Who},
};

/// The whole page.
#[component]
pub fn App() -> Html {
    let lacking = platform::lacking();
    if !lacking.is_empty() {
        return html! { <Lacking {lacking} /> };
    }
    html! {
        <DeskProvider>
            <BrowserRouter>
                <Framed />
            </BrowserRouter>
        </DeskProvider>
    }
}

#[component]
fn Framed() -> Html {
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let desk = use_desk();
    use_page_title(route.title());
    use_auto_lock(&desk);
    let who = desk.state.who();
    html! {
        <Shell<Route> home={Route::Start} navigation={navigation(&who)} status={status(&desk)}>
            <NetworkGate>{ page(route, &who) }</NetworkGate>
        </Shell<Route>>
    }
}

fn page(route: Route, who: &Who) -> Html {
    let is_allowed = match route.audience() {
        Audience::Everybody => true,
        Audience::Patient => *who == Who::Patient,
        Audience::Staff => matches!(who, Who::Staff(_)),
        Audience::SignedIn => *who != Who::Nobody,
    };
    if !is_allowed {
        return html! { <Unlock /> };
    }
    match route {
        Route::Start => html! { <Start /> },
        Route::NewPatient => html! { <NewPatient /> },
        Route::Restore => html! { <Restore /> },
        Route::Records => html! { <Records /> },
        Route::Record { patient_id, txid } => html! { <Record {patient_id} {txid} /> },
        Route::Sharing => html! { <Sharing /> },
        Route::Grant {
            patient_id,
            disease_id,
        } => html! { <Grant {patient_id} {disease_id} /> },
        Route::ChangeGrant {
            patient_id,
            disease_id,
            to,
        } => html! { <Grant {patient_id} {disease_id} {to} /> },
        Route::Card => html! { <Card /> },
        Route::Log => html! { <Log /> },
        Route::Settings => html! { <Settings /> },
        Route::StaffSignIn => html! { <StaffSignIn /> },
        Route::Explorer => html! { <ExplorerBlocks key="newest" /> },
        Route::ExplorerBefore { index } => match index.parse() {
            Ok(before) => html! { <ExplorerBlocks key={index} before={Some(before)} /> },
            Err(_) => html! { <NotFound /> },
        },
        Route::ExplorerBlock { name } => {
            let key = name.clone();
            html! { <ExplorerBlock {key} {name} /> }
        }
        Route::ExplorerWaiting => html! { <ExplorerWaiting /> },
        Route::ExplorerHospitals => html! { <ExplorerHospitals /> },
        Route::ExplorerPeers => html! { <ExplorerPeers /> },
        Route::Issue => html! { <Issue /> },
        Route::IssueInto {
            patient_id,
            disease_id,
        } => html! { <Issue scope={(patient_id, disease_id)} /> },
        Route::Correct {
            patient_id,
            disease_id,
            txid,
        } => html! { <Issue scope={(patient_id, disease_id)} corrects={txid} /> },
        Route::Issued => html! { <Issued /> },
        Route::Granted => html! { <Granted /> },
        Route::GrantedRecord {
            patient_id,
            disease_id,
            txid,
        } => html! { <GrantedRecord {patient_id} {disease_id} {txid} /> },
        Route::NotFound => html! { <NotFound /> },
    }
}

fn navigation(who: &Who) -> Vec<NavItem<Route>> {
    let items = match who {
        Who::Nobody => Vec::new(),
        Who::Patient => vec![
            (Route::Records, "Records", Icon::Record),
            (Route::Sharing, "Sharing", Icon::Key),
            (Route::Card, "Visit card", Icon::Card),
            (Route::Log, "Log", Icon::Clock),
            (Route::Settings, "Settings", Icon::Settings),
        ],
        Who::Staff(_) => vec![
            (Route::Issue, "Issue", Icon::Send),
            (Route::Issued, "Issued", Icon::Record),
            (Route::Granted, "Granted to us", Icon::Key),
            (Route::Explorer, "Explorer", Icon::Blocks),
            (Route::Settings, "Settings", Icon::Settings),
        ],
    };
    let item = |(to, label, icon): (Route, &'static str, Icon)| NavItem {
        to,
        label: label.into(),
        icon,
    };
    items.into_iter().map(item).collect()
}

/// When the network was last verified, and the way to lock.
fn status(desk: &Desk) -> Html {
    let verified = desk.state.known().and_then(|known| known.head);
    let verified = verified.map(|head| dates::moment(head.verified_at.0));
    let is_signed_in = desk.state.who() != Who::Nobody;
    let lock = {
        let ask = desk.ask.clone();
        Callback::from(move |_| {
            ask.emit(Verb::Lock);
        })
    };
    html! {
        <>
            if let Some(trouble) = &desk.state.relay_trouble {
                <span>{ trouble_words(trouble) }</span>
            } else if let Some(at) = verified {
                <span>{ "Verified " }<When {at} /></span>
            }
            if is_signed_in {
                <Button kind={ButtonKind::Quiet} label="Lock" onclick={lock} />
            }
        </>
    }
}

/// What is wrong with the page's own relay. One whose answer failed verification is named.
fn trouble_words(trouble: &Failure) -> String {
    match (trouble.class, &trouble.relay) {
        (FailureClass::Unverified, Some(relay)) => {
            format!("An answer of {relay} failed verification")
        }
        (FailureClass::Unverified, None) => {
            String::from("An answer of this page's relay failed verification")
        }
        _ => String::from("Your hospital's relay does not answer"),
    }
}

/// Locks when nobody has touched the page for as long as its user has chosen.
#[hook]
fn use_auto_lock(desk: &Desk) {
    let ask = desk.ask.clone();
    let is_signed_in = desk.state.who() != Who::Nobody;
    let minutes = preferences::auto_lock_minutes();
    use_effect_with((is_signed_in, minutes), move |(is_signed_in, minutes)| {
        let on_idle = move || {
            ask.emit(Verb::Lock);
        };
        let watch = is_signed_in.then(|| IdleWatch::start(f64::from(*minutes) * 60_000.0, on_idle));
        move || drop(watch)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_that_lies_is_named_and_one_that_is_out_is_said_to_be_out() {
        let trouble = |class| Failure {
            class,
            code: String::new(),
            message: String::new(),
            hint: String::new(),
            relay: Some(String::from("https://alder.example")),
        };
        assert_eq!(
            trouble_words(&trouble(FailureClass::Unverified)),
            "An answer of https://alder.example failed verification"
        );
        assert_eq!(
            trouble_words(&trouble(FailureClass::Unreachable)),
            "Your hospital's relay does not answer"
        );
    }
}
