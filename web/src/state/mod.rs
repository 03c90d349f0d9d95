//! What the page knows, and how that changes: all decisions of the page, and nothing of how it
//! looks.

mod desk;
mod job;
mod key_status;
mod new_record;
mod page;

pub(crate) use desk::{Desk, DeskProvider, use_desk};
pub(crate) use job::{JobHandle, JobState, use_job};
pub(crate) use key_status::{KeyStatus, can_ask};
pub(crate) use new_record::{CODE_SYSTEMS, Complaints, Draft, OTHER_SYSTEM};
pub(crate) use page::{Action, PageState};
