//! What the page knows, and how that changes: all decisions of the page, and nothing of how it
//! looks.

mod desk;
mod job;
mod key_status;
mod log;
mod new_record;
mod page;
mod sharing;

pub(crate) use desk::{Desk, DeskProvider, use_desk};
pub(crate) use job::{JobHandle, JobState, use_job};
pub(crate) use key_status::{KeyStatus, can_ask};
pub(crate) use log::{LogLine, checked_as_of, log};
pub(crate) use new_record::{CODE_SYSTEMS, Complaints, Draft, OTHER_SYSTEM};
pub(crate) use page::{Action, PageState};
pub(crate) use sharing::{
    Edit, GrantEnd, GrantForm, GrantMistake, Offer, PURPOSES, Readiness, Shares, Until, What,
    end_of, find_scope, live_grant, purpose_words, scope_name, title_of,
};
