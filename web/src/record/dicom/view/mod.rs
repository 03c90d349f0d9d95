//! How a DICOM file is drawn: its picture, the facts people look for, and its whole header.

mod canvas;
mod header;
mod study;

pub use study::{StudyView, StudyViewProps};
