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
    #[at("/sharing")]
    Sharing,
    #[at("/sharing/:patient_id/:disease_id/grant")]
    Grant {
        patient_id: String,
        disease_id: String,
    },
    #[at("/sharing/:patient_id/:disease_id/grant/:to")]
    ChangeGrant {
        patient_id: String,
        disease_id: String,
        to: String,
    },
    #[at("/card")]
    Card,
    #[at("/log")]
    Log,
    #[at("/settings")]
    Settings,
    #[at("/staff")]
    StaffSignIn,
    #[at("/explorer")]
    Explorer,
    #[at("/explorer/before/:index")]
    ExplorerBefore { index: String },
    #[at("/explorer/blocks/:name")]
    ExplorerBlock { name: String },
    #[at("/explorer/waiting")]
    ExplorerWaiting,
    #[at("/explorer/hospitals")]
    ExplorerHospitals,
    #[at("/explorer/peers")]
    ExplorerPeers,
    #[at("/staff/issue")]
    Issue,
    #[at("/staff/issue/:patient_id/:disease_id")]
    IssueInto {
        patient_id: String,
        disease_id: String,
    },
    #[at("/staff/issue/:patient_id/:disease_id/:txid")]
    Correct {
        patient_id: String,
        disease_id: String,
        txid: String,
    },
    #[at("/staff/issued")]
    Issued,
    #[at("/staff/granted")]
    Granted,
    #[at("/staff/granted/:patient_id/:disease_id/:txid")]
    GrantedRecord {
        patient_id: String,
        disease_id: String,
        txid: String,
    },
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
    /// A hospital's staff who are signed in.
    Staff,
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
            Self::Sharing | Self::Grant { .. } | Self::ChangeGrant { .. } => "Sharing",
            Self::Card => "Visit card",
            Self::Log => "Log",
            Self::Settings => "Settings",
            Self::StaffSignIn => "Hospital staff",
            Self::Explorer | Self::ExplorerBefore { .. } => "Network explorer",
            Self::ExplorerBlock { .. } => "A block",
            Self::ExplorerWaiting => "What waits",
            Self::ExplorerHospitals => "Hospitals",
            Self::ExplorerPeers => "Peers",
            Self::Issue | Self::IssueInto { .. } => "Issue a record",
            Self::Correct { .. } => "Correct a record",
            Self::Issued => "Issued",
            Self::Granted | Self::GrantedRecord { .. } => "Granted to us",
            Self::NotFound => "Not found",
        }
    }

    /// Who may see it.
    pub(crate) const fn audience(&self) -> Audience {
        match self {
            Self::Start
            | Self::NewPatient
            | Self::Restore
            | Self::StaffSignIn
            | Self::Explorer
            | Self::ExplorerBefore { .. }
            | Self::ExplorerBlock { .. }
            | Self::ExplorerWaiting
            | Self::ExplorerHospitals
            | Self::ExplorerPeers
            | Self::NotFound => Audience::Everybody,
            Self::Records
            | Self::Record { .. }
            | Self::Sharing
            | Self::Grant { .. }
            | Self::ChangeGrant { .. }
            | Self::Card
            | Self::Log => Audience::Patient,
            Self::Issue
            | Self::IssueInto { .. }
            | Self::Correct { .. }
            | Self::Issued
            | Self::Granted
            | Self::GrantedRecord { .. } => Audience::Staff,
            Self::Settings => Audience::SignedIn,
        }
    }
}
