//! The one node of this process, shared by everything that talks to it.
//!
//! A step locks the node, lets it decide, commits its change to disk, and only then lets go: so
//! what anyone is told is durable, and steps are stored in the order they were taken. Steps block;
//! from async code they run where blocking is allowed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keepwell_keys::{GenesisHash, HospitalId, SecretKey};
use keepwell_ledger::{
    block::{Block, BlockHash, Header, HeaderError, MalformedBlock},
    genesis::Genesis,
    state::{State, StateError, StateRoots},
    transaction::{MalformedTransaction, Transaction, Txid, VerifiedTransaction},
};
use keepwell_node::{Head, Imported, MiningJob, Node, NodeError, Outcome, Submitted};
use keepwell_primitives::{BlockIndex, Timestamp};
use tokio::sync::watch;

use super::{ChainTables, change_batch, check_all};
use crate::{
    clock,
    store::{NodeTable, Store, StoreError},
};

/// A handle to the node. Cheap to clone.
#[derive(Clone)]
pub struct Chain {
    shared: Arc<Shared>,
}

struct Shared {
    genesis: Genesis,
    genesis_hash: GenesisHash,
    hospital_id: HospitalId,
    tables: ChainTables,
    node: Mutex<Node<ChainTables>>,
    news: watch::Sender<News>,
    job: watch::Sender<Option<Arc<MiningJob>>>,
}

/// What has changed lately, for whoever waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// How far the node is.
    pub head: Head,
    /// Counts transactions taken into the mempool.
    pub accepted: u64,
}

/// A transaction and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its canonical bytes.
    pub bytes: Vec<u8>,
    /// The block of the best chain it stands in; none while it waits.
    pub block: Option<(BlockIndex, BlockHash)>,
}

/// Why a step was not taken. Bad blocks and refused transactions are results, not errors.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The node could not read what it stored.
    #[error(transparent)]
    Node(#[from] NodeError<StoreError>),
    /// The state could not be read.
    #[error(transparent)]
    State(#[from] StateError<StoreError>),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A step panicked: what the node holds may differ from what is stored.
    #[error("an earlier step of the node panicked: the relay must be started again")]
    Panicked,
    /// A block or transaction that was stored cannot be read back.
    #[error("what was stored cannot be read back: {reason}")]
    Corrupt {
        /// What is wrong with it.
        reason: String,
    },
}

impl Chain {
    /// Opens the node over its store and brings the store up to the genesis block if it is empty.
    ///
    /// # Errors
    /// [`ChainError::Node`] if the store cannot be read or is of another network,
    /// [`ChainError::Store`] if it cannot be written.
    pub fn open(
        genesis: Genesis,
        hospital_id: HospitalId,
        node_key: SecretKey,
        store: Store,
    ) -> Result<Self, ChainError> {
        let tables = ChainTables::new(store);
        let opened = Node::open(genesis.clone(), hospital_id, node_key, tables.clone())?;
        let Outcome {
            value: node,
            change,
        } = opened;
        tables.store().commit(change_batch(&change))?;
        let news = News {
            head: node.head(),
            accepted: 0,
        };
        let genesis_hash = genesis.hash();
        let shared = Shared {
            genesis,
            genesis_hash,
            hospital_id,
            tables,
            node: Mutex::new(node),
            news: watch::Sender::new(news),
            job: watch::Sender::new(None),
        };
        let chain = Self {
            shared: Arc::new(shared),
        };
        chain.refresh_job()?;
        Ok(chain)
    }

    /// The network.
    pub fn genesis(&self) -> &Genesis {
        &self.shared.genesis
    }

    /// The network's name.
    pub fn genesis_hash(&self) -> GenesisHash {
        self.shared.genesis_hash
    }

    /// The hospital whose node this is.
    pub fn hospital_id(&self) -> HospitalId {
        self.shared.hospital_id
    }

    /// How far the node is.
    pub fn head(&self) -> Head {
        self.shared.news.borrow().head
    }

    /// The store, for what else this relay keeps.
    pub fn store(&self) -> &Store {
        self.shared.tables.store()
    }

    /// Waits for news.
    pub fn news(&self) -> watch::Receiver<News> {
        self.shared.news.subscribe()
    }

    /// What is to be mined now.
    pub fn job(&self) -> watch::Receiver<Option<Arc<MiningJob>>> {
        self.shared.job.subscribe()
    }

    /// Reads, checks and submits a transaction.
    ///
    /// # Errors
    /// [`ChainError`]; the inner error is the transaction's own.
    pub fn submit(
        &self,
        bytes: &[u8],
    ) -> Result<Result<(Txid, Submitted), MalformedTransaction>, ChainError> {
        let transaction = match Transaction::from_bytes(bytes, &self.shared.genesis_hash) {
            Ok(transaction) => transaction,
            Err(error) => return Ok(Err(error)),
        };
        let txid = transaction.txid();
        let Ok(verified) = VerifiedTransaction::verify(transaction) else {
            return Ok(Err(MalformedTransaction::Signature));
        };
        let submitted = self.step(|node, now| node.submit(verified, now))?;
        if submitted == Submitted::Accepted {
            self.shared.news.send_modify(|news| news.accepted += 1);
            self.refresh_job()?;
        }
        Ok(Ok((txid, submitted)))
    }

    /// Reads, checks and imports a block. Its header is looked at first: without proof of work
    /// nobody makes this node check thousands of signatures.
    ///
    /// # Errors
    /// [`ChainError`]; the inner error is the block's own.
    pub fn import(&self, bytes: &[u8]) -> Result<Result<Imported, MalformedBlock>, ChainError> {
        match Block::peek_sealed(bytes) {
            Ok(sealed) => {
                let easiest = self.shared.genesis.file().network.easiest_target;
                let hash = sealed.header.hash();
                if sealed.header.target > easiest || !hash.meets(&sealed.header.target) {
                    let target = sealed.header.target.min(easiest);
                    return Ok(Err(HeaderError::ProofOfWork { got: hash, target }.into()));
                }
            }
            Err(error) => return Ok(Err(error)),
        }
        let block = match Block::from_bytes(bytes, &self.shared.genesis_hash, check_all) {
            Ok(block) => block,
            Err(error) => return Ok(Err(error)),
        };
        let imported = self.step(|node, now| node.import_block(&block, now))?;
        if imported == Imported::NewHead {
            self.refresh_job()?;
        }
        Ok(Ok(imported))
    }

    /// Takes a header that the miner found; the block's bytes are for the other nodes.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn mined(&self, header: Header) -> Result<Option<Vec<u8>>, ChainError> {
        let block = self.step(|node, now| node.mined(header, now))?;
        self.refresh_job()?;
        Ok(block.map(|block| block.to_bytes()))
    }

    /// The operator wants a block now.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn mine_now(&self) -> Result<(), ChainError> {
        self.lock().mine_now();
        self.refresh_job()
    }

    /// Gives the miner the newest job, or rest.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn refresh_job(&self) -> Result<(), ChainError> {
        let job = self.step(Node::mining_job)?.map(Arc::new);
        self.shared.job.send_replace(job);
        Ok(())
    }

    /// Asks the node something that changes nothing.
    pub fn read<T>(&self, ask: impl FnOnce(&Node<ChainTables>) -> T) -> T {
        ask(&self.lock())
    }

    /// The name of the block at this index of the best chain.
    ///
    /// # Errors
    /// [`ChainError::Store`].
    pub fn block_hash(&self, index: BlockIndex) -> Result<Option<BlockHash>, ChainError> {
        use keepwell_node::ChainStore;
        Ok(self.shared.tables.best_chain(index)?)
    }

    /// A stored block, whatever chain it is on.
    ///
    /// # Errors
    /// [`ChainError::Store`], [`ChainError::Corrupt`].
    pub fn block(&self, hash: &BlockHash) -> Result<Option<Block>, ChainError> {
        use keepwell_node::ChainStore;
        let Some(bytes) = self.shared.tables.block_bytes(hash)? else {
            return Ok(None);
        };
        // Its signatures were checked before it was stored.
        let block = Block::from_bytes(&bytes, &self.shared.genesis_hash, |_| true);
        block.map(Some).map_err(|error| ChainError::Corrupt {
            reason: error.to_string(),
        })
    }

    /// The state after a stored block; none if the block is not here.
    ///
    /// # Errors
    /// [`ChainError::Store`].
    pub fn state_after(&self, hash: &BlockHash) -> Result<Option<State<NodeTable>>, ChainError> {
        use keepwell_node::ChainStore;
        let tables = &self.shared.tables;
        let Some(stored) = tables.stored_block(hash)? else {
            return Ok(None);
        };
        let roots = StateRoots::from(&stored.sealed.header);
        Ok(Some(State::at(
            tables.patient_nodes(),
            tables.hospital_nodes(),
            roots,
        )))
    }

    /// The state after the newest block.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn head_state(&self) -> Result<State<NodeTable>, ChainError> {
        let hash = self.head().hash;
        let missing = || NodeError::BlockMissing { hash };
        Ok(self.state_after(&hash)?.ok_or_else(missing)?)
    }

    /// How far the node is, and the name of its newest final block: both of one moment, even while
    /// the chain switches.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn head_and_final(&self) -> Result<(Head, BlockHash), ChainError> {
        self.read(|node| {
            let head = node.head();
            let index = head.final_index;
            let hash = self.block_hash(index)?;
            Ok((head, hash.ok_or(NodeError::IndexMissing { index })?))
        })
    }

    /// The state after the newest final block.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn final_state(&self) -> Result<State<NodeTable>, ChainError> {
        let (_, hash) = self.head_and_final()?;
        Ok(self
            .state_after(&hash)?
            .ok_or(NodeError::BlockMissing { hash })?)
    }

    /// A transaction that waits or is mined on the best chain.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn find(&self, txid: &Txid) -> Result<Option<Found>, ChainError> {
        use keepwell_node::ChainStore;
        let waiting = self.read(|node| node.waiting(txid).map(|found| found.bytes().to_vec()));
        if let Some(bytes) = waiting {
            return Ok(Some(Found { bytes, block: None }));
        }
        let Some(hash) = self.shared.tables.transaction_block(txid)? else {
            return Ok(None);
        };
        let Some(block) = self.block(&hash)? else {
            return Ok(None);
        };
        let found = block
            .transactions()
            .iter()
            .find(|transaction| transaction.txid() == *txid);
        Ok(found.map(|transaction| Found {
            bytes: transaction.bytes().to_vec(),
            block: Some((block.header().index, hash)),
        }))
    }

    /// One step of the node: decide, store, tell.
    fn step<T>(
        &self,
        decide: impl FnOnce(
            &mut Node<ChainTables>,
            Timestamp,
        ) -> Result<Outcome<T>, NodeError<StoreError>>,
    ) -> Result<T, ChainError> {
        if self.shared.node.is_poisoned() {
            return Err(ChainError::Panicked);
        }
        let mut node = self.lock();
        let Outcome { value, change } = decide(&mut node, clock::now())?;
        let batch = change_batch(&change);
        if !batch.is_empty() {
            self.shared.tables.store().commit(batch)?;
        }
        if change.head.is_some() {
            let head = node.head();
            self.shared.news.send_modify(|news| news.head = head);
        }
        Ok(value)
    }

    /// What a step that panicked left behind may be read, but no further step is taken.
    fn lock(&self) -> MutexGuard<'_, Node<ChainTables>> {
        self.shared
            .node
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
