//! JSON as a document has it: fields in their order, numbers digit for digit.
//!
//! `serde_json::Value` sorts fields and turns decimals into floats. FHIR gives the digits of a
//! decimal a meaning (R4, "Data Types", decimal: its precision is part of the value), so a record
//! is read into a type of its own. serde_json still does the parsing.

mod read;
mod value;
mod write;

pub(crate) use read::JsonError;
pub(crate) use value::Json;
