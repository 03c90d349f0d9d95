//! A DICOM file (NEMA PS3): its header, and its picture if that is not compressed.
//!
//! [`read`] runs in a program of its own (`src/bin/dicom.rs`), since the standard's dictionary and
//! parser weigh more than the whole page; what it found comes to the page as a [`Study`].

mod attributes;
mod elements;
mod error;
mod grey;
mod picture;
mod read;
mod study;
mod view;

pub use error::DicomError;
pub use read::read;
pub use study::{Element, NoPicture, Picture, Study};
pub use view::{StudyView, StudyViewProps};
