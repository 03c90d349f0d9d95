//! The first frame of a picture that is not compressed (PS3.3, section C.7.6.3; PS3.5, section 8).

use dicom_dictionary_std::tags;

use super::{
    attributes::Attributes,
    grey::{Grey, Samples},
    study::{NoPicture, Picture},
};

/// The largest detectors have this many pixels; four bytes each, it is 64 MiB on a canvas.
const PIXELS_MAX: u64 = 4096 * 4096;
const OPAQUE: u8 = 255;

/// How numbers of more than a byte are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    LittleEndian,
    BigEndian,
}

pub(super) fn first(
    data_set: &[u8],
    byte_order: ByteOrder,
    attributes: &Attributes,
) -> Result<Picture, NoPicture> {
    if attributes.pixels_are_encapsulated {
        return Err(NoPicture::Compressed);
    }
    let range = attributes.pixels.clone().ok_or(NoPicture::NoPixels)?;
    let bytes = data_set.get(range).ok_or(NoPicture::NoPixels)?;
    let columns = attributes.count(tags::COLUMNS).unwrap_or(0);
    let rows = attributes.count(tags::ROWS).unwrap_or(0);
    let pixels = u64::from(columns) * u64::from(rows);
    if pixels > PIXELS_MAX {
        return Err(NoPicture::TooLarge { columns, rows });
    }
    let pixels = usize::try_from(pixels).unwrap_or(0);
    let rgba = rgba(bytes, pixels, byte_order, attributes)?;
    Ok(Picture {
        columns,
        rows,
        frames: attributes.count(tags::NUMBER_OF_FRAMES).unwrap_or(1),
        rgba,
    })
}

fn rgba(
    bytes: &[u8],
    pixels: usize,
    byte_order: ByteOrder,
    attributes: &Attributes,
) -> Result<Vec<u8>, NoPicture> {
    let photometric = attributes
        .text(tags::PHOTOMETRIC_INTERPRETATION)
        .unwrap_or_default();
    let samples = attributes.count(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
    let bits = attributes.count(tags::BITS_ALLOCATED).unwrap_or(0);
    let frame = |bytes_of_a_pixel: usize| {
        let expected = pixels * bytes_of_a_pixel;
        let got = bytes.len();
        bytes
            .get(..expected)
            .ok_or(NoPicture::CutOff { got, expected })
    };
    let two_bytes = match byte_order {
        ByteOrder::LittleEndian => Samples::two_bytes_little_endian,
        ByteOrder::BigEndian => Samples::two_bytes_big_endian,
    };
    // Bytes written as big-endian words (OW) come swapped in pairs: nobody writes so any more.
    let eight_bits_in_order = byte_order == ByteOrder::LittleEndian;
    let samples = match (photometric.as_str(), samples, bits) {
        _ if pixels == 0 => None,
        ("MONOCHROME1" | "MONOCHROME2", 1, 8) if eight_bits_in_order => {
            Some(Samples::one_byte(frame(1)?))
        }
        ("MONOCHROME1" | "MONOCHROME2", 1, 16) => Some(two_bytes(frame(2)?)),
        ("RGB", 3, 8) if eight_bits_in_order => {
            let by_plane = attributes.count(tags::PLANAR_CONFIGURATION) == Some(1);
            return Ok(colours(frame(3)?, pixels, by_plane));
        }
        _ => None,
    }
    .ok_or(NoPicture::NotDrawn {
        photometric,
        samples,
        bits,
    })?;
    let grey = Grey::of(attributes);
    let levels = grey.levels(&samples);
    Ok(levels
        .into_iter()
        .flat_map(|level| [level, level, level, OPAQUE])
        .collect())
}

/// Red, green and blue of each pixel in turn, or all red, all green, all blue.
fn colours(bytes: &[u8], pixels: usize, by_plane: bool) -> Vec<u8> {
    if by_plane {
        let (red, rest) = bytes.split_at(pixels);
        let (green, blue) = rest.split_at(pixels);
        let planes = red.iter().zip(green).zip(blue);
        return planes
            .flat_map(|((red, green), blue)| [*red, *green, *blue, OPAQUE])
            .collect();
    }
    let (colours, _) = bytes.as_chunks::<3>();
    colours
        .iter()
        .flat_map(|[red, green, blue]| [*red, *green, *blue, OPAQUE])
        .collect()
}
