//! The sample slice, small files of each transfer syntax, and what is none.

use super::*;
use crate::record::dicom::{NoPicture, Picture};

const CT_SMALL: &[u8] = include_bytes!("../../../../../samples/dicom/CT_small.dcm");

/// Writes a file as PS3.10 has it: meta information, then a data set that is given.
fn file(transfer_syntax: &str, data_set: &[u8]) -> Vec<u8> {
    let mut uid = transfer_syntax.as_bytes().to_vec();
    if uid.len() % 2 == 1 {
        uid.push(0);
    }
    let meta = explicit(0x0002, 0x0010, b"UI", &uid);
    let mut file = vec![0; PREFIX_AT];
    file.extend_from_slice(PREFIX);
    file.extend_from_slice(META_LENGTH_HEAD);
    file.extend_from_slice(&u32::try_from(meta.len()).unwrap().to_le_bytes());
    file.extend_from_slice(&meta);
    file.extend_from_slice(data_set);
    file
}

fn explicit(group: u16, element: u16, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let mut bytes = [group.to_le_bytes(), element.to_le_bytes()].concat();
    bytes.extend_from_slice(vr);
    if matches!(vr, b"OB" | b"OW" | b"SQ" | b"UT") {
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&u32::try_from(value.len()).unwrap().to_le_bytes());
    } else {
        bytes.extend_from_slice(&u16::try_from(value.len()).unwrap().to_le_bytes());
    }
    bytes.extend_from_slice(value);
    bytes
}

fn implicit(group: u16, element: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = [group.to_le_bytes(), element.to_le_bytes()].concat();
    bytes.extend_from_slice(&u32::try_from(value.len()).unwrap().to_le_bytes());
    bytes.extend_from_slice(value);
    bytes
}

fn big_endian(group: u16, element: u16, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let mut bytes = [group.to_be_bytes(), element.to_be_bytes()].concat();
    bytes.extend_from_slice(vr);
    if vr == b"OW" {
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&u32::try_from(value.len()).unwrap().to_be_bytes());
    } else {
        bytes.extend_from_slice(&u16::try_from(value.len()).unwrap().to_be_bytes());
    }
    bytes.extend_from_slice(value);
    bytes
}

/// The image pixel module of a picture two pixels wide and one high, and its pixels.
fn two_pixels(photometric: &[u8], samples: u16, bits: u16, pixels: &[u8]) -> Vec<u8> {
    let us = |element, value: u16| explicit(0x0028, element, b"US", &value.to_le_bytes());
    [
        us(0x0002, samples),
        explicit(0x0028, 0x0004, b"CS", photometric),
        us(0x0010, 1),
        us(0x0011, 2),
        us(0x0100, bits),
        explicit(0x7fe0, 0x0010, b"OW", pixels),
    ]
    .concat()
}

const EXPLICIT: &str = uids::EXPLICIT_VR_LITTLE_ENDIAN;

fn picture(data_set: &[u8]) -> Result<Picture, NoPicture> {
    read(&file(EXPLICIT, data_set)).unwrap().picture
}

fn greys(rgba: &[u8]) -> Vec<u8> {
    let (pixels, _) = rgba.as_chunks();
    pixels
        .iter()
        .map(|[red, green, blue, opacity]| {
            assert_eq!((red, red, 255), (green, blue, *opacity));
            *red
        })
        .collect()
}

#[test]
fn the_sample_slice_has_its_header() {
    let study = read(CT_SMALL).unwrap();
    // Written out by another reader: 266 at the top, and 2 items of 2 in one sequence.
    assert_eq!(
        study.elements.iter().filter(|it| it.depth == 0).count(),
        266
    );
    assert_eq!(study.elements.len(), 270);
    let element = |tag: &str| {
        let element = study.elements.iter().find(|it| it.tag == tag).unwrap();
        (
            element.depth,
            element.vr.as_str(),
            element.keyword.as_str(),
            element.value.as_str(),
        )
    };
    for (tag, expected) in [
        ("(0002,0010)", (0, "UI", "TransferSyntaxUID", EXPLICIT)),
        (
            "(0008,0008)",
            (0, "CS", "ImageType", r"ORIGINAL\PRIMARY\AXIAL"),
        ),
        (
            "(0010,0010)",
            (0, "PN", "PatientName", "CompressedSamples^CT1"),
        ),
        ("(0010,1002)", (0, "SQ", "OtherPatientIDsSequence", "")),
        ("(0010,0022)", (1, "CS", "TypeOfPatientID", "TEXT")),
        ("(0028,0010)", (0, "US", "Rows", "128")),
        ("(0028,0120)", (0, "SS", "PixelPaddingValue", "-2000")),
        ("(0028,1052)", (0, "DS", "RescaleIntercept", "-1024")),
        ("(7fe0,0010)", (0, "OW", "PixelData", "32768 bytes")),
    ] {
        assert_eq!(element(&tag.to_uppercase()), expected, "{tag}");
    }
}

#[test]
fn the_sample_slice_has_its_picture() {
    let picture = read(CT_SMALL).unwrap().picture.unwrap();
    assert_eq!(
        (picture.columns, picture.rows, picture.frames),
        (128, 128, 1)
    );
    let greys = greys(&picture.rgba);
    assert_eq!(greys.len(), 128 * 128);
    // It has no window, so its lowest and highest values span the range: 128 and 2191 as stored.
    // The first pixel is 175, the next 180.
    let (low, high) = (128.0, 2191.0);
    let spread = |stored: f64| ((stored - low) / (high - low) * 255.0_f64).round();
    assert_eq!(f64::from(greys[0]), spread(175.0));
    assert_eq!(f64::from(greys[1]), spread(180.0));
    assert_eq!(
        (greys.iter().min(), greys.iter().max()),
        (Some(&0), Some(&255))
    );
}

#[test]
fn every_uncompressed_syntax_gives_the_same_picture() {
    let pixels_little = [0, 0, 0x10, 0x01];
    let pixels_big = [0, 0, 0x01, 0x10];
    let us = |value: u16| value.to_le_bytes();
    let implicit_set = [
        implicit(0x0028, 0x0002, &us(1)),
        implicit(0x0028, 0x0004, b"MONOCHROME2 "),
        implicit(0x0028, 0x0010, &us(1)),
        implicit(0x0028, 0x0011, &us(2)),
        implicit(0x0028, 0x0100, &us(16)),
        implicit(0x7fe0, 0x0010, &pixels_little),
    ]
    .concat();
    let be = |value: u16| value.to_be_bytes();
    let big_set = [
        big_endian(0x0028, 0x0002, b"US", &be(1)),
        big_endian(0x0028, 0x0004, b"CS", b"MONOCHROME2 "),
        big_endian(0x0028, 0x0010, b"US", &be(1)),
        big_endian(0x0028, 0x0011, b"US", &be(2)),
        big_endian(0x0028, 0x0100, b"US", &be(16)),
        big_endian(0x7fe0, 0x0010, b"OW", &pixels_big),
    ]
    .concat();
    for (syntax, data_set) in [
        (EXPLICIT, two_pixels(b"MONOCHROME2 ", 1, 16, &pixels_little)),
        (uids::IMPLICIT_VR_LITTLE_ENDIAN, implicit_set),
        (EXPLICIT_BIG_ENDIAN, big_set),
    ] {
        let study = read(&file(syntax, &data_set)).unwrap();
        let picture = study.picture.unwrap();
        assert_eq!((picture.columns, picture.rows), (2, 1), "{syntax}");
        assert_eq!(greys(&picture.rgba), [0, 255], "{syntax}");
    }
}

#[test]
fn low_values_are_white_where_the_file_says_so() {
    let drawn = picture(&two_pixels(b"MONOCHROME1 ", 1, 8, &[3, 9])).unwrap();
    assert_eq!(greys(&drawn.rgba), [255, 0]);
}

#[test]
fn colours_are_drawn_pixel_by_pixel_or_plane_by_plane() {
    let pixels = [1, 2, 3, 4, 5, 6];
    let by_pixel = two_pixels(b"RGB ", 3, 8, &pixels);
    assert_eq!(
        picture(&by_pixel).unwrap().rgba,
        [1, 2, 3, 255, 4, 5, 6, 255]
    );
    let planar = explicit(0x0028, 0x0006, b"US", &1_u16.to_le_bytes());
    assert_eq!(
        picture(&[planar, by_pixel].concat()).unwrap().rgba,
        [1, 3, 5, 255, 2, 4, 6, 255]
    );
}

#[test]
fn the_first_of_many_frames_is_drawn_and_their_number_told() {
    let frames = explicit(0x0028, 0x0008, b"IS", b"2 ");
    let two = two_pixels(b"MONOCHROME2 ", 1, 8, &[0, 255, 7, 7]);
    let picture = picture(&[frames, two].concat()).unwrap();
    assert_eq!(picture.frames, 2);
    assert_eq!(greys(&picture.rgba), [0, 255]);
}

#[test]
fn a_picture_that_cannot_be_shown_leaves_the_header() {
    let us = |element, value: u16| explicit(0x0028, element, b"US", &value.to_le_bytes());
    let not_drawn = |photometric: &str, samples, bits| NoPicture::NotDrawn {
        photometric: photometric.to_owned(),
        samples,
        bits,
    };
    let huge = [
        us(0x0010, u16::MAX),
        us(0x0011, u16::MAX),
        explicit(0x7fe0, 0x0010, b"OW", &[]),
    ]
    .concat();
    // Encapsulated: an empty table of offsets, one fragment, the end (PS3.5, section A.4).
    let mut compressed = explicit(0x7fe0, 0x0010, b"OB", &[]);
    let length = compressed.len() - 4;
    compressed[length..].fill(0xff);
    compressed.extend_from_slice(b"\xfe\xff\x00\xe0\x00\x00\x00\x00");
    compressed.extend_from_slice(b"\xfe\xff\x00\xe0\x02\x00\x00\x00\xff\xd8");
    compressed.extend_from_slice(b"\xfe\xff\xdd\xe0\x00\x00\x00\x00");
    for (data_set, why) in [
        (us(0x0010, 1), NoPicture::NoPixels),
        (
            huge,
            NoPicture::TooLarge {
                columns: 65_535,
                rows: 65_535,
            },
        ),
        (compressed, NoPicture::Compressed),
        (
            two_pixels(b"MONOCHROME2 ", 1, 16, &[1, 2]),
            NoPicture::CutOff {
                got: 2,
                expected: 4,
            },
        ),
        (
            two_pixels(b"PALETTE COLOR ", 1, 8, &[1, 2]),
            not_drawn("PALETTE COLOR", 1, 8),
        ),
        (
            two_pixels(b"MONOCHROME2 ", 1, 32, &[0; 8]),
            not_drawn("MONOCHROME2", 1, 32),
        ),
        (
            explicit(0x7fe0, 0x0010, b"OW", &[0; 8]),
            not_drawn("", 1, 0),
        ),
    ] {
        let study = read(&file(EXPLICIT, &data_set)).unwrap();
        assert_eq!(study.picture, Err(why));
        assert!(study.elements.len() >= 3);
    }
}

#[test]
fn what_is_no_dicom_file_is_told_apart() {
    let mut without_meta = vec![0; PREFIX_AT];
    without_meta.extend_from_slice(PREFIX);
    for (bytes, error) in [
        (vec![], DicomError::NotDicom),
        (vec![0; 4096], DicomError::NotDicom),
        (without_meta, DicomError::NoMetaInformation),
        (
            file(uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, &[1, 2, 3]),
            DicomError::Deflated,
        ),
    ] {
        assert_eq!(read(&bytes), Err(error));
    }
}

#[test]
fn a_length_beyond_the_file_is_not_believed() {
    let mut claims_4_gib = explicit(0x7fe0, 0x0010, b"OW", &[]);
    let length = claims_4_gib.len() - 4;
    claims_4_gib[length..].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    assert_eq!(
        read(&file(EXPLICIT, &claims_4_gib)),
        Err(DicomError::Truncated {
            tag: "(7FE0,0010)".to_owned()
        })
    );
}

#[test]
fn sequences_are_followed_to_a_limit_and_no_stack_overflows() {
    // A sequence and an item of unknown length, within such, and so on.
    let level = b"\x40\x00\x30\xa7SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff";
    let nested = read(&file(EXPLICIT, &level.repeat(100_000)));
    assert_eq!(nested, Err(DicomError::TooDeep { max: 32 }));
    let open = read(&file(EXPLICIT, level));
    assert!(
        matches!(open, Err(DicomError::Truncated { .. })),
        "{open:?}"
    );
}

#[test]
fn a_header_without_end_is_refused() {
    let many = explicit(0x0009, 0x0010, b"LO", b"AB").repeat(20_001);
    assert_eq!(
        read(&file(EXPLICIT, &many)),
        Err(DicomError::TooManyElements { max: 20_000 })
    );
}

#[test]
fn a_file_cut_off_or_altered_anywhere_never_panics() {
    // Steps that share no factor with the lengths in it, so that every part of an element is met.
    for end in (0..7_000).step_by(29) {
        let _ = read(&CT_SMALL[..end]);
    }
    assert!(read(&CT_SMALL[..CT_SMALL.len() - 200]).is_err());
    let mut altered = CT_SMALL.to_vec();
    for place in (0..7_000).step_by(23) {
        let original = altered[place];
        for change in [0xff, original ^ 0x01] {
            altered[place] = change;
            let _ = read(&altered);
        }
        altered[place] = original;
    }
}
