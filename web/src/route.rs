//! The places in the page that have an address.

use yew::{Html, html};
use yew_router::Routable;

use crate::{
    pages::{NotFound, Start},
    ports::platform::Lacking,
};

#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    #[at("/")]
    Start,
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

impl Route {
    /// The page's name in the title of the document.
    pub(crate) const fn title(&self) -> &'static str {
        match self {
            Self::Start => "Your record, held by you",
            Self::NotFound => "No such page",
        }
    }
}

pub(crate) fn switch(route: &Route, lacking: &[Lacking]) -> Html {
    match route {
        Route::Start => html! { <Start lacking={lacking.to_vec()} /> },
        Route::NotFound => html! { <NotFound /> },
    }
}
