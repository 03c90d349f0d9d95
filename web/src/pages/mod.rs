//! One file for each page.

mod card;
mod explorer;
mod grant;
mod lacking;
mod log;
mod network_gate;
mod new_patient;
mod not_found;
mod parts;
mod record;
mod records;
mod restore;
mod settings;
mod sharing;
mod staff;
mod staff_sign_in;
mod start;
mod unlock;

pub(crate) use card::Card;
pub(crate) use explorer::{
    ExplorerBlock, ExplorerBlocks, ExplorerHospitals, ExplorerPeers, ExplorerWaiting,
};
pub(crate) use grant::Grant;
pub(crate) use lacking::Lacking;
pub(crate) use log::Log;
pub(crate) use network_gate::NetworkGate;
pub(crate) use new_patient::NewPatient;
pub(crate) use not_found::NotFound;
pub(crate) use record::Record;
pub(crate) use records::Records;
pub(crate) use restore::Restore;
pub(crate) use settings::Settings;
pub(crate) use sharing::Sharing;
pub(crate) use staff::{Granted, GrantedRecord, Issue, Issued};
pub(crate) use staff_sign_in::StaffSignIn;
pub(crate) use start::Start;
pub(crate) use unlock::Unlock;
