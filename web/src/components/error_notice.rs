//! What went wrong, and what to do about it.

use yew::{AttrValue, Callback, Html, Properties, component, html};

use super::{Button, Notice, NoticeKind};

/// What [`ErrorNotice`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct ErrorNoticeProps {
    /// What happened.
    pub message: AttrValue,
    /// What to do about it.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// The error's stable code, for whoever is asked for help.
    #[prop_or_default]
    pub code: Option<AttrValue>,
    /// Told that the person wants it tried again; without it, there is no such button.
    #[prop_or_default]
    pub retry: Option<Callback<()>>,
    /// The relay it came from, named where it may be at fault.
    #[prop_or_default]
    pub relay: Option<AttrValue>,
}

/// A notice with role `alert`.
#[component]
pub fn ErrorNotice(props: &ErrorNoticeProps) -> Html {
    let action = props.retry.clone().map(|retry| {
        html! { <Button label="Try again" onclick={retry.reform(|_| ())} /> }
    });
    html! {
        <Notice kind={NoticeKind::Danger} title={props.message.clone()} {action}>
            if let Some(hint) = &props.hint {
                <p>{ hint }</p>
            }
            if let Some(relay) = &props.relay {
                <p>{ "Relay: " }<b>{ relay }</b></p>
            }
            if let Some(code) = &props.code {
                <p class="notice-code">{ "Code: " }<code>{ code }</code></p>
            }
        </Notice>
    }
}
