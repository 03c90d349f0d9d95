//! The tables. A table is made when a store is opened that lacks it, so adding one here is all it
//! takes; renaming or removing one needs a new [`super::FORMAT_VERSION`].

/// One of the store's tables, each with an order of keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// The head, the highest final block, and other single values.
    Meta,
    /// Block bodies by block hash.
    Blocks,
    /// Block headers by block hash.
    Headers,
    /// Block hashes by index, on the best chain.
    BlockIndex,
    /// Nodes of the patient trie by their hash.
    PatientNodes,
    /// Nodes of the hospital trie by their hash.
    HospitalNodes,
    /// Where a transaction was mined, by txid.
    Transactions,
    /// Transactions that wait to be mined.
    Mempool,
    /// Re-encryption key fragments this hospital keeps as a custodian.
    Fragments,
    /// Key requests and our answers to them.
    Requests,
    /// Items that wait for someone to fetch them.
    Mailbox,
    /// Sealed files: who may, who has, which uploads are under way.
    Files,
    /// Our own votes, durable before they are sent, and those that justified a block.
    Votes,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 13] = [
        Self::Meta,
        Self::Blocks,
        Self::Headers,
        Self::BlockIndex,
        Self::PatientNodes,
        Self::HospitalNodes,
        Self::Transactions,
        Self::Mempool,
        Self::Fragments,
        Self::Requests,
        Self::Mailbox,
        Self::Files,
        Self::Votes,
    ];

    /// The name on disk.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Blocks => "blocks",
            Self::Headers => "headers",
            Self::BlockIndex => "block-index",
            Self::PatientNodes => "patient-nodes",
            Self::HospitalNodes => "hospital-nodes",
            Self::Transactions => "transactions",
            Self::Mempool => "mempool",
            Self::Fragments => "fragments",
            Self::Requests => "requests",
            Self::Mailbox => "mailbox",
            Self::Files => "files",
            Self::Votes => "votes",
        }
    }

    /// Whether values are so large that they are better kept apart from their keys.
    pub(super) const fn has_large_values(self) -> bool {
        matches!(self, Self::Blocks)
    }
}
