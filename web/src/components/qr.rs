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

#[cfg(test)]
mod tests {
    use rqrr::PreparedImage;

    use super::{Drawing, QUIET};

    /// So many pixels a module's side.
    const SCALE: usize = 4;

    #[test]
    fn an_independent_reader_reads_what_is_drawn() {
        let card = card(400);
        let drawing = Drawing::of(&card).expect("it fits");
        assert_eq!(read(&drawing), card);
    }

    #[test]
    fn a_text_that_fits_only_with_less_correction_is_read_too() {
        let card = card(1_200);
        let drawing = Drawing::of(&card).expect("it fits");
        assert_eq!(drawing.side, 117 + 2 * QUIET);
        assert_eq!(read(&drawing), card);
    }

    #[test]
    fn a_text_too_long_for_a_camera_is_not_drawn() {
        assert_eq!(Drawing::of(&card(1_400)), None);
        assert_eq!(Drawing::of(&card(10_000)), None);
    }

    /// Text such as a visit card's: lower case letters and digits behind a prefix.
    fn card(long: usize) -> String {
        let digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l".chars().cycle();
        "kwcard1"
            .chars()
            .chain(digits.step_by(7))
            .take(long)
            .collect()
    }

    fn read(drawing: &Drawing) -> String {
        let dark = painted(drawing);
        let side = drawing.side * SCALE;
        let mut image = PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            if dark[y / SCALE][x / SCALE] { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        let [grid] = grids.as_slice() else {
            panic!("{} codes in the image", grids.len())
        };
        grid.decode().expect("it is a code").1
    }

    /// The path as an image: what SVG says of `M`, `h`, `v` and `z`, for rectangles one high.
    fn painted(drawing: &Drawing) -> Vec<Vec<bool>> {
        let mut dark = vec![vec![false; drawing.side]; drawing.side];
        for rectangle in drawing.path.split_terminator('z') {
            let rectangle = rectangle.strip_prefix('M').expect("it starts at a point");
            let (point, sides) = rectangle.split_once('h').expect("it has a side");
            let (x, y) = point.split_once(' ').expect("a point is two numbers");
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let (long, back) = sides.split_once("v1h-").expect("it is one high");
            assert_eq!(long, back, "it closes");
            dark[y][x..x + long.parse::<usize>().unwrap()].fill(true);
        }
        dark
    }
}
