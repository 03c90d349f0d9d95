//! Text as a QR code, to be shown to a camera.

use qrcode::{Color, EcLevel, QrCode};
use yew::{AttrValue, Html, Properties, component, html};

/// Light modules on every side: ISO/IEC 18004 asks for four.
const QUIET: usize = 4;
/// A phone's camera takes in no finer code from another phone's screen: version 25.
const SIDE_MAX: usize = 117;

/// What [`Qr`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct QrProps {
    /// What the code says.
    pub text: AttrValue,
    /// What the code is.
    pub label: AttrValue,
}

/// An image; nothing if the text is too long for one. Whoever has no camera needs the text beside
/// it, in a [`CopyText`](super::CopyText).
#[component]
pub fn Qr(props: &QrProps) -> Html {
    let Some(Drawing { side, path }) = Drawing::of(&props.text) else {
        return Html::default();
    };
    let side = side.to_string();
    html! {
        <svg
            class="qr" role="img" aria-label={&props.label}
            viewBox={format!("0 0 {side} {side}")} shape-rendering="crispEdges"
        >
            <rect class="qr-ground" width={side.clone()} height={side} />
            <path class="qr-modules" d={path} />
        </svg>
    }
}

/// The dark modules as one SVG path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The side of the square, quiet zone included, in modules.
    pub side: usize,
    /// A rectangle one module high for each run of dark modules.
    pub path: String,
}

impl Drawing {
    /// The code of a text; none if it is too long. Of two levels of error correction, the higher
    /// one that fits.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = [EcLevel::M, EcLevel::L]
            .into_iter()
            .filter_map(|level| QrCode::with_error_correction_level(text, level).ok())
            .find(|code| code.width() <= SIDE_MAX)?;
        let width = code.width();
        let modules = code.into_colors();
        let mut path = String::new();
        for (y, row) in modules.chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, next| one == next) {
                if run.first() == Some(&Color::Dark) {
                    let (left, top, long) = (x + QUIET, y + QUIET, run.len());
                    path.push_str(&format!("M{left} {top}h{long}v1h-{long}z"));
                }
                x += run.len();
            }
        }
        Some(Self {
            side: width + 2 * QUIET,
            path,
        })
    }
}
