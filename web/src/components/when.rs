//! A moment.

use yew::{AttrValue, Html, Properties, component, html};

/// One moment, written twice. `ports::dates` makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// RFC 3339, UTC.
    pub rfc3339: AttrValue,
    /// As this browser's owner writes dates.
    pub text: AttrValue,
}

/// What [`When`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct WhenProps {
    /// The moment.
    pub at: Moment,
}

/// Its text for a person, with the exact time for programs and under the pointer.
#[component]
pub fn When(props: &WhenProps) -> Html {
    let Moment { rfc3339, text } = &props.at;
    html! { <time datetime={rfc3339} title={rfc3339}>{ text }</time> }
}
