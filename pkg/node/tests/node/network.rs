//! Whatever the order of submissions, blocks and deliveries, and however the network was split: when
//! it is whole again, all nodes agree, and every transaction that was accepted is mined once.

use std::collections::{BTreeMap, BTreeSet};

use keepwell_ledger::{
    block::Block,
    transaction::{Txid, VerifiedTransaction},
};
use keepwell_node::{ChainStore, Imported, Submitted};
use keepwell_primitives::{BlockIndex, Milliseconds};
use proptest::{prelude::*, sample::Index};

use crate::world::{Patient, World};

const NODES: usize = 4;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Event {
    /// A person submits their next transaction to a node.
    Submit { person: usize, at: usize },
    /// A node finds a block; it is sent to those on its side.
    Mine { at: usize },
    /// A node finds a block though nothing waits.
    MineEmpty { at: usize },
    /// One of the messages on the way arrives, in whatever order.
    Deliver(Index),
    /// One of the messages on the way is lost.
    Lose(Index),
    /// A node catches up with another, if it can reach it.
    Sync { at: usize, from: usize },
    /// The nodes whose bit is set and those whose is not no longer reach each other.
    Split { sides: u8 },
    /// A node stops and starts.
    Restart { at: usize },
    /// Time passes.
    Wait { milliseconds: u64 },
}

fn event() -> impl Strategy<Value = Event> {
    let node = || 0..NODES;
    prop_oneof![
        4 => (0..2 * NODES, node()).prop_map(|(person, at)| Event::Submit { person, at }),
        3 => node().prop_map(|at| Event::Mine { at }),
        1 => node().prop_map(|at| Event::MineEmpty { at }),
        6 => any::<Index>().prop_map(Event::Deliver),
        1 => any::<Index>().prop_map(Event::Lose),
        2 => (node(), node()).prop_map(|(at, from)| Event::Sync { at, from }),
        1 => any::<u8>().prop_map(|sides| Event::Split { sides }),
        1 => node().prop_map(|at| Event::Restart { at }),
        2 => (0..4_000_u64).prop_map(|milliseconds| Event::Wait { milliseconds }),
    ]
}

enum Message {
    Block(usize, Block),
    Transaction(usize, VerifiedTransaction),
}

struct Network {
    world: World,
    patients: Vec<Patient>,
    /// What each person has signed so far: hospitals first, then patients.
    signed: Vec<Vec<VerifiedTransaction>>,
    /// What each node has accepted.
    accepted: [BTreeSet<Txid>; NODES],
    on_the_way: Vec<Message>,
    sides: u8,
}

impl Network {
    fn new() -> Self {
        let numbers = 1..=u16::try_from(NODES).unwrap();
        let patients = numbers.map(|number| Patient::new(number, usize::from(number) - 1));
        Self {
            world: World::new(),
            patients: patients.collect(),
            signed: vec![Vec::new(); 2 * NODES],
            accepted: Default::default(),
            on_the_way: Vec::new(),
            sides: 0,
        }
    }

    fn reaches(&self, from: usize, to: usize) -> bool {
        from != to && (self.sides >> from) & 1 == (self.sides >> to) & 1
    }

    /// The person's next transaction: a hospital issues to its patient, a patient grants.
    fn sign(&mut self, person: usize) -> VerifiedTransaction {
        let patient = &self.patients[person % NODES];
        let nonce = self.signed[person].len() as u64;
        let transaction = match (person < NODES, nonce) {
            (true, 0) => self.world.opening(patient, 0),
            (true, _) => self.world.record(patient, nonce),
            (false, _) => {
                let others = (person + 1 + usize::try_from(nonce).unwrap() % (NODES - 1)) % NODES;
                self.world.grant(patient, others, nonce)
            }
        };
        self.signed[person].push(transaction.clone());
        transaction
    }

    /// Hands a transaction to a node, which passes on what it accepts.
    fn submit(&mut self, at: usize, transaction: &VerifiedTransaction) {
        if self.world.submit(at, transaction) != Submitted::Accepted {
            return;
        }
        self.accepted[at].insert(transaction.txid());
        let others = (0..NODES).filter(|to| self.reaches(at, *to));
        let messages = others.map(|to| Message::Transaction(to, transaction.clone()));
        let messages: Vec<_> = messages.collect();
        self.on_the_way.extend(messages);
    }

    fn mine(&mut self, at: usize) {
        let Some(header) = self.world.find(at) else {
            return;
        };
        // None if the clock was so far behind the chain that the block is early.
        let Some(block) = self.world.mined(at, header) else {
            return;
        };
        let others = (0..NODES).filter(|to| self.reaches(at, *to));
        let messages: Vec<_> = others.map(|to| Message::Block(to, block.clone())).collect();
        self.on_the_way.extend(messages);
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Submit { person, at } => {
                let transaction = self.sign(person);
                self.submit(at, &transaction);
            }
            Event::Mine { at } => self.mine(at),
            Event::MineEmpty { at } => {
                self.world.peers[at].node.mine_now();
                self.mine(at);
            }
            Event::Deliver(index) if !self.on_the_way.is_empty() => {
                match self.on_the_way.remove(index.index(self.on_the_way.len())) {
                    Message::Transaction(to, transaction) => self.submit(to, &transaction),
                    Message::Block(to, block) => {
                        let imported = self.world.import(to, &block);
                        assert!(!matches!(imported, Imported::Rejected(_)), "{imported:?}");
                    }
                }
            }
            Event::Lose(index) if !self.on_the_way.is_empty() => {
                let length = self.on_the_way.len();
                self.on_the_way.swap_remove(index.index(length));
            }
            Event::Sync { at, from } if self.reaches(from, at) => {
                self.world.sync(at, from);
            }
            Event::Split { sides } => {
                self.sides = sides;
                // What is on the way across is lost.
                self.on_the_way.clear();
            }
            Event::Restart { at } => self.world.restart(at),
            Event::Wait { milliseconds } => self.world.wait(Milliseconds(milliseconds)),
            Event::Deliver(_) | Event::Lose(_) | Event::Sync { .. } => {}
        }
    }

    /// Whatever happens, what a node has accepted waits there or is on its best chain.
    fn nothing_is_lost(&self) {
        for (peer, accepted) in self.world.peers.iter().zip(&self.accepted) {
            for txid in accepted {
                let is_mined = peer.mined_in(*txid).is_some();
                assert_ne!(peer.waits(*txid), is_mined, "{txid}");
            }
        }
    }

    fn sync_all(&mut self) {
        for _ in 0..2 {
            for at in 0..NODES {
                for from in (0..NODES).filter(|from| *from != at) {
                    self.world.sync(at, from);
                }
            }
        }
    }

    /// Nobody is split off any more; people send again what is not mined, everywhere.
    fn heal(&mut self) {
        self.sides = 0;
        self.on_the_way.clear();
        self.sync_all();
        self.agree();
        for transactions in self.signed.clone() {
            for transaction in &transactions {
                (0..NODES).for_each(|at| self.submit(at, transaction));
            }
        }
        for round in 0..64 {
            self.world.mine(round % NODES);
            self.sync_all();
        }
        self.agree();
    }

    fn agree(&self) {
        let heads: Vec<_> = (0..NODES).map(|at| self.world.head(at)).collect();
        assert_eq!(heads, vec![heads[0]; NODES]);
        let headers = self.world.peers.iter().map(|peer| peer.node.head_header());
        for header in headers {
            assert_eq!(header, self.world.peers[0].node.head_header());
        }
    }

    /// Walks the best chain and counts every transaction on it.
    fn mined(&self) -> BTreeMap<Txid, usize> {
        let peer = &self.world.peers[0];
        let mut mined = BTreeMap::new();
        for index in 1..=peer.node.head().index.0 {
            let hash = peer.chain.best_chain(BlockIndex(index)).unwrap().unwrap();
            let bytes = peer.chain.block_bytes(&hash).unwrap().unwrap();
            let block = Block::from_bytes(&bytes, &self.world.genesis.hash(), |_| true).unwrap();
            for transaction in block.transactions() {
                *mined.entry(transaction.txid()).or_default() += 1;
            }
        }
        mined
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nodes_agree_when_the_network_is_whole_and_what_was_accepted_is_mined_once(
        events in prop::collection::vec(event(), 20..160),
    ) {
        let mut network = Network::new();
        for event in events {
            network.take(event);
            network.nothing_is_lost();
        }
        network.heal();
        let mined = network.mined();
        for txid in network.accepted.iter().flatten() {
            prop_assert_eq!(mined.get(txid), Some(&1), "{} was accepted", txid);
        }
        prop_assert!(mined.values().all(|times| *times == 1));
        for peer in &network.world.peers {
            prop_assert_eq!(peer.waiting(), 0);
        }
    }
}
