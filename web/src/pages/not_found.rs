//! What an unknown address shows.

use yew::{Html, component, html};
use yew_router::components::Link;

use crate::route::Route;

#[component]
pub(crate) fn NotFound() -> Html {
    html! {
        <>
            <h1>{ "There is no such page" }</h1>
            <p><Link<Route> to={Route::Start}>{ "Go to the start" }</Link<Route>></p>
        </>
    }
}
