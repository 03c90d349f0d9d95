//! When there is something to mine, and what becomes of it.

use keepwell_ledger::block::{BURIED_DEPTH, MinableHeader};
use keepwell_node::{MemoryChain, Node, TEMPLATE_AGE_MAX};
use keepwell_primitives::{BlockIndex, Milliseconds, Timestamp};

use crate::world::{CREATED, Patient, World};

fn time_of(job: Option<MinableHeader>) -> Timestamp {
    job.unwrap().search(0..=u32::MAX).unwrap().timestamp
}

#[test]
fn the_chain_rests_while_nothing_waits() {
    let mut world = World::new();
    assert!(world.job(0).is_none());
    world.wait(Milliseconds::DAY);
    assert!(world.job(0).is_none());
}

#[test]
fn a_block_with_transactions_is_buried_and_then_the_chain_rests() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    let opening = world.accept(0, &world.opening(&patient, 0));
    let blocks = world.mine_until_rest(0);
    let sizes: Vec<_> = blocks
        .iter()
        .map(|block| block.transactions().len())
        .collect();
    assert_eq!(sizes, [1, 0, 0]);
    assert_eq!(sizes.len() as u64, 1 + BURIED_DEPTH);
    assert_eq!(
        world.peers[0].mined_in(opening),
        Some(blocks[0].header().hash())
    );
    assert_eq!(world.head(0).final_index, blocks[0].header().index);
    assert!(world.job(0).is_none());
}

#[test]
fn any_node_buries_what_another_mined() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    world.mine(0).unwrap();
    world.sync(1, 0);
    assert_eq!(world.mine_until_rest(1).len(), 2);
}

#[test]
fn mine_now_makes_exactly_one_empty_block() {
    let mut world = World::new();
    world.peers[0].node.mine_now();
    world.peers[0].node.mine_now();
    let blocks = world.mine_until_rest(0);
    assert_eq!(blocks.len(), 1);
    assert!(blocks[0].transactions().is_empty());
    assert_eq!(world.head(0).index, BlockIndex(1));
}

#[test]
fn an_old_template_is_given_a_newer_time() {
    let mut world = World::new();
    world.wait(Milliseconds::SECOND);
    world.peers[0].node.mine_now();
    let made = world.now;
    assert_eq!(time_of(world.job(0)), made);
    world.wait(TEMPLATE_AGE_MAX);
    assert_eq!(time_of(world.job(0)), made);
    world.wait(Milliseconds(1));
    assert_eq!(time_of(world.job(0)), world.now);
}

#[test]
fn a_header_found_for_a_replaced_template_is_still_taken() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    let found = world.find(0).unwrap();
    let later = world.accept(0, &world.record(&patient, 1));
    let newer = world.find(0).unwrap();
    assert_ne!(found.merkle_root_hash, newer.merkle_root_hash);
    let block = world.mined(0, found).unwrap();
    assert_eq!(block.header().hash(), world.head(0).hash);
    assert!(world.peers[0].waits(later));
    assert!(
        world.mined(0, newer).is_none(),
        "its parent is no longer the head"
    );
    let block = world.mine(0).unwrap();
    assert_eq!(block.transactions()[0].txid(), later);
}

#[test]
fn a_header_that_was_never_given_out_is_not_taken() {
    let mut world = World::new();
    world.peers[1].node.mine_now();
    let found = world.find(1).unwrap();
    world.peers[0].node.mine_now();
    world.job(0);
    assert!(world.mined(0, found).is_none());
    assert_eq!(world.head(0).index, BlockIndex::GENESIS);
}

#[test]
fn a_miner_that_is_given_the_same_block_again_tries_other_nonces() {
    let mut world = World::new();
    world.peers[0].node.mine_now();
    let [first, second] = [0, 0].map(|at| world.find(at).unwrap());
    assert_eq!(first.merkle_root_hash, second.merkle_root_hash);
    assert_ne!(first.extra_nonce, second.extra_nonce);
    assert!(world.mined(0, second).is_some());
}

#[test]
fn a_large_block_is_not_made_anew_for_each_transaction_but_soon() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    for nonce in 1..48 {
        world.accept(0, &world.record(&patient, nonce));
    }
    let before = world.find(0).unwrap();
    world.accept(0, &world.record(&patient, 48));
    assert_eq!(
        world.find(0).unwrap().merkle_root_hash,
        before.merkle_root_hash
    );
    world.wait(Milliseconds(250));
    assert_ne!(
        world.find(0).unwrap().merkle_root_hash,
        before.merkle_root_hash
    );
    assert_eq!(world.mine(0).unwrap().transactions().len(), 49);
}

#[test]
fn timestamps_rise_though_the_clock_stands_still_or_goes_back() {
    let mut world = World::new();
    let mut last = CREATED;
    for step in 0..8 {
        if step >= 4 {
            world.now = Timestamp(world.now.0 - 1_000);
        }
        world.peers[0].node.mine_now();
        let header = world.find(0).unwrap();
        assert_eq!(header.timestamp, last + Milliseconds(1));
        assert!(world.mined(0, header).is_some());
        last = header.timestamp;
    }
}

#[test]
fn a_template_from_before_the_clock_was_set_back_is_made_anew() {
    let mut world = World::new();
    world.wait(Milliseconds::HOUR);
    world.peers[0].node.mine_now();
    assert_eq!(time_of(world.job(0)), world.now);
    world.now = CREATED + Milliseconds(5);
    let header = world.find(0).unwrap();
    assert_eq!(header.timestamp, world.now);
    assert!(world.mined(0, header).is_some());
}

#[test]
fn a_node_without_a_place_in_the_council_does_not_mine() {
    let world = World::new();
    let (first, second) = (&world.hospitals[0], &world.hospitals[1]);
    let opened = Node::open(
        world.genesis.clone(),
        first.id,
        second.node.clone(),
        MemoryChain::default(),
    );
    let mut node = opened.unwrap().value;
    node.mine_now();
    assert!(node.mining_job(world.now).unwrap().value.is_none());
}
