//! The node: its head, its mempool, and the store it reads.

use alloc::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
    vec::Vec,
};

use keepwell_keys::{GenesisHash, HospitalId, PublicKey, SecretKey};
use keepwell_ledger::{
    block::{BURIED_DEPTH, Block, BlockHash, Header, HeaderChain, Work},
    genesis::Genesis,
    state::{State, StateRoots},
    transaction::{Transaction, VerifiedTransaction},
};
use keepwell_primitives::BlockIndex;

use crate::{
    BlockPut, ChainStore, Change, HeadChange, LinkedBlock, NodeError, Outcome, StoredBlock,
    mempool::Mempool, mining::Template, pending::Pending,
};

/// Side chains kept at hand: more are rarely worked on at once.
const SIDE_CHAINS_MAX: usize = 4;

/// A hospital's node.
pub struct Node<S: ChainStore> {
    pub(crate) genesis: Genesis,
    pub(crate) hospital_id: HospitalId,
    pub(crate) node_key: SecretKey,
    pub(crate) node_public_key: PublicKey,
    pub(crate) store: S,
    pub(crate) chain: HeaderChain,
    pub(crate) mempool: Mempool,
    /// The head's state with the mempool applied; none until asked for after a change of head.
    pub(crate) pending: Option<Pending<S::Nodes>>,
    /// What was given out for mining last, newest last.
    pub(crate) templates: VecDeque<Template>,
    /// How many jobs were given out.
    pub(crate) jobs: u64,
    /// Hashes that broke a rule for ever.
    pub(crate) condemned: BTreeSet<BlockHash>,
    /// Chains beside the best that were worked on last, so that a long one is not read back from the
    /// store for each of its blocks.
    pub(crate) side_chains: VecDeque<HeaderChain>,
    /// Blocks that were shown last, on whatever chain, newest last: where a sync stands.
    pub(crate) shown: VecDeque<BlockHash>,
    /// Whether the operator wants a block even if there is nothing to mine.
    pub(crate) mine_once: bool,
}

/// How far the node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The newest block.
    pub index: BlockIndex,
    /// Its hash.
    pub hash: BlockHash,
    /// The work behind it.
    pub work: Work,
    /// The newest final block: buried under [`BURIED_DEPTH`].
    pub final_index: BlockIndex,
}

impl<S: ChainStore> Node<S> {
    /// Opens a node over its store; an empty one is given the genesis block.
    ///
    /// # Errors
    /// [`NodeError`] if the store cannot be read or is of another network.
    pub fn open(
        genesis: Genesis,
        hospital_id: HospitalId,
        node_key: SecretKey,
        store: S,
    ) -> Result<Outcome<Self>, NodeError<S::Error>> {
        let mut change = Change::default();
        let chain = match store.head().map_err(NodeError::Store)? {
            Some(head) => {
                check_network(&genesis, &store)?;
                chain_at(&genesis, &store, &head)?
            }
            None => {
                let chain = HeaderChain::genesis(&genesis);
                change = genesis_change(&genesis, &chain, &store)?;
                chain
            }
        };
        let mut node = Self {
            genesis,
            hospital_id,
            node_public_key: node_key.public_key(),
            node_key,
            store,
            chain,
            mempool: Mempool::default(),
            pending: None,
            templates: VecDeque::new(),
            jobs: 0,
            condemned: BTreeSet::new(),
            side_chains: VecDeque::new(),
            shown: VecDeque::new(),
            mine_once: false,
        };
        node.load_mempool(&mut change)?;
        Ok(Outcome {
            value: node,
            change,
        })
    }

    /// The network.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The network's name.
    pub fn genesis_hash(&self) -> GenesisHash {
        self.genesis.hash()
    }

    /// The hospital whose node this is.
    pub fn hospital_id(&self) -> HospitalId {
        self.hospital_id
    }

    /// How far the node is.
    pub fn head(&self) -> Head {
        let index = self.chain.tip().index;
        Head {
            index,
            hash: self.chain.tip_hash(),
            work: self.chain.work(),
            final_index: BlockIndex(index.0.saturating_sub(BURIED_DEPTH)),
        }
    }

    /// The newest header.
    pub fn head_header(&self) -> &Header {
        self.chain.tip()
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The state after the newest block.
    pub(crate) fn head_state(&self) -> State<S::Nodes> {
        self.state_at(self.chain.tip())
    }

    /// The state after a stored block.
    pub(crate) fn state_at(&self, header: &Header) -> State<S::Nodes> {
        let (patients, hospitals) = (self.store.patient_nodes(), self.store.hospital_nodes());
        State::at(patients, hospitals, StateRoots::from(header))
    }

    /// The chain of headers up to a stored block.
    pub(crate) fn chain_at(&self, hash: &BlockHash) -> Result<HeaderChain, NodeError<S::Error>> {
        if *hash == self.chain.tip_hash() {
            return Ok(self.chain.clone());
        }
        let known = self
            .side_chains
            .iter()
            .find(|chain| chain.tip_hash() == *hash);
        if let Some(known) = known {
            return Ok(known.clone());
        }
        chain_at(&self.genesis, &self.store, hash)
    }

    /// Keeps a chain that is not the best at hand, in place of the one that it continues.
    pub(crate) fn keep_side_chain(&mut self, chain: HeaderChain) {
        let parent = chain.tip().previous_hash;
        self.side_chains.retain(|other| other.tip_hash() != parent);
        if self.side_chains.len() >= SIDE_CHAINS_MAX {
            self.side_chains.pop_front();
        }
        self.side_chains.push_back(chain);
    }

    /// A stored block's header and what was computed on import.
    pub(crate) fn stored(&self, hash: &BlockHash) -> Result<StoredBlock, NodeError<S::Error>> {
        stored(&self.store, hash)
    }

    /// A stored block, its signatures taken as checked on import.
    pub(crate) fn block(&self, hash: &BlockHash) -> Result<Block, NodeError<S::Error>> {
        let bytes = self.store.block_bytes(hash).map_err(NodeError::Store)?;
        let bytes = bytes.ok_or(NodeError::BlockMissing { hash: *hash })?;
        Block::from_bytes(&bytes, &self.genesis.hash(), |_| true)
            .map_err(|error| NodeError::BlockCorrupt { hash: *hash, error })
    }

    /// Takes back the transactions that waited when the node stopped. One whose signature fails is
    /// dropped; bytes that are no transaction have no name by which they could be, and are passed
    /// over.
    fn load_mempool(&mut self, change: &mut Change) -> Result<(), NodeError<S::Error>> {
        let genesis_hash = self.genesis.hash();
        for bytes in self.store.mempool().map_err(NodeError::Store)? {
            let Ok(transaction) = Transaction::from_bytes(&bytes, &genesis_hash) else {
                continue;
            };
            let txid = transaction.txid();
            let kept = VerifiedTransaction::verify(transaction)
                .is_ok_and(|transaction| self.mempool.insert(Arc::new(transaction)));
            if !kept {
                change.mempool_removed.push(txid);
            }
        }
        Ok(())
    }
}

fn check_network<S: ChainStore>(genesis: &Genesis, store: &S) -> Result<(), NodeError<S::Error>> {
    let first = store
        .best_chain(BlockIndex::GENESIS)
        .map_err(NodeError::Store)?;
    let got = first.ok_or(NodeError::IndexMissing {
        index: BlockIndex::GENESIS,
    })?;
    let expected = genesis.header().hash();
    if got != expected {
        return Err(NodeError::OtherNetwork { got, expected });
    }
    Ok(())
}

fn genesis_change<S: ChainStore>(
    genesis: &Genesis,
    chain: &HeaderChain,
    store: &S,
) -> Result<Change, NodeError<S::Error>> {
    let state = genesis.initial_change(store.patient_nodes(), store.hospital_nodes())?;
    let block = genesis.block();
    let hash = chain.tip_hash();
    let stored = StoredBlock::new(*block.sealed(), chain.history().clone(), chain.work());
    let linked = LinkedBlock {
        index: BlockIndex::GENESIS,
        hash,
        txids: Vec::new(),
    };
    Ok(Change {
        block: Some(BlockPut {
            hash,
            bytes: block.to_bytes(),
            stored,
            state,
        }),
        head: Some(HeadChange {
            head: hash,
            disconnected: Vec::new(),
            connected: [linked].into(),
        }),
        ..Change::default()
    })
}

fn chain_at<S: ChainStore>(
    genesis: &Genesis,
    store: &S,
    hash: &BlockHash,
) -> Result<HeaderChain, NodeError<S::Error>> {
    let tip = stored(store, hash)?;
    let mut earlier = VecDeque::new();
    let mut oldest = tip.sealed.header;
    while earlier.len() < keepwell_ledger::block::RETARGET_WINDOW && oldest.index.0 > 0 {
        oldest = stored(store, &oldest.previous_hash)?.sealed.header;
        earlier.push_front(oldest);
    }
    let work = tip.work();
    HeaderChain::resume(genesis, earlier, tip.sealed.header, tip.history, work)
        .map_err(NodeError::ChainCorrupt)
}

fn stored<S: ChainStore>(store: &S, hash: &BlockHash) -> Result<StoredBlock, NodeError<S::Error>> {
    let stored = store.stored_block(hash).map_err(NodeError::Store)?;
    stored.ok_or(NodeError::BlockMissing { hash: *hash })
}
