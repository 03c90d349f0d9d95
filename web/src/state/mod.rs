//! What the page knows, and how that changes: all decisions of the page, and nothing of how it
//! looks.

mod desk;
mod job;
mod page;

pub(crate) use desk::{Desk, DeskProvider, use_desk};
pub(crate) use job::{JobHandle, JobState, use_job};
pub(crate) use page::{Action, PageState};
