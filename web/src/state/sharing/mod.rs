//! Who may open what: as it stands, and as a patient wants to change it.

mod grant_form;
mod purpose;
mod readiness;
mod shares;

pub(crate) use grant_form::{Edit, GrantForm, GrantMistake, Offer, Until, What};
pub(crate) use purpose::{PURPOSES, purpose_words};
pub(crate) use readiness::Readiness;
pub(crate) use shares::{GrantEnd, Shares, end_of, find_scope, live_grant, scope_name, title_of};
