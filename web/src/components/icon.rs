//! Small line pictures, drawn here so that none is fetched. They never say what words beside them
//! do not.

use yew::{Html, Properties, component, html};

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// The start.
    Home,
    /// A sheet of paper: records.
    Record,
    /// A card with a person: the visit card.
    Card,
    /// A key: grants.
    Key,
    /// A clock: the log.
    Clock,
    /// A building with a cross: a hospital.
    Hospital,
    /// A tray that something goes into: issuing.
    Send,
    /// Joined boxes: the explorer.
    Blocks,
    /// A wheel: settings.
    Settings,
    /// Something to know.
    Info,
    /// It went well.
    Good,
    /// It wants care.
    Warn,
    /// It went wrong.
    Danger,
}

impl Icon {
    /// Lines on a field of 24 by 24.
    const fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
            Self::Record => {
                "M6 3h8l4 4v13a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v4h4M8.5 12h7M8.5 16h7"
            }
            Self::Card => {
                "M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM6.5 16a2.5 2.5 0 0 1 5 0M9 11.5a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2M14.5 9.5H18M14.5 13.5H18"
            }
            Self::Key => "M8 19a4 4 0 1 0 0-8 4 4 0 0 0 0 8M11 12l8-8M16 7l3 3M13.5 9.5l2 2",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.5 2",
            Self::Hospital => {
                "M5 21V5a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v16M3 21h18M12 7.5v5M9.5 10h5M10 21v-4h4v4"
            }
            Self::Send => "M4 14v5a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-5M12 15V4M8 8l4-4 4 4",
            Self::Blocks => "M4 4h6v6H4zM14 14h6v6h-6zM10 7h4a3 3 0 0 1 3 3v4",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5"
            }
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5.5M12 7.5v.1",
            Self::Good => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M8 12.3l2.7 2.7 5.3-5.6",
            Self::Warn => "M12 4l9.2 16H2.8zM12 10v4.5M12 17.3v.1",
            Self::Danger => "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5v5.5M12 16.4v.1",
        }
    }
}

/// What [`Picture`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct PictureProps {
    /// What it shows.
    pub icon: Icon,
}

/// One icon, for the eye alone.
#[component]
pub fn Picture(props: &PictureProps) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d={props.icon.path()} />
        </svg>
    }
}
