//! What a summary says, within limits that keep it in one transaction.

use alloc::string::String;

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_primitives::{Maybe, Timestamp};

use super::SummaryError;
use crate::MediaType;

/// A title in UTF-8 bytes: two lines on a phone.
pub(super) const TITLE_BYTES_MAX: usize = 256;

/// A code system's URI: the longest of HL7's stay under 100.
pub(super) const SYSTEM_BYTES_MAX: usize = 160;

/// A code: post-coordinated SNOMED CT expressions aside, under 30.
pub(super) const CODE_BYTES_MAX: usize = 96;

/// A FHIR resource type: `MedicinalProductContraindication` has 32.
pub(super) const FHIR_TYPE_BYTES_MAX: usize = 64;

/// A code and the system it is from, as FHIR's `Coding`.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct Coding {
    /// The URI of the code system, as `http://snomed.info/sct`.
    pub system: String,
    /// The code, as `38341003`.
    pub code: String,
}

/// When what the record tells of happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct Period {
    /// Its start.
    pub start: Timestamp,
    /// Its end, unless it goes on.
    pub end: Maybe<Timestamp>,
}

/// What a summary says, not yet held against its limits. Canonically an RLP list in this order.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct SummaryFields {
    /// What the record is called, in the issuer's words.
    pub title: String,
    /// The disease or reason.
    pub code: Coding,
    /// The FHIR resource type, or the one that would describe the file, as `DocumentReference`.
    pub fhir_type: String,
    /// What the file is.
    pub media_type: MediaType,
    /// When the record was issued.
    pub issued_at: Timestamp,
    /// When what it tells of happened.
    pub period: Maybe<Period>,
}

/// A summary within its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary(SummaryFields);

impl Summary {
    /// # Errors
    /// [`SummaryError::TooLong`], [`SummaryError::Empty`] and [`SummaryError::Control`] for a
    /// text; [`SummaryError::EndsBeforeStart`].
    pub fn new(fields: SummaryFields) -> Result<Self, SummaryError> {
        check_text("title", &fields.title, TITLE_BYTES_MAX)?;
        check_text("code system", &fields.code.system, SYSTEM_BYTES_MAX)?;
        check_text("code", &fields.code.code, CODE_BYTES_MAX)?;
        check_text("FHIR type", &fields.fhir_type, FHIR_TYPE_BYTES_MAX)?;
        if let Maybe(Some(Period {
            start,
            end: Maybe(Some(end)),
        })) = fields.period
            && end < start
        {
            return Err(SummaryError::EndsBeforeStart { start, end });
        }
        Ok(Self(fields))
    }

    /// What it says.
    pub const fn fields(&self) -> &SummaryFields {
        &self.0
    }
}

fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), SummaryError> {
    if text.is_empty() {
        return Err(SummaryError::Empty { field });
    }
    if text.len() > max {
        return Err(SummaryError::TooLong {
            field,
            got: text.len(),
            max,
        });
    }
    if let Some(got) = text.chars().find(|character| is_control(*character)) {
        return Err(SummaryError::Control { field, got });
    }
    Ok(())
}

/// Characters that draw nothing and change how others are drawn: a title must read as it is.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
