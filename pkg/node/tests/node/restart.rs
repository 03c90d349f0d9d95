//! A node that stops and opens again over what it stored.

use keepwell_node::{MemoryChain, Node, NodeError};

use crate::world::{Patient, Peer, World, genesis};

#[test]
fn a_restarted_node_has_the_same_head_and_the_same_mempool() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    world.mine_many(0, 70);
    let records = [3, 1, 2].map(|nonce| world.record(&patient, nonce));
    for record in &records {
        world.accept(0, record);
    }
    let grant = world.accept(0, &world.grant(&patient, 1, 0));
    let before = world.head(0);
    world.restart(0);
    assert_eq!(world.head(0), before);
    assert_eq!(world.peers[0].waiting(), 4);
    world.mine(0).unwrap();
    assert_eq!(world.peers[0].waiting(), 0);
    assert!(
        records
            .iter()
            .all(|r| world.peers[0].mined_in(r.txid()).is_some())
    );
    assert!(world.peers[0].mined_in(grant).is_some());
    world.sync(1, 0);
    assert_eq!(world.head(1), world.head(0));
}

#[test]
fn a_restarted_node_judges_the_next_block_as_before() {
    let mut world = World::new();
    let blocks = world.mine_many(0, 65);
    blocks.iter().for_each(|block| {
        world.import(1, block);
        world.restart(1);
    });
    assert_eq!(world.head(1), world.head(0));
    let header = *world.peers[0].node.head_header();
    assert_eq!(*world.peers[1].node.head_header(), header);
}

#[test]
fn the_store_of_another_network_is_refused() {
    let world = World::new();
    let other = genesis("Other", &world.hospitals);
    let hospital = &world.hospitals[0];
    let chain = world.peers[0].chain.clone();
    let opened = Node::open(other.clone(), hospital.id, hospital.node.clone(), chain);
    let (got, expected) = (world.genesis.header().hash(), other.header().hash());
    match opened.err().unwrap() {
        NodeError::OtherNetwork {
            got: a,
            expected: b,
        } => assert_eq!((a, b), (got, expected)),
        error => panic!("{error}"),
    }
    // The other network in a store of its own.
    Peer::open(&other, hospital, MemoryChain::default());
}
