//! The places in the page that have an address.

use yew_router::Routable;

#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    #[at("/")]
    Start,
    #[at("/new")]
    NewPatient,
    #[at("/restore")]
    Restore,
    #[at("/records")]
    Records,
    #[at("/records/:patient_id/:txid")]
    Record { patient_id: String, txid: String },
    #[at("/card")]
    Card,
    #[at("/settings")]
    Settings,
    #[at("/staff")]
    StaffSignIn,
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

/// Who may see a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Anybody.
    Everybody,
    /// A patient who is signed in.
    Patient,
    /// Whoever is signed in.
    SignedIn,
}

impl Route {
    /// What the page there is called.
    pub(crate) const fn title(&self) -> &'static str {
        match self {
            Self::Start => "Your record, held by you",
            Self::NewPatient => "New here",
            Self::Restore => "Restore",
            Self::Records | Self::Record { .. } => "Records",
            Self::Card => "Visit card",
            Self::Settings => "Settings",
            Self::StaffSignIn => "Hospital staff",
            Self::NotFound => "Not found",
        }
    }

    /// Who may see it.
    pub(crate) const fn audience(&self) -> Audience {
        match self {
            Self::Start | Self::NewPatient | Self::Restore | Self::StaffSignIn | Self::NotFound => {
                Audience::Everybody
            }
            Self::Records | Self::Record { .. } | Self::Card => Audience::Patient,
            Self::Settings => Audience::SignedIn,
        }
    }
}
