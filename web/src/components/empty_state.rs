//! There is nothing yet, and that is fine.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`EmptyState`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct EmptyStateProps {
    /// What there is none of.
    pub title: AttrValue,
    /// How there comes to be some.
    #[prop_or_default]
    pub children: Html,
}

/// Shown in the place of an empty list.
#[component]
pub fn EmptyState(props: &EmptyStateProps) -> Html {
    html! {
        <div class="empty">
            <p class="notice-title">{ &props.title }</p>
            { props.children.clone() }
        </div>
    }
}
