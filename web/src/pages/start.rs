//! The first page: what Keepwell is, and whether this browser can hold a record.

use yew::{Html, Properties, component, html};

use crate::{
    components::{Notice, NoticeKind, PageHeading, Section},
    ports::platform::Lacking,
};

#[derive(Clone, PartialEq, Eq, Properties)]
pub(crate) struct StartProps {
    /// What this browser lacks; empty if it has all that Keepwell needs.
    pub(crate) lacking: Vec<Lacking>,
}

#[component]
pub(crate) fn Start(props: &StartProps) -> Html {
    html! {
        <>
            <PageHeading
                title="Keepwell"
                lead="Your medical record, held by you: sealed for you alone, and opened only to \
                      whom you choose, until when you choose."
            />
            <Section heading="This browser">{ platform_report(&props.lacking) }</Section>
        </>
    }
}

fn platform_report(lacking: &[Lacking]) -> Html {
    if lacking.is_empty() {
        return html! {
            <Notice
                kind={NoticeKind::Good}
                title="This browser has what Keepwell needs to keep your keys."
            />
        };
    }
    html! {
        <Notice kind={NoticeKind::Danger} title="Keepwell cannot work here.">
            <p>{ "It will not make or ask for any key." }</p>
            <ul>
                { for lacking.iter().map(|lack| html! { <li>{ lack.to_string() }</li> }) }
            </ul>
        </Notice>
    }
}
