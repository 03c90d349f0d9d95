//! The first page: what Keepwell is, and the ways in.

use yew::{Html, component, html};
use yew_router::components::{Link, Redirect};

use super::Unlock;
use crate::{
    components::{CardPanel, PageHeading},
    route::Route,
    state::use_desk,
    talk::Who,
};

#[component]
pub(crate) fn Start() -> Html {
    let desk = use_desk();
    match desk.state.who() {
        Who::Patient => return html! { <Redirect<Route> to={Route::Records} /> },
        Who::Staff(_) => return html! { <Redirect<Route> to={Route::Issue} /> },
        Who::Nobody => {}
    }
    if desk.state.kept.patient || desk.state.kept.staff {
        return html! { <Unlock /> };
    }
    html! {
        <>
            <PageHeading
                title="Keepwell"
                lead="Your medical record, held by you: sealed for you alone, and opened only to \
                      whom you choose, until when you choose."
            />
            <div class="ways">
                <CardPanel title="For patients">
                    <p>{ "Your keys are made on this device and stay here. Nobody else can read your records unless you allow it." }</p>
                    <div class="button-row">
                        <Link<Route> classes="button button-primary" to={Route::NewPatient}>
                            { "I am new here" }
                        </Link<Route>>
                        <Link<Route> classes="button" to={Route::Restore}>
                            { "I already have a phrase" }
                        </Link<Route>>
                    </div>
                </CardPanel>
                <CardPanel title="For hospital staff">
                    <p>{ "Issue records, and open what patients have granted to your hospital." }</p>
                    <div class="button-row">
                        <Link<Route> classes="button" to={Route::StaffSignIn}>
                            { "I work at a hospital" }
                        </Link<Route>>
                    </div>
                </CardPanel>
            </div>
            <p>
                <Link<Route> to={Route::Explorer}>{ "Network explorer" }</Link<Route>>
                { ": what everybody can see of this network." }
            </p>
        </>
    }
}
