//! What is wrong with a relay's answer: one variant for each lie.

use keepwell_keys::GenesisHash;
use keepwell_ledger::block::{BlockHash, HeaderError, Work};
use keepwell_primitives::{BlockIndex, CanonicalError, Hash};
use keepwell_trie::ProofError;
use keepwell_wire::api::BlockName;

use crate::{LeafName, TrieName};

/// Why an answer was not believed. The texts end the sentence "the relay gave an answer that failed
/// verification: …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum VerificationError {
    /// Not the network that the client follows.
    #[error("it is of network {got}, expected {expected}")]
    WrongGenesis {
        got: GenesisHash,
        expected: GenesisHash,
    },
    /// The client's caller, or the relay, has mixed up two questions.
    #[error("it answers with {got}, the question was for {expected}")]
    OtherQuestion {
        got: &'static str,
        expected: &'static str,
    },
    /// The hash beside a header is not that header's.
    #[error("block {index} is called {got}, its header's hash is {expected}")]
    BlockHash {
        index: BlockIndex,
        got: BlockHash,
        expected: BlockHash,
    },
    /// Only the header was asked for.
    #[error("block {index} comes with transactions that were not asked for")]
    TransactionsUnasked { index: BlockIndex },
    /// A header breaks a rule.
    #[error("the header at {index} breaks a rule: {error}")]
    Header {
        index: BlockIndex,
        error: HeaderError,
    },
    /// More than the question's limit.
    #[error("it has {got} headers, at most {max} were asked for")]
    TooManyHeaders { got: usize, max: u32 },
    /// The relay's headers end before the head that it claims, or lead past it.
    #[error(
        "the headers lead to block {} ({}), the relay claimed block {} ({})",
        got.index, got.hash, expected.index, expected.hash
    )]
    HeadNotReached { got: BlockName, expected: BlockName },
    /// The claimed head is there, with other work behind it.
    #[error(
        "the relay claimed work {} behind its head, its headers have {}",
        Hash(got.to_bytes()), Hash(expected.to_bytes())
    )]
    HeadWork { got: Work, expected: Work },
    /// What the relay calls final is not the block that its head makes final.
    #[error(
        "the relay claimed block {} ({}) as final, under its head that is block {} ({})",
        got.index, got.hash, expected.index, expected.hash
    )]
    FinalBlock { got: BlockName, expected: BlockName },
    /// A chain that does not contain what the client holds for settled.
    #[error(
        "the relay's chain does not contain block {} ({}), which was verified earlier and is \
         settled",
        checkpoint.index, checkpoint.hash
    )]
    ForkBelowCheckpoint { checkpoint: BlockName },
    /// Keys of a trie were asked for.
    #[error("there is no proof from {trie}")]
    ProofMissing { trie: TrieName },
    /// No keys of a trie were asked for.
    #[error("there is a proof from {trie}, which was not asked for")]
    ProofUnasked { trie: TrieName },
    /// A proof proves nothing.
    #[error("the proof from {trie} is wrong: {error}")]
    Proof { trie: TrieName, error: ProofError },
    /// Not even one leaf, it says, fits in a proof.
    #[error("{leaf} is said not to fit in a proof")]
    LeafTooLarge { leaf: LeafName },
    /// A leaf below a counter is absent.
    #[error("{leaf} is missing, though a counter says that it exists")]
    LeafMissing { leaf: LeafName },
    /// A leaf is proved, and is not of its kind.
    #[error("{leaf} cannot be read: {error}")]
    LeafCorrupt {
        leaf: LeafName,
        error: CanonicalError,
    },
    /// A counter fell, and no block was undone.
    #[error("a counter of {leaf} fell from {expected} to {got}")]
    CounterFell {
        leaf: LeafName,
        got: u64,
        expected: u64,
    },
    /// A leaf that never changes did, and no block was undone.
    #[error("{leaf} is not what it was when it was verified earlier")]
    HistoryRewritten { leaf: LeafName },
}

impl VerificationError {
    /// May this client's own clock be at fault, rather than the relay? True where a block seems to
    /// come from the future.
    pub fn may_be_own_clock(&self) -> bool {
        let Self::Header { error, .. } = self else {
            return false;
        };
        matches!(error, HeaderError::TimestampAhead { .. })
    }
}
