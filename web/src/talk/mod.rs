//! What the page and the engine say to each other: plain data, and how it crosses between them.
//!
//! The page sends a [`Command`]; the engine answers it with [`Report`]s that bear its [`JobId`],
//! the last of them [`News::Done`] or [`News::Failed`], and reports besides whatever has changed.
//! No key and no passphrase that the engine was told ever comes back.

mod codec;
mod command;
mod explorer;
mod failure;
mod media_type;
mod network;
mod patient;
mod report;
mod staff;

pub use codec::Structured;
pub use command::{
    Command, GrantTerms, IssueTo, JobId, NewRecordForm, PatientVerb, StaffVerb, Verb,
};
pub use explorer::{
    BlockLine, DirectoryLine, Explored, ExploredHead, ExplorerVerb, Found, block_choice,
};
pub use failure::{Failure, FailureClass};
pub use network::{HeadLine, HospitalLine, KnownNetwork, NetworkNews, short_code};
pub use patient::{
    CoverageLine, EventLine, GrantLine, History, PersonaHistory, RecordLine, ScopeLine, Standing,
    SummaryLine,
};
pub use report::{Kept, News, OpenedFile, Outcome, Report, Stage, Who};
pub use staff::{RequestLine, StaffRecordLine, StaffScopeLine, StaffView};
