//! What an opened record looks like.
//!
//! Readers are pure: text or bytes in, plain values out. Views draw such values and know no port.
//! Between them stands [`RecordView`], in `opened`.

mod content;
pub mod dicom;
mod fhir;
mod frame;
mod json;
mod opened;
mod raw;
mod size;

pub use content::Content;
pub use opened::{RecordView, RecordViewProps};
