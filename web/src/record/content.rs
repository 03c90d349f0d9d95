//! An opened record: bytes that were checked against what its hospital committed to.

use keepwell_seal::MediaType;
use web_sys::Blob;
use yew::AttrValue;

/// What is to be drawn. The bytes stay with the browser until something reads them.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// What it is, by its sealed summary.
    pub media_type: MediaType,
    /// What its hospital calls it.
    pub title: AttrValue,
    /// The name under which it would be saved.
    pub file_name: AttrValue,
    /// Its bytes.
    pub blob: Blob,
}
