//! Whether a new grant can be used already.

/// How many custodians have their part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// All.
    All,
    /// So many that one may be out, or just as many as are needed; not all.
    Enough,
    /// Fewer than must answer: nothing can be opened yet.
    TooFew,
}

impl Readiness {
    /// Of so many custodians so many are ready, and so many must answer.
    pub(crate) const fn of(ready: usize, custodians: usize, threshold: u32) -> Self {
        if ready >= custodians {
            Self::All
        } else if ready >= threshold as usize {
            Self::Enough
        } else {
            Self::TooFew
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Readiness;

    #[test]
    fn a_grant_works_once_as_many_are_ready_as_must_answer() {
        assert_eq!(Readiness::of(3, 3, 2), Readiness::All);
        assert_eq!(Readiness::of(2, 3, 2), Readiness::Enough);
        assert_eq!(Readiness::of(1, 3, 2), Readiness::TooFew);
        assert_eq!(Readiness::of(0, 1, 1), Readiness::TooFew);
    }
}
