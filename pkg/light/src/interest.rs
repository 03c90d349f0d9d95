//! What a client wants to know of the state.

use keepwell_keys::{HospitalId, PatientId};

/// Something whose leaves the client reads at every new head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interest {
    /// A persona: account, records, events and scopes.
    Patient(PatientId),
    /// A hospital: what it was granted, what it issued into, what it asked for.
    Hospital(HospitalId),
    /// Every hospital ever enrolled.
    Directory,
}
