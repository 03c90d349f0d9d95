//! The frame around every page, and what all pages are told.

use yew::{Html, component, html};
use yew_router::{BrowserRouter, Switch};

use crate::{
    ports::platform,
    route::{Route, switch},
};

/// The whole page. It asks once, when it is drawn, what this browser lacks.
#[component]
pub fn App() -> Html {
    let lacking = platform::lacking();
    html! {
        <BrowserRouter>
            <main>
                <Switch<Route> render={move |route| switch(&route, &lacking)} />
            </main>
        </BrowserRouter>
    }
}
