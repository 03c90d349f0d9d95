//! What a round asks of a relay, and what may come back.

use keepwell_wire::api::{BlocksAnswer, BlocksQuery, HeadAnswer, ProofAnswer, ProofQuestion};

/// A question to the relay of the round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// `GET /v1/head`.
    Head,
    /// `GET /v1/blocks`, headers only.
    Headers(BlocksQuery),
    /// `POST /v1/proofs`.
    Proof(ProofQuestion),
}

/// What the relay answered. A relay that answers with a problem has not answered: the caller drops
/// the round, or finishes it as it stands, and tries again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Query::Head`].
    Head(HeadAnswer),
    /// To [`Query::Headers`].
    Headers(BlocksAnswer),
    /// To [`Query::Proof`].
    Proof(ProofAnswer),
    /// To [`Query::Proof`]: the proof would pass its limit of bytes. The round asks for fewer
    /// leaves at a time.
    ProofTooLarge,
}

impl Query {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Head => "the head",
            Self::Headers(_) => "headers",
            Self::Proof(_) => "proofs",
        }
    }
}

impl Answer {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Head(_) => "the head",
            Self::Headers(_) => "headers",
            Self::Proof(_) => "proofs",
            Self::ProofTooLarge => "that the proof is too large",
        }
    }
}
