//! Why a file's header cannot be read. Without its picture a header is still a [`super::Study`].

use serde::{Deserialize, Serialize};

/// Why bytes are not a DICOM file that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum DicomError {
    /// PS3.10, section 7.1: 128 bytes, then `DICM`.
    #[error("This is not a DICOM file: it does not start as one.")]
    NotDicom,
    /// PS3.10, section 7.1: the file meta information starts with its length.
    #[error("This DICOM file does not say how it is written.")]
    NoMetaInformation,
    /// PS3.5, section A.5: the whole data set is compressed.
    #[error("This DICOM file is compressed as a whole, which cannot be shown here.")]
    Deflated,
    /// A value, sequence or item goes on after the file's end.
    #[error("This DICOM file ends in the middle of {tag}.")]
    Truncated {
        /// The element, as `(gggg,eeee)`.
        tag: String,
    },
    /// Bytes that are no element, after one that is.
    #[error("This DICOM file cannot be read after {after}.")]
    Malformed {
        /// The last element that was read, as `(gggg,eeee)`.
        after: String,
    },
    /// More elements than a header that people read has.
    #[error("This DICOM file has more than {max} elements, too many to show.")]
    TooManyElements {
        /// The limit.
        max: usize,
    },
    /// Sequences within sequences.
    #[error("This DICOM file nests more than {max} sequences, too many to show.")]
    TooDeep {
        /// The limit.
        max: usize,
    },
}
