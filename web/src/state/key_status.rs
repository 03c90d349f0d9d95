//! Where the key of a granted record stands, and what staff can do about it.

use keepwell_ledger::state::{ClosedReason, KeyRequest};
use keepwell_primitives::Timestamp;
use keepwell_wire::api::TransactionState;

use crate::talk::{RequestLine, StaffRecordLine};

/// Of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyStatus {
    /// Nobody has asked under the present grant.
    NotAsked,
    /// Asked, and the custodians wait until nothing takes that back.
    Settling,
    /// Asked, and not enough custodians have answered yet.
    Asked {
        /// Custodians that served.
        served: u32,
        /// How many must.
        threshold: u32,
    },
    /// Enough custodians have answered.
    Ready,
    /// It came to nothing.
    Over(Ending),
}

/// Why a request came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Too many custodians refused.
    Refused(u32),
    /// The patient has granted anew.
    Replaced,
    /// The patient has taken the grant back.
    Revoked,
    /// Too few answered within its time.
    Unanswered,
}

impl KeyStatus {
    /// At this time.
    pub(crate) fn of(request: Option<&RequestLine>, now: Timestamp) -> Self {
        let Some(request) = request else {
            return Self::NotAsked;
        };
        match request.closed {
            Some(ClosedReason::Served) => Self::Ready,
            Some(ClosedReason::Refused) => Self::Over(Ending::Refused(request.refused)),
            Some(ClosedReason::Replaced) => Self::Over(Ending::Replaced),
            Some(ClosedReason::Revoked) => Self::Over(Ending::Revoked),
            None if now >= request.time + KeyRequest::OPEN_FOR => Self::Over(Ending::Unanswered),
            None if request.served == 0 && request.state != TransactionState::Final => {
                Self::Settling
            }
            None => Self::Asked {
                served: request.served,
                threshold: request.threshold,
            },
        }
    }

    /// For staff.
    pub(crate) fn words(self) -> String {
        let words = match self {
            Self::NotAsked => "Not requested",
            Self::Settling => "Requested; custodians answer once that is final",
            Self::Asked { served, threshold } => {
                return format!("Requested; {served} of {threshold} custodians answered");
            }
            Self::Ready => "Ready to open",
            Self::Over(Ending::Refused(1)) => "Refused by a custodian",
            Self::Over(Ending::Refused(refused)) => {
                return format!("Refused by {refused} custodians");
            }
            Self::Over(Ending::Replaced) => "The grant was replaced after the request",
            Self::Over(Ending::Revoked) => "The grant was revoked after the request",
            Self::Over(Ending::Unanswered) => "Too few custodians answered within an hour",
        };
        String::from(words)
    }

    /// Whether there is something to wait for or to open.
    pub(crate) const fn can_open(self) -> bool {
        matches!(self, Self::Settling | Self::Asked { .. } | Self::Ready)
    }

    /// Whether a request takes the scope's one place.
    const fn is_open(self) -> bool {
        matches!(self, Self::Settling | Self::Asked { .. })
    }
}

/// Which of a scope's records can be asked for now: none while a request is open, for a hospital has
/// one at a time (`docs/protocol.md`, section 5).
pub(crate) fn can_ask(records: &[StaffRecordLine], now: Timestamp) -> bool {
    let mut all = records.iter();
    !all.any(|record| KeyStatus::of(record.request.as_ref(), now).is_open())
}

#[cfg(test)]
mod tests {
    use keepwell_ledger::transaction::Txid;
    use keepwell_primitives::Hash;

    use super::*;

    const ASKED_AT: Timestamp = Timestamp(1_000_000);

    fn request(served: u32, refused: u32, closed: Option<ClosedReason>) -> RequestLine {
        RequestLine {
            served,
            refused,
            threshold: 2,
            closed,
            time: ASKED_AT,
            state: TransactionState::Final,
        }
    }

    fn record(request: Option<RequestLine>) -> StaffRecordLine {
        StaffRecordLine {
            txid: Txid(Hash([7; 32])),
            title: None,
            index: 0,
            size_bytes: 1,
            issued_at: ASKED_AT,
            state: TransactionState::Final,
            supersedes: None,
            request,
        }
    }

    #[test]
    fn every_way_that_a_request_can_go_has_its_words() {
        let mined = RequestLine {
            state: TransactionState::Mined,
            ..request(0, 0, None)
        };
        for (request, words, can_open) in [
            (None, "Not requested", false),
            (
                Some(mined),
                "Requested; custodians answer once that is final",
                true,
            ),
            (
                Some(request(1, 1, None)),
                "Requested; 1 of 2 custodians answered",
                true,
            ),
            (
                Some(request(2, 0, Some(ClosedReason::Served))),
                "Ready to open",
                true,
            ),
            (
                Some(request(0, 2, Some(ClosedReason::Refused))),
                "Refused by 2 custodians",
                false,
            ),
            (
                Some(request(0, 0, Some(ClosedReason::Revoked))),
                "The grant was revoked after the request",
                false,
            ),
            (
                Some(request(1, 0, Some(ClosedReason::Replaced))),
                "The grant was replaced after the request",
                false,
            ),
        ] {
            let status = KeyStatus::of(request.as_ref(), ASKED_AT);
            assert_eq!(status.words(), words);
            assert_eq!(status.can_open(), can_open, "{words}");
        }
    }

    #[test]
    fn after_an_hour_a_request_that_is_not_closed_is_over() {
        let asked = request(1, 0, None);
        let just_before = Timestamp(ASKED_AT.0 + 3_599_999);
        assert!(KeyStatus::of(Some(&asked), just_before).can_open());
        let after = KeyStatus::of(Some(&asked), Timestamp(ASKED_AT.0 + 3_600_000));
        assert_eq!(after, KeyStatus::Over(Ending::Unanswered));
    }

    #[test]
    fn one_open_request_keeps_the_whole_scope_from_being_asked_for() {
        let served = record(Some(request(2, 0, Some(ClosedReason::Served))));
        let (open, unasked) = (record(Some(request(1, 0, None))), record(None));
        assert!(can_ask(&[served.clone(), unasked.clone()], ASKED_AT));
        assert!(!can_ask(&[served, open.clone(), unasked], ASKED_AT));
        assert!(can_ask(&[open], Timestamp(ASKED_AT.0 + 3_600_000)));
    }
}
