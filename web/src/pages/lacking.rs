//! What a browser sees that lacks what Keepwell cannot do without.

use yew::{Html, Properties, component, html};

use crate::{
    components::{Notice, NoticeKind, PageHeading},
    ports::platform,
};

#[derive(Clone, PartialEq, Eq, Properties)]
pub(crate) struct LackingProps {
    /// What it lacks; not empty.
    pub(crate) lacking: Vec<platform::Lacking>,
}

#[component]
pub(crate) fn Lacking(props: &LackingProps) -> Html {
    html! {
        <main class="shell-main">
            <PageHeading title="Keepwell" />
            <Notice kind={NoticeKind::Danger} title="Keepwell cannot work here.">
                <p>{ "It will not make or ask for any key." }</p>
                <ul>
                    { for props.lacking.iter().map(|lack| html! { <li>{ lack.to_string() }</li> }) }
                </ul>
            </Notice>
        </main>
    }
}
