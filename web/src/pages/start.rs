//! The first page: what Keepwell is, and whether this browser can hold a record.

use yew::{Html, Properties, component, html};

use crate::ports::platform::Lacking;

#[derive(Clone, PartialEq, Eq, Properties)]
pub(crate) struct StartProps {
    /// What this browser lacks; empty if it has all that Keepwell needs.
    pub(crate) lacking: Vec<Lacking>,
}

#[component]
pub(crate) fn Start(props: &StartProps) -> Html {
    html! {
        <>
            <h1>{ "Keepwell" }</h1>
            <p>
                { "Your medical record, held by you: sealed for you alone, and opened only to whom \
                   you choose, until when you choose." }
            </p>
            <h2>{ "This browser" }</h2>
            { platform_report(&props.lacking) }
        </>
    }
}

fn platform_report(lacking: &[Lacking]) -> Html {
    if lacking.is_empty() {
        return html! {
            <p role="status">{ "This browser has what Keepwell needs to keep your keys." }</p>
        };
    }
    html! {
        <div role="alert">
            <p>{ "Keepwell cannot work here. It will not make or ask for any key." }</p>
            <ul>
                { for lacking.iter().map(|lack| html! { <li>{ lack.to_string() }</li> }) }
            </ul>
        </div>
    }
}
