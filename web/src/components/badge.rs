//! A word or two about how something stands.

use yew::{AttrValue, Html, Properties, component, html};

/// What the word means for the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadgeKind {
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// Under way.
    Info,
    /// Done, in force.
    Good,
    /// It wants care.
    Warn,
    /// Refused, revoked, failed.
    Danger,
}

/// How far the network has taken something up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A relay has it.
    Pending,
    /// A block has it.
    Mined,
    /// Nothing takes it back.
    Final,
}

impl Standing {
    /// To a patient. The explorer uses the protocol's own words instead.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Pending => "Waiting to be recorded",
            Self::Mined => "Recorded",
            Self::Final => "Final",
        }
    }

    /// How it looks.
    #[must_use]
    pub const fn kind(self) -> BadgeKind {
        match self {
            Self::Pending => BadgeKind::Warn,
            Self::Mined => BadgeKind::Info,
            Self::Final => BadgeKind::Good,
        }
    }
}

/// What [`Badge`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct BadgeProps {
    /// What the word means.
    #[prop_or_default]
    pub kind: BadgeKind,
    /// The word.
    pub label: AttrValue,
}

/// A word in a pill. The word says all: its colour only repeats it.
#[component]
pub fn Badge(props: &BadgeProps) -> Html {
    let class = match props.kind {
        BadgeKind::Neutral => "badge",
        BadgeKind::Info => "badge badge-info",
        BadgeKind::Good => "badge badge-good",
        BadgeKind::Warn => "badge badge-warn",
        BadgeKind::Danger => "badge badge-danger",
    };
    html! { <span {class}>{ &props.label }</span> }
}
