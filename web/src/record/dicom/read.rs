//! From a file's bytes to what it holds.

use dicom_dictionary_std::{tags, uids};
use dicom_transfer_syntax_registry::entries::{
    EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN,
};

use super::{
    elements::Header,
    error::DicomError,
    picture::{self, ByteOrder},
    study::Study,
};

/// PS3.10, section 7.1: the preamble, then the prefix.
const PREFIX_AT: usize = 128;
const PREFIX: &[u8] = b"DICM";
/// The element that says how long the rest of the file meta information is, in its only encoding:
/// tag, `UL`, the length of a u32; then that u32.
const META_LENGTH_HEAD: &[u8] = b"\x02\x00\x00\x00UL\x04\x00";
/// Explicit VR Big Endian, PS3.5 (2016b), section A.3: retired since, and still in archives.
const EXPLICIT_BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// Reads a DICOM file.
///
/// # Errors
/// [`DicomError`] where its header cannot be read; a picture that cannot be shown is no error.
pub fn read(bytes: &[u8]) -> Result<Study, DicomError> {
    let after_prefix = bytes
        .get(PREFIX_AT..)
        .and_then(|rest| rest.strip_prefix(PREFIX))
        .ok_or(DicomError::NotDicom)?;
    let (meta, data_set) = split_meta(after_prefix).ok_or(DicomError::NoMetaInformation)?;

    let mut header = Header::default();
    header.read(meta, &EXPLICIT_VR_LITTLE_ENDIAN.erased())?;
    let transfer_syntax = header
        .attributes
        .text(tags::TRANSFER_SYNTAX_UID)
        .ok_or(DicomError::NoMetaInformation)?;
    let (syntax, byte_order) = match transfer_syntax.as_str() {
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN => return Err(DicomError::Deflated),
        uids::IMPLICIT_VR_LITTLE_ENDIAN => {
            (IMPLICIT_VR_LITTLE_ENDIAN.erased(), ByteOrder::LittleEndian)
        }
        EXPLICIT_BIG_ENDIAN => (EXPLICIT_VR_BIG_ENDIAN.erased(), ByteOrder::BigEndian),
        // Those that compress the picture write the header like this too (PS3.5, section A.4).
        _ => (EXPLICIT_VR_LITTLE_ENDIAN.erased(), ByteOrder::LittleEndian),
    };
    header.read(data_set, &syntax)?;
    Ok(Study {
        picture: picture::first(data_set, byte_order, &header.attributes),
        elements: header.elements,
    })
}

/// The file meta information, and the data set after it.
fn split_meta(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, _) = bytes.strip_prefix(META_LENGTH_HEAD)?.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let head = META_LENGTH_HEAD.len() + size_of::<u32>();
    bytes.split_at_checked(head.checked_add(length)?)
}

#[cfg(test)]
mod tests;
