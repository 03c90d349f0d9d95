//! A raised surface that holds one thing together.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`CardPanel`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct CardPanelProps {
    /// Its heading, if it has one.
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// What it holds.
    pub children: Html,
}

/// A panel; with a title, an `article` of that name, which a list of them can be walked by.
#[component]
pub fn CardPanel(props: &CardPanelProps) -> Html {
    let children = props.children.clone();
    match &props.title {
        Some(title) => html! {
            <article class="panel" aria-label={title}>
                <h3>{ title }</h3>
                { children }
            </article>
        },
        None => html! { <div class="panel">{ children }</div> },
    }
}
