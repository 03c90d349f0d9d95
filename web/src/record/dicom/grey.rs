//! From stored values to shades of grey (PS3.3, sections C.11.1 and C.11.2).

use dicom_dictionary_std::tags;

use super::attributes::Attributes;

/// Pixels as they are stored: of 16 bits, wider ones being rare and not drawn.
pub(super) struct Samples {
    words: Vec<u16>,
}

impl Samples {
    pub(super) fn one_byte(bytes: &[u8]) -> Self {
        Self {
            words: bytes.iter().copied().map(u16::from).collect(),
        }
    }

    pub(super) fn two_bytes_little_endian(bytes: &[u8]) -> Self {
        let (words, _) = bytes.as_chunks();
        Self {
            words: words.iter().copied().map(u16::from_le_bytes).collect(),
        }
    }

    pub(super) fn two_bytes_big_endian(bytes: &[u8]) -> Self {
        let (words, _) = bytes.as_chunks();
        Self {
            words: words.iter().copied().map(u16::from_be_bytes).collect(),
        }
    }
}

/// How stored values become shades.
pub(super) struct Grey {
    bits_stored: u32,
    is_signed: bool,
    slope: f64,
    intercept: f64,
    /// Centre and width, in rescaled values.
    window: Option<(f64, f64)>,
    /// A stored value that stands for no measurement.
    padding: Option<i32>,
    low_is_white: bool,
}

impl Grey {
    pub(super) fn of(attributes: &Attributes) -> Self {
        let bits_allocated = attributes.count(tags::BITS_ALLOCATED).unwrap_or(16);
        let bits_stored = attributes.count(tags::BITS_STORED);
        let bits_stored = bits_stored.unwrap_or(bits_allocated);
        let center = attributes.number(tags::WINDOW_CENTER);
        let width = attributes.number(tags::WINDOW_WIDTH);
        let photometric = attributes.text(tags::PHOTOMETRIC_INTERPRETATION);
        let mut grey = Self {
            bits_stored: bits_stored.clamp(1, 16),
            is_signed: attributes.count(tags::PIXEL_REPRESENTATION) == Some(1),
            slope: attributes.number(tags::RESCALE_SLOPE).unwrap_or(1.0),
            intercept: attributes.number(tags::RESCALE_INTERCEPT).unwrap_or(0.0),
            // Section C.11.2.1.2.1: a width is never less than 1.
            window: center.zip(width).filter(|(_, width)| *width >= 1.0),
            padding: None,
            low_is_white: photometric.as_deref() == Some("MONOCHROME1"),
        };
        let padding = attributes.number(tags::PIXEL_PADDING_VALUE);
        // Signed or not as the pixels are; a writer that mixed the two meant the same bits.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bits = padding.map(|padding| padding as i32 as u16);
        grey.padding = bits.map(|bits| grey.stored(bits));
        grey
    }

    /// A shade for each pixel, 0 is black.
    pub(super) fn levels(&self, samples: &Samples) -> Vec<u8> {
        let (center, width) = self.window.unwrap_or_else(|| self.full_range(samples));
        let level = |word: &u16| {
            let shade = shade(self.rescaled(self.stored(*word)), center, width);
            if self.low_is_white {
                255 - shade
            } else {
                shade
            }
        };
        samples.words.iter().map(level).collect()
    }

    /// The bits that count, with their sign.
    fn stored(&self, word: u16) -> i32 {
        let unused = 32 - self.bits_stored;
        let shifted = u32::from(word) << unused;
        if self.is_signed {
            shifted.cast_signed() >> unused
        } else {
            (shifted >> unused).cast_signed()
        }
    }

    fn rescaled(&self, stored: i32) -> f64 {
        f64::from(stored) * self.slope + self.intercept
    }

    /// A window from the darkest to the brightest pixel that was measured.
    fn full_range(&self, samples: &Samples) -> (f64, f64) {
        let measured = samples
            .words
            .iter()
            .map(|word| self.stored(*word))
            .filter(|stored| Some(*stored) != self.padding)
            .map(|stored| self.rescaled(stored));
        let (low, high) = measured.fold((f64::MAX, f64::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        if low > high {
            return (0.5, 1.0);
        }
        // So that in `shade` the lowest is the last black one and the highest the first white one.
        ((low + high) / 2.0 + 0.5, (high - low) + 1.0)
    }
}

/// Section C.11.2.1.2.1, the linear function, with its own names; `y` from 0 to 255.
fn shade(x: f64, c: f64, w: f64) -> u8 {
    let half = (w - 1.0) / 2.0;
    let x = x - (c - 0.5);
    if x <= -half {
        return 0;
    }
    if x > half {
        return 255;
    }
    let y = (x / (w - 1.0) + 0.5) * 255.0;
    // Between 0 and 255 by the two comparisons above.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let y = y.round() as u8;
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(bits_stored: u32, is_signed: bool) -> Grey {
        Grey {
            bits_stored,
            is_signed,
            slope: 1.0,
            intercept: 0.0,
            window: None,
            padding: None,
            low_is_white: false,
        }
    }

    #[test]
    fn only_the_stored_bits_count_with_their_sign() {
        assert_eq!(grey(12, false).stored(0xffff), 0x0fff);
        assert_eq!(grey(12, true).stored(0x0fff), -1);
        assert_eq!(grey(16, true).stored(0xf830), -2000);
        assert_eq!(grey(8, false).stored(0x00ff), 255);
    }

    #[test]
    fn without_a_window_the_measured_range_is_spread_out() {
        let samples = Samples {
            words: vec![100, 150, 200, 0],
        };
        let mut grey = grey(16, false);
        grey.padding = Some(0);
        assert_eq!(grey.levels(&samples), [0, 128, 255, 0]);
        grey.low_is_white = true;
        assert_eq!(grey.levels(&samples), [255, 127, 0, 255]);
    }

    #[test]
    fn a_window_is_in_rescaled_values() {
        let mut grey = grey(16, false);
        grey.slope = 2.0;
        grey.intercept = -100.0;
        grey.window = Some((100.0, 101.0));
        // 50 and below are black, 150 is the last that is not yet cut off.
        let samples = Samples {
            words: vec![0, 74, 75, 100, 125, 126],
        };
        assert_eq!(grey.levels(&samples), [0, 0, 1, 129, 255, 255]);
    }

    #[test]
    fn a_picture_of_one_shade_is_drawn() {
        let samples = Samples { words: vec![7, 7] };
        assert_eq!(grey(16, false).levels(&samples), [0, 0]);
        let nothing = Samples { words: vec![] };
        assert!(grey(16, false).levels(&nothing).is_empty());
    }
}
