//! A part of a page under a heading of its own.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`Section`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct SectionProps {
    /// Its heading, and its name as a region.
    pub heading: AttrValue,
    /// What stands in it.
    pub children: Html,
}

/// An `h2` and what belongs to it.
#[component]
pub fn Section(props: &SectionProps) -> Html {
    html! {
        <section class="section" aria-label={&props.heading}>
            <h2>{ &props.heading }</h2>
            { props.children.clone() }
        </section>
    }
}
