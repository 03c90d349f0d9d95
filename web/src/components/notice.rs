//! Something the person should know.

use yew::{AttrValue, Html, Properties, component, html};

use super::{Icon, Picture};

/// How grave it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good to know.
    #[default]
    Info,
    /// It went well.
    Good,
    /// It wants care.
    Warn,
    /// It went wrong: read out at once.
    Danger,
}

/// What [`Notice`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct NoticeProps {
    /// How grave it is.
    #[prop_or_default]
    pub kind: NoticeKind,
    /// What it is, in a few words.
    pub title: AttrValue,
    /// More of it.
    #[prop_or_default]
    pub children: Html,
    /// What can be done about it: buttons or links.
    #[prop_or_default]
    pub action: Option<Html>,
}

/// A box with a picture, a title and more. Its role is `alert` if it went wrong, else `status`.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let (class, icon) = match props.kind {
        NoticeKind::Info => ("notice notice-info", Icon::Info),
        NoticeKind::Good => ("notice notice-good", Icon::Good),
        NoticeKind::Warn => ("notice notice-warn", Icon::Warn),
        NoticeKind::Danger => ("notice notice-danger", Icon::Danger),
    };
    let role = if props.kind == NoticeKind::Danger {
        "alert"
    } else {
        "status"
    };
    html! {
        <div {class} {role}>
            <Picture {icon} />
            <div class="notice-body">
                <p class="notice-title">{ &props.title }</p>
                { props.children.clone() }
                if let Some(action) = &props.action {
                    <div class="button-row">{ action.clone() }</div>
                }
            </div>
        </div>
    }
}
