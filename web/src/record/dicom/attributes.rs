//! What the picture needs to know from the header.

use std::{collections::BTreeMap, ops::Range};

use dicom_core::{PrimitiveValue, Tag};
use dicom_dictionary_std::tags;

/// Values of the data set itself, not of sequences in it: a thumbnail's size says nothing of the
/// picture's.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    values: BTreeMap<Tag, PrimitiveValue>,
    /// Where the pixels lie in the data set, if they are there and not compressed.
    pub(super) pixels: Option<Range<usize>>,
    pub(super) pixels_are_encapsulated: bool,
}

impl Attributes {
    /// Keeps a value if it is one of those that are asked for later.
    pub(super) fn keep(&mut self, tag: Tag, value: PrimitiveValue) {
        let is_image_pixel_module = tag.group() == 0x0028;
        if is_image_pixel_module || tag == tags::TRANSFER_SYNTAX_UID {
            self.values.insert(tag, value);
        }
    }

    /// Keeps where a value lies that was not read, if it is the picture.
    pub(super) fn keep_bytes(&mut self, tag: Tag, range: Range<usize>) {
        if tag == tags::PIXEL_DATA {
            self.pixels = Some(range);
        }
    }

    pub(super) fn text(&self, tag: Tag) -> Option<String> {
        let text = self.values.get(&tag)?.to_str();
        Some(text.trim_matches([' ', '\0']).to_owned())
    }

    /// The first of its numbers, if it is a finite one.
    pub(super) fn number(&self, tag: Tag) -> Option<f64> {
        let numbers = self.values.get(&tag)?.to_multi_float64().ok()?;
        numbers.first().copied().filter(|number| number.is_finite())
    }

    pub(super) fn count(&self, tag: Tag) -> Option<u32> {
        let counts = self.values.get(&tag)?.to_multi_int().ok()?;
        counts.first().copied()
    }
}
