//! The top of a page.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`PageHeading`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct PageHeadingProps {
    /// The page's name.
    pub title: AttrValue,
    /// What one does here, in a sentence.
    #[prop_or_default]
    pub lead: Option<AttrValue>,
}

/// The one `h1` of a page.
#[component]
pub fn PageHeading(props: &PageHeadingProps) -> Html {
    html! {
        <div class="page-heading">
            <h1>{ &props.title }</h1>
            if let Some(lead) = &props.lead {
                <p class="lead">{ lead }</p>
            }
        </div>
    }
}
