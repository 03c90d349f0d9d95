//! What was found in a DICOM file: plain values, as they travel between two programs.

use serde::{Deserialize, Serialize};

/// A DICOM file for reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Study {
    /// The header, in the file's order, what is nested after what holds it.
    pub elements: Vec<Element>,
    /// The first picture.
    pub picture: Result<Picture, NoPicture>,
}

/// One element of a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// How many sequences it lies in.
    pub depth: usize,
    /// `(gggg,eeee)`.
    pub tag: String,
    /// Its value representation, two letters; PS3.5, section 6.2.
    pub vr: String,
    /// Its keyword in the standard's dictionary, empty for private ones.
    pub keyword: String,
    /// Its value as text; a statement of its length where it is long or no text.
    pub value: String,
}

/// A picture, ready to be put on a canvas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its width in pixels, never 0.
    pub columns: u32,
    /// Its height in pixels, never 0.
    pub rows: u32,
    /// How many frames the file has; this is the first.
    pub frames: u32,
    /// Red, green, blue, opacity of each pixel, row by row.
    #[serde(with = "serde_bytes")]
    pub rgba: Vec<u8>,
}

/// Why there is no picture to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NoPicture {
    /// A report, a plan or another object without pixels.
    #[error("This DICOM file holds no picture.")]
    NoPixels,
    /// The transfer syntax (PS3.5, annex A) compresses pixels.
    #[error("The picture in this DICOM file is compressed, which cannot be shown here.")]
    Compressed,
    /// More pixels than a page can hold.
    #[error("The picture in this DICOM file is too large to show: {columns} × {rows} pixels.")]
    TooLarge {
        /// Width.
        columns: u32,
        /// Height.
        rows: u32,
    },
    /// A kind of pixels that is not drawn, or that contradicts itself.
    #[error(
        "The picture in this DICOM file cannot be shown here: {photometric}, {samples} samples of \
         {bits} bits a pixel."
    )]
    NotDrawn {
        /// How it names its colours; PS3.3, section C.7.6.3.1.2.
        photometric: String,
        /// Samples a pixel.
        samples: u32,
        /// Bits a sample.
        bits: u32,
    },
    /// Fewer bytes than its size asks for.
    #[error("The picture in this DICOM file is cut off: {got} bytes where {expected} belong.")]
    CutOff {
        /// How many there are.
        got: usize,
        /// How many its first frame has.
        expected: usize,
    },
}
