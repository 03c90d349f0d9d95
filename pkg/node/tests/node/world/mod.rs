//! A network of nodes without a network: the tests carry blocks and transactions from one to
//! another, in the order they choose.

mod checked;
mod people;

use keepwell_ledger::{
    block::{Block, BlockHash, Header, MinableHeader, SealedHeader, Target},
    genesis::{Genesis, GenesisFile, GenesisHospital, Network},
    state::{State, StateRoots},
    transaction::{Transaction, Txid, VerifiedTransaction},
};
use keepwell_node::{ChainStore, Head, Imported, MemoryChain, Node, Outcome, Submitted};
use keepwell_primitives::{Milliseconds, Timestamp};

pub(crate) use people::{Hospital, Patient};

/// The time from block to block.
pub(crate) const INTERVAL: Milliseconds = Milliseconds(2_000);

/// When the networks of the tests begin.
pub(crate) const CREATED: Timestamp = Timestamp(1_800_000_000_000);

/// Four zero bits: about 16 hashes a block.
const EASY: Target = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0x0f;
    Target::from_bytes(bytes)
};

/// A network and its clock.
pub(crate) struct World {
    pub(crate) genesis: Genesis,
    pub(crate) hospitals: Vec<Hospital>,
    pub(crate) peers: Vec<Peer>,
    pub(crate) now: Timestamp,
}

/// A node and its store. Every change is checked before it is applied.
pub(crate) struct Peer {
    pub(crate) node: Node<MemoryChain>,
    pub(crate) chain: MemoryChain,
    /// Whether too much waits to be compared with the store after every step.
    pub(crate) is_large: bool,
}

impl World {
    /// A network of four hospitals, each with a node.
    pub(crate) fn new() -> Self {
        let hospitals: Vec<Hospital> = (1..=4).map(Hospital::new).collect();
        let genesis = genesis("Test", &hospitals);
        let peers = hospitals
            .iter()
            .map(|hospital| Peer::open(&genesis, hospital, MemoryChain::default()))
            .collect();
        Self {
            genesis,
            hospitals,
            peers,
            now: CREATED,
        }
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, time: Milliseconds) {
        self.now = self.now + time;
    }

    /// A signed transaction as it arrives at a node.
    pub(crate) fn verified(&self, transaction: Transaction) -> VerifiedTransaction {
        let bytes = transaction.to_bytes();
        let parsed = Transaction::from_bytes(&bytes, &self.genesis.hash()).unwrap();
        VerifiedTransaction::verify(parsed).unwrap()
    }

    /// Submits a transaction.
    pub(crate) fn submit(&mut self, at: usize, transaction: &VerifiedTransaction) -> Submitted {
        let now = self.now;
        self.peers[at].step(|node| node.submit(transaction.clone(), now).unwrap())
    }

    /// Submits a transaction that must be taken.
    pub(crate) fn accept(&mut self, at: usize, transaction: &VerifiedTransaction) -> Txid {
        assert_eq!(self.submit(at, transaction), Submitted::Accepted);
        transaction.txid()
    }

    /// Imports a block as it arrives from another node.
    pub(crate) fn import(&mut self, at: usize, block: &Block) -> Imported {
        let now = self.now;
        let block = Block::from_bytes(&block.to_bytes(), &self.genesis.hash(), |checks| {
            checks.iter().all(|check| check.verify().is_ok())
        });
        self.peers[at].step(|node| node.import_block(&block.unwrap(), now).unwrap())
    }

    /// What the miner of a node would work on.
    pub(crate) fn job(&mut self, at: usize) -> Option<MinableHeader> {
        let now = self.now;
        let job = self.peers[at].step(|node| node.mining_job(now).unwrap());
        job.map(|job| job.header)
    }

    /// A header that the miner of a node finds; none while the chain rests.
    pub(crate) fn find(&mut self, at: usize) -> Option<Header> {
        let mut job = self.job(at)?;
        loop {
            if let Some(header) = job.search(0..=u32::MAX) {
                return Some(header);
            }
            job = job.with_next_extra_nonce();
        }
    }

    /// Hands in a header that was found.
    pub(crate) fn mined(&mut self, at: usize, header: Header) -> Option<Block> {
        let now = self.now;
        self.peers[at].step(|node| node.mined(header, now).unwrap())
    }

    /// One interval later, a node mines the block that it wants, if any.
    pub(crate) fn mine(&mut self, at: usize) -> Option<Block> {
        self.wait(INTERVAL);
        let header = self.find(at)?;
        Some(self.mined(at, header).unwrap())
    }

    /// A node mines so many blocks, empty ones where nothing waits.
    pub(crate) fn mine_many(&mut self, at: usize, count: usize) -> Vec<Block> {
        (0..count)
            .map(|_| {
                self.peers[at].node.mine_now();
                self.mine(at).unwrap()
            })
            .collect()
    }

    /// A node mines until the chain rests.
    pub(crate) fn mine_until_rest(&mut self, at: usize) -> Vec<Block> {
        core::iter::from_fn(|| self.mine(at)).take(64).collect()
    }

    /// A node catches up with another as a driver does: it asks for the blocks after its locator
    /// while the other has a better chain. Returns how many questions that took.
    pub(crate) fn sync(&mut self, at: usize, from: usize) -> usize {
        for questions in 0..1_000 {
            let theirs = self.peers[from].node.status();
            if !self.peers[at].node.is_behind(&theirs) {
                return questions;
            }
            let locator = self.peers[at].node.locator().unwrap();
            let blocks = self.peers[from].node.blocks_after(&locator).unwrap();
            for bytes in blocks.iter() {
                let genesis_hash = self.genesis.hash();
                let block = Block::from_bytes(bytes, &genesis_hash, |checks| {
                    checks.iter().all(|check| check.verify().is_ok())
                });
                let imported = self.import(at, &block.unwrap());
                assert!(
                    matches!(
                        imported,
                        Imported::NewHead | Imported::SideChain | Imported::AlreadyKnown
                    ),
                    "{imported:?}"
                );
            }
        }
        panic!("the sync makes no progress");
    }

    /// Stops a node and opens it again over what it stored.
    pub(crate) fn restart(&mut self, at: usize) {
        let chain = self.peers[at].chain.clone();
        self.peers[at] = Peer::open(&self.genesis, &self.hospitals[at], chain);
    }

    /// Seals a header with a hospital's node key, whatever the header says.
    pub(crate) fn sealed(
        &self,
        header: Header,
        by: usize,
        transactions: &[VerifiedTransaction],
    ) -> Block {
        let sealed = SealedHeader::seal(header, &self.genesis.hash(), &self.hospitals[by].node);
        Block::assemble(sealed, transactions.to_vec()).unwrap()
    }

    /// The head of a node.
    pub(crate) fn head(&self, at: usize) -> Head {
        self.peers[at].node.head()
    }
}

impl Peer {
    pub(crate) fn open(genesis: &Genesis, hospital: &Hospital, chain: MemoryChain) -> Self {
        let opened = Node::open(
            genesis.clone(),
            hospital.id,
            hospital.node.clone(),
            chain.clone(),
        );
        let Outcome {
            value: node,
            change,
        } = opened.unwrap();
        chain.apply(change);
        let is_large = false;
        let peer = Self {
            node,
            chain,
            is_large,
        };
        peer.check_store();
        peer
    }

    /// The block of the best chain that a transaction is mined in.
    pub(crate) fn mined_in(&self, txid: Txid) -> Option<BlockHash> {
        self.chain.transaction_block(&txid).unwrap()
    }

    /// Whether a transaction waits.
    pub(crate) fn waits(&self, txid: Txid) -> bool {
        self.node.waiting(&txid).is_some()
    }

    /// How many transactions wait.
    pub(crate) fn waiting(&self) -> usize {
        self.node.all_waiting().count()
    }

    /// The state after the newest block, as a reader of the store sees it.
    pub(crate) fn state(&self) -> State<<MemoryChain as ChainStore>::Nodes> {
        let roots = StateRoots::from(self.node.head_header());
        State::at(
            self.chain.patient_nodes(),
            self.chain.hospital_nodes(),
            roots,
        )
    }
}

/// A genesis of these hospitals.
pub(crate) fn genesis(name: &str, hospitals: &[Hospital]) -> Genesis {
    let network = Network {
        name: name.to_owned(),
        created: CREATED,
        interval: INTERVAL,
        easiest_target: EASY,
        initial_target: EASY,
    };
    let hospitals = hospitals.iter().map(|hospital| GenesisHospital {
        name: hospital.name.clone(),
        keys: hospital.public_keys(),
        urls: Vec::new(),
        peers: Vec::new(),
    });
    Genesis::new(GenesisFile {
        network,
        hospitals: hospitals.collect(),
    })
    .unwrap()
}
