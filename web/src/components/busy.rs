//! Something is under way, and nobody knows how long it takes.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`Busy`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct BusyProps {
    /// What is under way.
    pub label: AttrValue,
}

/// A turning circle with words, of role `status`.
#[component]
pub fn Busy(props: &BusyProps) -> Html {
    html! {
        <p class="busy" role="status">
            <span class="spinner" aria-hidden="true" />
            { &props.label }
        </p>
    }
}
