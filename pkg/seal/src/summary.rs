//! The summary of a record: what the timeline is drawn from, sealed beside the record on the chain.

mod error;
mod fields;
mod sealed;

pub use error::{SummaryError, SummaryOpenError};
pub use fields::{Coding, Period, Summary, SummaryFields};
pub use sealed::SealedSummary;
