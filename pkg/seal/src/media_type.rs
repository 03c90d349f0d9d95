//! What kind of document a file is, by its first bytes and its name: enough to refuse a file that
//! is not what its name says before it is sealed for good. It parses no document.

use alloc::string::{String, ToString};
use core::fmt;

use alloy_rlp::{BufMut, Decodable, Encodable, Header};

/// The kinds of documents that a patient can open here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// A FHIR resource or bundle in JSON (HL7 FHIR, "JSON Representation of Resources").
    FhirJson,
    /// PDF (ISO 32000).
    Pdf,
    /// PNG (W3C PNG).
    Png,
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// A DICOM file (PS3.10): 128 bytes of preamble, then `DICM`.
    Dicom,
}

impl MediaType {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::FhirJson,
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Dicom,
    ];

    /// How many first bytes [`MediaType::sniff`] wants: in FHIR's JSON, `resourceType` may follow
    /// a few other properties.
    pub const SNIFFED_BYTES: usize = 4096;

    /// The IANA media type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FhirJson => "application/fhir+json",
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Dicom => "application/dicom",
        }
    }

    /// The kind of a file from its first [`MediaType::SNIFFED_BYTES`] (or all it has). A name
    /// without a known extension, as DICOM's often are, leaves it to the bytes.
    ///
    /// # Errors
    /// [`NotWhatItsNameSays`] where name and bytes differ, or neither tells a kind.
    pub fn sniff(first_bytes: &[u8], file_name: &str) -> Result<Self, NotWhatItsNameSays> {
        let got = Self::of_bytes(first_bytes);
        let expected = Self::of_name(file_name);
        match (got, expected) {
            (Some(got), None) => Ok(got),
            (Some(got), Some(expected)) if got == expected => Ok(got),
            _ => Err(NotWhatItsNameSays {
                name: file_name.to_string(),
                expected,
                got,
            }),
        }
    }

    /// The kind that a file's name alone tells: all there is for an empty file.
    pub fn of_name(file_name: &str) -> Option<Self> {
        let (_, extension) = file_name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "json" => Some(Self::FhirJson),
            "pdf" => Some(Self::Pdf),
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "dcm" | "dicom" => Some(Self::Dicom),
            _ => None,
        }
    }

    fn of_bytes(first_bytes: &[u8]) -> Option<Self> {
        // First: a DICOM preamble may hold another format's head, for readers of both.
        if first_bytes.get(128..132) == Some(b"DICM") {
            return Some(Self::Dicom);
        }
        if first_bytes.starts_with(b"%PDF-") {
            return Some(Self::Pdf);
        }
        if first_bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if first_bytes.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        is_fhir_json(first_bytes).then_some(Self::FhirJson)
    }
}

fn is_fhir_json(first_bytes: &[u8]) -> bool {
    let text = first_bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(first_bytes);
    let key = b"\"resourceType\"";
    text.trim_ascii_start().starts_with(b"{") && text.windows(key.len()).any(|part| part == key)
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Encodable for MediaType {
    fn encode(&self, out: &mut dyn BufMut) {
        self.as_str().encode(out);
    }

    fn length(&self) -> usize {
        self.as_str().length()
    }
}

impl Decodable for MediaType {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let text = Header::decode_bytes(buf, false)?;
        Self::ALL
            .into_iter()
            .find(|media_type| media_type.as_str().as_bytes() == text)
            .ok_or(alloy_rlp::Error::Custom("not a known media type"))
    }
}

/// A file whose bytes and name do not agree on what it is, or tell nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not what its name says: {} by its name, {} by its content", or_unknown(.expected), or_unknown(.got))]
pub struct NotWhatItsNameSays {
    /// The file's name.
    pub name: String,
    /// The kind by its name, if that tells one.
    pub expected: Option<MediaType>,
    /// The kind by its bytes, if they tell one.
    pub got: Option<MediaType>,
}

fn or_unknown(media_type: &Option<MediaType>) -> &'static str {
    media_type.map_or("unknown", MediaType::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dicom() -> [u8; 140] {
        let mut bytes = [0; 140];
        bytes[128..132].copy_from_slice(b"DICM");
        bytes
    }

    #[test]
    fn each_kind_is_known_by_its_first_bytes() {
        let dicom = dicom();
        for (name, bytes, media_type) in [
            (
                "a.json",
                &b" \n{ \"resourceType\": \"Bundle\" }"[..],
                MediaType::FhirJson,
            ),
            ("b.PDF", b"%PDF-1.7\n", MediaType::Pdf),
            ("c.png", b"\x89PNG\r\n\x1a\n....", MediaType::Png),
            ("d.jpeg", b"\xff\xd8\xff\xe0", MediaType::Jpeg),
            ("e.dcm", &dicom, MediaType::Dicom),
            ("IM0001", &dicom, MediaType::Dicom),
        ] {
            assert_eq!(MediaType::sniff(bytes, name), Ok(media_type), "{name}");
        }
    }

    #[test]
    fn file_that_is_not_what_its_name_says_is_named() {
        for (name, bytes, expected, got) in [
            (
                "scan.pdf",
                &b"\x89PNG\r\n\x1a\n"[..],
                Some(MediaType::Pdf),
                Some(MediaType::Png),
            ),
            ("scan.png", b"", Some(MediaType::Png), None),
            ("plain.json", b"{\"a\": 1}", Some(MediaType::FhirJson), None),
            ("letter.doc", b"\xd0\xcf\x11\xe0", None, None),
        ] {
            assert_eq!(
                MediaType::sniff(bytes, name),
                Err(NotWhatItsNameSays {
                    name: name.to_string(),
                    expected,
                    got
                })
            );
        }
    }

    #[test]
    fn the_error_reads_for_a_person() {
        let error = MediaType::sniff(b"%PDF-1.4", "x.png").unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"x.png\" is not what its name says: image/png by its name, application/pdf by its content"
        );
    }
}
