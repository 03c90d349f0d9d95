//! The elements of a data set (PS3.5, section 7), one after the other.
//!
//! Lengths come from the file: none is believed before that many bytes are known to be there, and
//! long values are passed over unread. Nesting is followed without recursion.

use std::io::Cursor;

use dicom_core::{DataDictionary, DataElementHeader, Tag, VR, dictionary::DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use dicom_parser::{
    StatefulDecode,
    dataset::{LazyDataToken, lazy_read::LazyDataSetReader},
};
use dicom_transfer_syntax_registry::TransferSyntax;

use super::{attributes::Attributes, error::DicomError, study::Element};

/// Headers of enhanced objects with hundreds of frames stay below; nobody reads more.
const ELEMENTS_MAX: usize = 20_000;
/// Structured reports nest a dozen deep.
const DEPTH_MAX: usize = 32;
/// A longer text is a document of its own, and is stated by its length.
const VALUE_BYTES_MAX: usize = 1024;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) elements: Vec<Element>,
    pub(super) attributes: Attributes,
}

impl Header {
    /// Reads on in a data set that is written in one transfer syntax.
    pub(super) fn read(
        &mut self,
        data_set: &[u8],
        syntax: &TransferSyntax,
    ) -> Result<(), DicomError> {
        let mut reader = LazyDataSetReader::new_with_ts(Cursor::new(data_set), syntax)
            .map_err(|_| self.malformed())?;
        let mut open_sequences = 0;
        while let Some(token) = reader.advance() {
            match token.map_err(|_| self.malformed())? {
                LazyDataToken::SequenceStart { tag, .. } => {
                    self.push(open_sequences, tag, VR::SQ, String::new())?;
                    open_sequences = deeper(open_sequences)?;
                }
                LazyDataToken::PixelSequenceStart => {
                    let value = "compressed picture".to_owned();
                    self.push(open_sequences, Tag(0x7fe0, 0x0010), VR::OB, value)?;
                    self.attributes.pixels_are_encapsulated = true;
                    open_sequences = deeper(open_sequences)?;
                }
                LazyDataToken::SequenceEnd => open_sequences = open_sequences.saturating_sub(1),
                LazyDataToken::LazyValue { header, decoder } => {
                    self.value(data_set, open_sequences, header, decoder)?;
                }
                LazyDataToken::LazyItemValue { len, decoder } => {
                    let start = offset(decoder.position());
                    let end = start.saturating_add(offset(len.into()));
                    if end > data_set.len() {
                        return Err(self.truncated());
                    }
                    decoder.skip_bytes(len).map_err(|_| self.malformed())?;
                }
                // Items start and end in turn; an element's value follows its header.
                _ => {}
            }
        }
        if open_sequences > 0 {
            return Err(self.truncated());
        }
        Ok(())
    }

    fn value(
        &mut self,
        data_set: &[u8],
        depth: usize,
        header: DataElementHeader,
        mut decoder: impl StatefulDecode,
    ) -> Result<(), DicomError> {
        let length = offset(header.len.0.into());
        let start = offset(decoder.position());
        let range = start..start.saturating_add(length);
        let is_whole = data_set.get(range.clone()).is_some();
        if !is_whole {
            // It is the one in which the file ends.
            self.push(depth, header.tag, header.vr, String::new())?;
            return Err(self.truncated());
        }
        if length > VALUE_BYTES_MAX || is_binary(header.vr) {
            let value = match length {
                0 => String::new(),
                length => format!("{length} bytes"),
            };
            self.push(depth, header.tag, header.vr, value)?;
            if depth == 0 {
                self.attributes.keep_bytes(header.tag, range);
            }
            return decoder
                .skip_bytes(header.len.0)
                .map_err(|_| self.malformed());
        }
        let value = decoder
            .read_value_preserved(&header)
            .map_err(|_| self.malformed())?;
        let text = value.to_str();
        // PS3.5, section 6.2: values are padded to an even length.
        let text = text.trim_end_matches([' ', '\0']).to_owned();
        self.push(depth, header.tag, header.vr, text)?;
        if depth == 0 {
            self.attributes.keep(header.tag, value);
        }
        Ok(())
    }

    fn push(&mut self, depth: usize, tag: Tag, vr: VR, value: String) -> Result<(), DicomError> {
        if self.elements.len() >= ELEMENTS_MAX {
            return Err(DicomError::TooManyElements { max: ELEMENTS_MAX });
        }
        let entry = StandardDataDictionary.by_tag(tag);
        self.elements.push(Element {
            depth,
            tag: tag.to_string(),
            vr: vr.to_string().to_owned(),
            keyword: entry
                .map(|entry| entry.alias().to_owned())
                .unwrap_or_default(),
            value,
        });
        Ok(())
    }

    fn last_tag(&self) -> String {
        let last = self.elements.last();
        last.map_or("its start".to_owned(), |element| element.tag.clone())
    }

    fn malformed(&self) -> DicomError {
        DicomError::Malformed {
            after: self.last_tag(),
        }
    }

    fn truncated(&self) -> DicomError {
        DicomError::Truncated {
            tag: self.last_tag(),
        }
    }
}

fn deeper(depth: usize) -> Result<usize, DicomError> {
    if depth >= DEPTH_MAX {
        return Err(DicomError::TooDeep { max: DEPTH_MAX });
    }
    Ok(depth + 1)
}

/// Saturated, it lies outside every file.
fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// PS3.5, section 6.2: strings of bytes or words, and what is unknown.
fn is_binary(vr: VR) -> bool {
    matches!(
        vr,
        VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN
    )
}
