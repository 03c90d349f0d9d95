//! How far a transaction must be before a verb is done.

use keepwell_wire::api::TransactionState;

/// How long to wait for what was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// Not at all: the relay has taken it.
    None,
    /// Until it is in a verified block.
    #[default]
    Mined,
    /// Until that block is final.
    Final,
}

impl Wait {
    /// Is something in this state far enough?
    pub fn is_met_by(self, state: TransactionState) -> bool {
        match self {
            Self::None => true,
            Self::Mined => state >= TransactionState::Mined,
            Self::Final => state >= TransactionState::Final,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_met_from_its_state_on() {
        let states = [
            TransactionState::Pending,
            TransactionState::Mined,
            TransactionState::Final,
        ];
        let met = |wait: Wait| states.map(|state| wait.is_met_by(state));
        assert_eq!(met(Wait::None), [true, true, true]);
        assert_eq!(met(Wait::Mined), [false, true, true]);
        assert_eq!(met(Wait::Final), [false, false, true]);
    }
}
