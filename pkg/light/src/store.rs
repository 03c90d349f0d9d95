//! What a client keeps between its runs: rows of canonical bytes by key, for IndexedDB or a file.
//!
//! | key | bytes |
//! |---|---|
//! | `network` | the genesis hash |
//! | `checkpoint` | RLP: index, history, work |
//! | `header/<index in 16 hex digits>` | the header; consecutive, from up to 60 before the checkpoint |
//! | `view/<id>`, `view/directory` | RLP of the view |
//!
//! A store needs to know nothing of this: it writes the rows of each [`ChangeSet`], and gives all
//! of them back.

use alloc::{
    collections::{BTreeMap, VecDeque},
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_ledger::{
    block::{Header, HeaderError, History, Work},
    genesis::Genesis,
};
use keepwell_primitives::{BlockIndex, CanonicalError, Hash, decode_canonical, encode_canonical};

use crate::{
    Interest, View,
    chain::{Checkpoint, SUFFIX_MAX, VerifiedChain},
};

/// A whole store as one file: some hundred headers and the largest views.
pub const STORED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Index, 64 peaks and work.
const CHECKPOINT_BYTES_MAX: usize = 4096;

const NETWORK: &str = "network";
const CHECKPOINT: &str = "checkpoint";
const HEADER: &str = "header/";
const VIEW: &str = "view/";
const DIRECTORY: &str = "directory";

/// All rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored(BTreeMap<String, Vec<u8>>);

/// Rows to write, and rows to remove, in one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet(BTreeMap<String, Option<Vec<u8>>>);

impl Stored {
    /// The rows as a store gives them back, in any order.
    pub fn from_rows(rows: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self(rows.into_iter().collect())
    }

    /// The rows, by key.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let rows = self.0.iter();
        rows.map(|(key, bytes)| (key.as_str(), bytes.as_slice()))
    }

    /// What a store does with a change set.
    pub fn apply(&mut self, changes: &ChangeSet) {
        for (key, bytes) in &changes.0 {
            match bytes {
                Some(bytes) => self.0.insert(key.clone(), bytes.clone()),
                None => self.0.remove(key),
            };
        }
    }

    /// All rows as the canonical bytes of one file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let rows = self.0.iter().map(|(key, bytes)| Row {
            key: key.clone(),
            bytes: bytes.clone().into(),
        });
        encode_canonical(&rows.collect::<Vec<_>>())
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// [`CanonicalError`] if the bytes are not those of a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let rows: Vec<Row> = decode_canonical(bytes, STORED_BYTES_MAX)?;
        let rows = rows.into_iter().map(|row| (row.key, row.bytes.into()));
        Ok(Self(rows.collect()))
    }

    pub(crate) fn of(chain: &VerifiedChain, views: &BTreeMap<Interest, View>) -> Self {
        let checkpoint = StoredCheckpoint {
            index: chain.checkpoint().header().index,
            history: chain.checkpoint().history().clone(),
            work: Hash(chain.checkpoint().work().to_bytes()),
        };
        let mut rows = BTreeMap::new();
        let network = chain.network().hash().as_bytes().to_vec();
        rows.insert(String::from(NETWORK), network);
        rows.insert(String::from(CHECKPOINT), encode_canonical(&checkpoint));
        rows.extend(chain.headers().map(|header| {
            let key = format!("{HEADER}{:016x}", header.index.0);
            (key, header.to_bytes().to_vec())
        }));
        let views = views.iter();
        rows.extend(views.map(|(interest, view)| (view_key(interest), view.to_bytes())));
        Self(rows)
    }

    pub(crate) fn chain(&self, genesis: Arc<Genesis>) -> Result<VerifiedChain, StoredError> {
        let network = self.row(NETWORK)?;
        if network != genesis.hash().as_bytes() {
            return Err(StoredError::OtherNetwork {
                expected: genesis.hash().0,
            });
        }
        let stored: StoredCheckpoint =
            decode_canonical(self.row(CHECKPOINT)?, CHECKPOINT_BYTES_MAX).map_err(|error| {
                StoredError::Row {
                    key: String::from(CHECKPOINT),
                    error,
                }
            })?;
        let mut headers = self.headers()?;
        let after = headers.partition_point(|header| header.index <= stored.index);
        let suffix = headers.split_off(after);
        if suffix.len() > SUFFIX_MAX {
            return Err(StoredError::Chain(HeaderError::StoredChainBroken));
        }
        let header = headers
            .pop_back()
            .filter(|header| header.index == stored.index);
        let header = header.ok_or(HeaderError::StoredChainBroken)?;
        let work = Work::from_bytes(stored.work.0);
        let checkpoint = Checkpoint::restored(&genesis, headers, header, stored.history, work)?;
        Ok(VerifiedChain::resume(genesis, checkpoint, suffix)?)
    }

    pub(crate) fn views(
        &self,
        chain: &VerifiedChain,
    ) -> Result<BTreeMap<Interest, View>, StoredError> {
        let mut views = BTreeMap::new();
        for (key, bytes) in self.below(VIEW) {
            let interest = interest_of(key).ok_or_else(|| StoredError::UnknownRow {
                key: key.to_string(),
            })?;
            let view = View::from_bytes(&interest, bytes).map_err(|error| StoredError::Row {
                key: key.to_string(),
                error,
            })?;
            let name = view.head().name();
            let is_on_chain = chain.hash_at(name.index).map_or_else(
                || name.index < chain.checkpoint().header().index,
                |hash| hash == name.hash,
            );
            if view.interest() != interest || !view.is_complete() || !is_on_chain {
                return Err(StoredError::ViewBroken {
                    key: key.to_string(),
                });
            }
            views.insert(interest, view);
        }
        Ok(views)
    }

    fn row(&self, key: &'static str) -> Result<&[u8], StoredError> {
        let row = self.0.get(key);
        row.map(Vec::as_slice)
            .ok_or(StoredError::RowMissing { key })
    }

    fn headers(&self) -> Result<VecDeque<Header>, StoredError> {
        let rows = self.below(HEADER);
        // Sixteen hex digits sort as the index does.
        let headers = rows.map(|(_, bytes)| Header::from_bytes(bytes));
        Ok(headers.collect::<Result<_, _>>()?)
    }

    fn below(&self, prefix: &'static str) -> impl Iterator<Item = (&str, &[u8])> {
        self.rows().filter(move |(key, _)| key.starts_with(prefix))
    }
}

impl ChangeSet {
    /// What makes `before` into `after`.
    pub(crate) fn between(before: &Stored, after: &Stored) -> Self {
        let gone = before.0.keys().filter(|key| !after.0.contains_key(*key));
        let mut changes: BTreeMap<_, _> = gone.map(|key| (key.clone(), None)).collect();
        let written = after.0.iter();
        let written = written.filter(|(key, bytes)| before.0.get(*key) != Some(bytes));
        changes.extend(written.map(|(key, bytes)| (key.clone(), Some(bytes.clone()))));
        Self(changes)
    }

    /// The rows to write, and those to remove (`None`).
    pub fn rows(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        let rows = self.0.iter();
        rows.map(|(key, bytes)| (key.as_str(), bytes.as_deref()))
    }

    /// Is there nothing to write?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn view_key(interest: &Interest) -> String {
    match interest {
        Interest::Patient(id) => format!("{VIEW}{id}"),
        Interest::Hospital(id) => format!("{VIEW}{id}"),
        Interest::Directory => format!("{VIEW}{DIRECTORY}"),
    }
}

fn interest_of(key: &str) -> Option<Interest> {
    let name = key.strip_prefix(VIEW)?;
    if name == DIRECTORY {
        return Some(Interest::Directory);
    }
    let patient = name.parse().map(Interest::Patient);
    patient
        .or_else(|_| name.parse().map(Interest::Hospital))
        .ok()
}

#[derive(RlpEncodable, RlpDecodable)]
struct Row {
    key: String,
    bytes: alloy_rlp::Bytes,
}

#[derive(RlpEncodable, RlpDecodable)]
struct StoredCheckpoint {
    index: BlockIndex,
    history: History,
    work: Hash,
}

/// Why a client cannot go on from what is stored. It starts anew from the genesis: nothing is lost
/// but time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`key` and `expected` are what the message says of them"
)]
pub enum StoredError {
    /// A row that is always there is not.
    #[error("the stored row {key} is missing")]
    RowMissing { key: &'static str },
    /// A row that no version has written.
    #[error("the stored row {key} is of no known kind")]
    UnknownRow { key: String },
    /// Of another network, or not a network's name.
    #[error("what is stored is not of network {expected}")]
    OtherNetwork { expected: Hash },
    /// A row's bytes are damaged.
    #[error("the stored row {key} cannot be read: {error}")]
    Row { key: String, error: CanonicalError },
    /// The headers do not hang together, with each other or with the checkpoint.
    #[error("the stored headers are damaged: {0}")]
    Chain(#[from] HeaderError),
    /// A view lacks leaves, is of something else, or of a block that is not on the chain.
    #[error("the stored row {key} is not a complete view at a block of the stored chain")]
    ViewBroken { key: String },
}
