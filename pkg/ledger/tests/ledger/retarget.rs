//! How the target follows the pace of the chain.
//!
//! The chains here are put together from storage, so that their times and targets can be anything;
//! [`crate::headers`] holds pushed chains to the same rule.

use std::collections::VecDeque;

use keepwell_ledger::block::{
    Header, HeaderChain, History, RETARGET_WINDOW, Target, Work, merkle_root,
};
use keepwell_primitives::{BlockIndex, Hash, Milliseconds, Timestamp};
use proptest::prelude::*;

use crate::world::{INTERVAL, World, target_bits};

/// A block as the retarget sees it.
#[derive(Clone, Copy, Debug)]
struct Seen {
    timestamp: Timestamp,
    target: Target,
    is_empty: bool,
}

/// The chain of these blocks on a genesis.
fn chain_of(world: &World, blocks: &[Seen]) -> HeaderChain {
    let mut headers = vec![*world.genesis.header()];
    let mut history = History::new();
    for seen in blocks {
        let parent = *headers.last().unwrap();
        history.push(&parent.hash());
        let some = Hash::untagged(b"some transactions");
        headers.push(Header {
            index: parent.index.next(),
            previous_hash: parent.hash(),
            timestamp: seen.timestamp,
            target: seen.target,
            merkle_root_hash: if seen.is_empty {
                merkle_root(&[])
            } else {
                some
            },
            ..parent
        });
    }
    let tip = headers.pop().unwrap();
    history.push(&tip.hash());
    let first = headers.len().saturating_sub(RETARGET_WINDOW);
    let earlier = VecDeque::from(headers.split_off(first));
    HeaderChain::resume(&world.genesis, earlier, tip, history, Work::default()).unwrap()
}

/// Blocks with transactions, each so long after the one before.
fn paced(world: &World, spans: impl IntoIterator<Item = u64>) -> Vec<Seen> {
    let mut timestamp = world.genesis.header().timestamp;
    let seen = |span| {
        timestamp = timestamp + Milliseconds(span);
        Seen {
            timestamp,
            target: target_bits(8),
            is_empty: false,
        }
    };
    spans.into_iter().map(seen).collect()
}

fn next(world: &World, blocks: &[Seen]) -> Target {
    chain_of(world, blocks).next_target()
}

/// The target as a fraction of all hashes.
fn ratio(target: &Target) -> f64 {
    target
        .as_bytes()
        .iter()
        .rev()
        .fold(0.0, |rest, byte| (f64::from(*byte) + rest) / 256.0)
}

fn close(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= expected * 1e-9 + 1e-60
}

#[test]
fn chain_on_time_keeps_its_target() {
    let world = World::with_hospitals(1);
    let initial = ratio(&target_bits(8));
    for blocks in [0, 1, 59, 60, 61, 200] {
        let target = next(&world, &paced(&world, vec![INTERVAL.0; blocks]));
        assert!(close(ratio(&target), initial), "{blocks}: {target}");
        assert!(target <= target_bits(8), "rounding is down");
    }
}

#[test]
fn faster_blocks_make_the_target_harder_and_slower_ones_easier_in_proportion() {
    let world = World::with_hospitals(1);
    let initial = ratio(&target_bits(8));
    // 100 blocks: the first child of the empty genesis block, on time by rule, is out of the window.
    let twice_as_fast = next(&world, &paced(&world, vec![INTERVAL.0 / 2; 100]));
    assert!(close(ratio(&twice_as_fast), initial / 2.0));
    let thrice_as_slow = next(&world, &paced(&world, vec![INTERVAL.0 * 3; 100]));
    assert!(close(ratio(&thrice_as_slow), initial * 3.0));
}

#[test]
fn newer_blocks_weigh_more() {
    let world = World::with_hospitals(1);
    let with_late = |position: usize| {
        let mut spans = vec![INTERVAL.0; 100];
        spans[position] = 2 * INTERVAL.0;
        ratio(&next(&world, &paced(&world, spans)))
    };
    let initial = ratio(&target_bits(8));
    assert!(close(with_late(99), initial * (1.0 + 60.0 / 1830.0)));
    assert!(close(with_late(40), initial * (1.0 + 1.0 / 1830.0)));
    assert!(close(with_late(39), initial));
}

#[test]
fn one_late_block_counts_six_intervals_at_most() {
    let world = World::with_hospitals(1);
    let mut spans = vec![INTERVAL.0; 100];
    spans[99] = 6 * INTERVAL.0;
    let six = next(&world, &paced(&world, spans.clone()));
    spans[99] = 1_000_000 * INTERVAL.0;
    assert_eq!(next(&world, &paced(&world, spans)), six);
}

#[test]
fn block_after_an_empty_parent_counts_as_on_time() {
    let world = World::with_hospitals(1);
    let on_time = next(&world, &paced(&world, vec![INTERVAL.0; 100]));
    let mut rested = vec![INTERVAL.0; 100];
    rested[90] = 3_600_000;
    let mut blocks = paced(&world, rested);
    assert_ne!(next(&world, &blocks), on_time);
    blocks[89].is_empty = true;
    assert_eq!(next(&world, &blocks), on_time);
    // The genesis block is empty: however old it is, its child is on time.
    assert_eq!(
        next(&world, &paced(&world, [86_400_000])),
        next(&world, &[])
    );
}

#[test]
fn target_is_never_easier_than_the_easiest() {
    let world = World::with_hospitals(1);
    let mut blocks = paced(&world, vec![6 * INTERVAL.0; 100]);
    blocks
        .iter_mut()
        .for_each(|seen| seen.target = target_bits(4));
    assert_eq!(next(&world, &blocks), target_bits(4));
    blocks
        .iter_mut()
        .for_each(|seen| seen.target = target_bits(0));
    assert_eq!(next(&world, &blocks), target_bits(4));
}

fn any_target() -> impl Strategy<Value = Target> {
    let any_bits = (0..=256_usize).prop_map(target_bits);
    prop_oneof![any_bits, any::<[u8; 32]>().prop_map(Target::from_bytes)]
}

fn any_seen() -> impl Strategy<Value = Seen> {
    let near = (0..200_000_u64).prop_map(|span| Timestamp(crate::world::CREATED.0 + span));
    let timestamp = prop_oneof![near, any::<u64>().prop_map(Timestamp), Just(Timestamp::MAX)];
    let parts = (timestamp, any_target(), any::<bool>());
    parts.prop_map(|(timestamp, target, is_empty)| Seen {
        timestamp,
        target,
        is_empty,
    })
}

/// The rule of section 6 in floating point: the average target of the window times the weighted
/// solve times over what they should have taken.
fn expected(world: &World, blocks: &[Seen]) -> f64 {
    let interval = INTERVAL.0 as f64;
    let genesis = Seen {
        timestamp: world.genesis.header().timestamp,
        target: target_bits(8),
        is_empty: true,
    };
    let all = [vec![genesis], blocks.to_vec()].concat();
    let mut window: Vec<(f64, f64)> = all
        .windows(2)
        .map(|pair| {
            let took = pair[1].timestamp.0.saturating_sub(pair[0].timestamp.0) as f64;
            let solved = if pair[0].is_empty {
                interval
            } else {
                took.clamp(1.0, 6.0 * interval)
            };
            (solved, ratio(&pair[1].target))
        })
        .collect();
    while window.len() < 60 {
        window.insert(0, (interval, ratio(&target_bits(8))));
    }
    let window = &window[window.len() - 60..];
    let average = window.iter().map(|(_, target)| target).sum::<f64>() / 60.0;
    let weighted = window
        .iter()
        .zip(1..)
        .map(|((solved, _), weight)| solved * f64::from(weight));
    let next = average * weighted.sum::<f64>() / (1830.0 * interval);
    next.min(ratio(&target_bits(4)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn target_follows_the_rule_without_overflow_for_any_times_and_targets(
        blocks in prop::collection::vec(any_seen(), 0..90),
    ) {
        let world = World::with_hospitals(1);
        let target = next(&world, &blocks);
        prop_assert!(target <= target_bits(4));
        let (got, expected) = (ratio(&target), expected(&world, &blocks));
        prop_assert!(close(got, expected), "{got} {expected}");
    }

    #[test]
    fn work_of_any_targets_adds_up_without_overflow(targets in prop::collection::vec(any_target(), 1..20)) {
        let mut sum = Work::default();
        for target in &targets {
            let before = sum;
            sum = sum + target.work();
            prop_assert!(sum > before || before.to_bytes() == [0xff; 32]);
            prop_assert!(target.work() >= target_bits(0).work());
        }
        prop_assert_eq!(Work::from_bytes(sum.to_bytes()), sum);
    }

    #[test]
    fn any_interval_and_initial_target_of_a_genesis_give_a_target(
        interval in 1..=3_600_000_u64, initial in any_target(),
    ) {
        let mut file = crate::world::genesis_file(1);
        file.network.interval = Milliseconds(interval);
        file.network.easiest_target = target_bits(0);
        file.network.initial_target = initial;
        let genesis = keepwell_ledger::genesis::Genesis::new(file).unwrap();
        let chain = HeaderChain::genesis(&genesis);
        prop_assert!(chain.next_target() <= initial);
        prop_assert_eq!(chain.tip().index, BlockIndex(0));
    }
}
