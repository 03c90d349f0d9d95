//! What an unknown address shows.

use yew::{Html, component, html};
use yew_router::components::Link;

use crate::{components::PageHeading, route::Route};

#[component]
pub(crate) fn NotFound() -> Html {
    html! {
        <>
            <PageHeading
                title="There is no such page"
                lead="The address may be mistyped, or the page may have moved."
            />
            <p><Link<Route> to={Route::Start}>{ "Go to the start" }</Link<Route>></p>
        </>
    }
}
