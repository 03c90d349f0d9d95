//! The frame around every page, and what all pages are told.

use yew::{Html, component, html};
use yew_router::{BrowserRouter, Switch, hooks::use_route};

use crate::{
    components::Shell,
    ports::{document::use_page_title, platform},
    route::{Route, switch},
};

/// The whole page.
#[component]
pub fn App() -> Html {
    html! {
        <BrowserRouter>
            <Framed />
        </BrowserRouter>
    }
}

/// What is inside the router. It asks once, when it is drawn, what this browser lacks.
#[component]
fn Framed() -> Html {
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    use_page_title(route.title());
    let lacking = platform::lacking();
    html! {
        <Shell<Route> home={Route::Start}>
            <Switch<Route> render={move |route| switch(&route, &lacking)} />
        </Shell<Route>>
    }
}
