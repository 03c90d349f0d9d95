//! What came of a grant: it stands, and so many custodians can answer already.

use keepwell_keys::HospitalId;
use yew::{Html, Properties, component, html};
use yew_router::components::Link;

use crate::{
    components::{Notice, NoticeKind, PageHeading},
    route::Route,
    state::Readiness,
    talk::KnownNetwork,
};

#[derive(Clone, PartialEq, Properties)]
pub(super) struct GrantedProps {
    /// The name of the hospital that was let in.
    pub(super) hospital: String,
    /// The name of the set.
    pub(super) scope: String,
    /// Whether only some of its records are meant.
    pub(super) is_listed: bool,
    /// Custodians that have their part of the key.
    pub(super) ready: Vec<HospitalId>,
    /// All of them.
    pub(super) custodians: Vec<HospitalId>,
    /// How many must answer.
    pub(super) threshold: u32,
    pub(super) known: KnownNetwork,
}

#[component]
pub(super) fn Granted(props: &GrantedProps) -> Html {
    let GrantedProps {
        hospital,
        scope,
        is_listed,
        ready,
        custodians,
        threshold,
        known,
    } = props;
    let late = custodians.iter().filter(|id| !ready.contains(id));
    let late: Vec<String> = late.map(|id| known.name_of(id)).collect();
    let late = late.join(", ");
    let (kind, what_it_means) = match Readiness::of(ready.len(), custodians.len(), *threshold) {
        Readiness::All => (
            NoticeKind::Good,
            format!("{hospital} can ask for the key, also while you are offline."),
        ),
        Readiness::Enough => (
            NoticeKind::Good,
            format!(
                "That is enough: {hospital} can ask for the key, also while you are offline. Not \
                 ready yet: {late}. Each gets its part as soon as it can be reached."
            ),
        ),
        Readiness::TooFew => (
            NoticeKind::Warn,
            format!(
                "{threshold} must answer, so {hospital} can open nothing yet. Not ready: {late}. Each \
                 gets its part as soon as it can be reached; you need not wait. If one stays out, \
                 change this and choose others."
            ),
        ),
    };
    let title = if *is_listed {
        format!("{hospital} may open what you chose of “{scope}”.")
    } else {
        format!("{hospital} may open “{scope}”.")
    };
    html! {
        <>
            <PageHeading title="Recorded" />
            <Notice {kind} {title}>
                <p>
                    { format!("Custodians ready: {} of {}.", ready.len(), custodians.len()) }
                </p>
                <p>{ what_it_means }</p>
            </Notice>
            <div class="button-row">
                <Link<Route> classes="button button-primary" to={Route::Sharing}>
                    { "Back to sharing" }
                </Link<Route>>
            </div>
        </>
    }
}
