//! A chain of headers under easy targets: one test for every header rule.

use std::collections::VecDeque;

use keepwell_keys::{HospitalId, SecretKey};
use keepwell_ledger::{
    block::{
        BlockHash, Header, HeaderChain, HeaderError, History, MinableHeader, SealedHeader,
        TIMESTAMP_AHEAD_MAX, Work,
    },
    genesis::Genesis,
};
use keepwell_primitives::{BlockIndex, Hash, Milliseconds, Timestamp};

use crate::world::{A, B, INTERVAL, World, next_header, target_bits};

/// The chain of some blocks, mined by A one interval after another.
fn chain_of(world: &World, blocks: usize) -> HeaderChain {
    let mut chain = HeaderChain::genesis(&world.genesis);
    for _ in 0..blocks {
        let sealed = world.seal(A, next(world, &chain));
        push(&mut chain, sealed).unwrap();
    }
    chain
}

fn next(world: &World, chain: &HeaderChain) -> Header {
    Header {
        miner: world.hospital(A),
        merkle_root_hash: Hash::untagged(b"some transactions"),
        ..next_header(chain)
    }
}

/// Pushes at the header's own time. A refused header must leave the chain as it was.
fn push(chain: &mut HeaderChain, sealed: SealedHeader) -> Result<(), HeaderError> {
    let before = chain.clone();
    let result = chain.push(&sealed, sealed.header.timestamp);
    if result.is_err() {
        assert_eq!(*chain, before);
    }
    result
}

/// What the chain of three blocks says of a next header altered so, mined and sealed afterwards.
fn refused(alter: impl FnOnce(&mut Header)) -> Option<HeaderError> {
    let world = World::with_hospitals(4);
    let mut chain = chain_of(&world, 3);
    let mut header = next(&world, &chain);
    alter(&mut header);
    let sealed = world.seal(A, header);
    push(&mut chain, sealed).err()
}

#[test]
fn honest_headers_make_a_chain() {
    let world = World::with_hospitals(4);
    let chain = chain_of(&world, 3);
    assert_eq!(chain.tip().index, BlockIndex(3));
    assert_eq!(chain.tip_hash(), chain.tip().hash());
    assert_eq!(chain.history().count(), 4);
    let one = target_bits(8).work();
    let three = one + one + one;
    assert!(chain.work() >= three);
    assert_eq!(refused(|_| ()), None);
}

#[test]
fn header_of_another_width_is_refused() {
    let bytes = next_header(&chain_of(&World::with_hospitals(1), 0)).to_bytes();
    for length in [0, 287, 289] {
        let mut other = bytes.to_vec();
        other.resize(length, 0);
        let (got, expected) = (length, 288);
        let wrong = HeaderError::Length { got, expected };
        assert!(!wrong.condemns_hash());
        assert_eq!(Header::from_bytes(&other), Err(wrong));
    }
}

#[test]
fn header_of_another_version_is_refused() {
    let (got, expected) = (2, 1);
    let wrong = HeaderError::Version { got, expected };
    assert!(wrong.condemns_hash());
    assert_eq!(refused(|header| header.version = 2), Some(wrong));
}

#[test]
fn header_that_skips_or_repeats_an_index_is_refused() {
    for index in [3, 5, u64::MAX] {
        let (got, expected) = (BlockIndex(index), BlockIndex(4));
        let wrong = HeaderError::Index { got, expected };
        assert!(wrong.condemns_hash());
        assert_eq!(refused(|header| header.index = got), Some(wrong));
    }
}

#[test]
fn child_of_another_block_is_refused_and_not_condemned() {
    let got = BlockHash(Hash::untagged(b"another block"));
    let world = World::with_hospitals(4);
    let expected = chain_of(&world, 3).tip_hash();
    let wrong = HeaderError::PreviousHash { got, expected };
    assert!(!wrong.condemns_hash());
    // Whatever else differs: of a stranger's child nothing else can be judged.
    let far_away = |header: &mut Header| {
        header.previous_hash = got;
        header.index = BlockIndex(77);
        header.history_root = Hash::ZERO;
    };
    assert_eq!(refused(far_away), Some(wrong));
}

#[test]
fn header_with_another_past_is_refused() {
    let world = World::with_hospitals(4);
    let expected = chain_of(&world, 3).history().root();
    let got = chain_of(&world, 2).history().root();
    let wrong = HeaderError::HistoryRoot { got, expected };
    assert!(wrong.condemns_hash());
    assert_eq!(refused(|header| header.history_root = got), Some(wrong));
}

#[test]
fn header_with_another_council_is_refused() {
    let expected = World::with_hospitals(4).genesis.council().hash();
    let got = World::with_hospitals(5).genesis.council().hash();
    let wrong = HeaderError::CouncilHash { got, expected };
    assert!(wrong.condemns_hash());
    assert_eq!(refused(|header| header.council_hash = got), Some(wrong));
}

#[test]
fn time_goes_forward() {
    let parent = chain_of(&World::with_hospitals(4), 3).tip().timestamp;
    for got in [parent, Timestamp(parent.0 - 1), Timestamp(0)] {
        let wrong = HeaderError::TimestampNotAfterParent { got, parent };
        assert!(wrong.condemns_hash());
        assert_eq!(refused(|header| header.timestamp = got), Some(wrong));
    }
    let just_after = refused(|header| header.timestamp = Timestamp(parent.0 + 1));
    assert_eq!(just_after, None);
}

#[test]
fn header_too_far_ahead_of_the_clock_waits() {
    let world = World::with_hospitals(4);
    let mut chain = chain_of(&world, 3);
    let sealed = world.seal(A, next(&world, &chain));
    let got = sealed.header.timestamp;
    let now = Timestamp(got.0 - TIMESTAMP_AHEAD_MAX.0 - 1);
    let wrong = HeaderError::TimestampAhead { got, now };
    assert!(!wrong.condemns_hash());
    assert_eq!(chain.push(&sealed, now), Err(wrong));
    assert_eq!(chain.push(&sealed, now + Milliseconds(1)), Ok(()));
}

#[test]
fn header_with_another_target_than_the_rule_says_is_refused() {
    let expected = chain_of(&World::with_hospitals(4), 3).next_target();
    for got in [target_bits(4), target_bits(9)] {
        let wrong = HeaderError::Target { got, expected };
        assert!(wrong.condemns_hash());
        assert_eq!(refused(|header| header.target = got), Some(wrong));
    }
}

#[test]
fn header_without_enough_work_is_refused() {
    let world = World::with_hospitals(4);
    let mut chain = chain_of(&world, 3);
    let header = next(&world, &chain);
    let lazy = (0..).map(|nonce| Header { nonce, ..header });
    let lazy = lazy
        .into_iter()
        .find(|header| !header.hash().meets(&header.target))
        .unwrap();
    let (got, target) = (lazy.hash(), lazy.target);
    let sealed = SealedHeader::seal(lazy, &world.genesis_hash(), &world.keys[A].node);
    let wrong = HeaderError::ProofOfWork { got, target };
    assert!(wrong.condemns_hash());
    assert_eq!(push(&mut chain, sealed), Err(wrong));
}

#[test]
fn stranger_cannot_mine() {
    let miner = HospitalId::from_bytes([7; 32]);
    let wrong = HeaderError::MinerNotEnrolled { miner };
    assert!(wrong.condemns_hash());
    assert_eq!(refused(|header| header.miner = miner), Some(wrong));
}

#[test]
fn bad_seal_blames_its_sender_and_a_good_one_is_still_accepted() {
    let world = World::with_hospitals(4);
    let mut chain = chain_of(&world, 3);
    let good = world.seal(A, next(&world, &chain));
    let seal_with = |key: &SecretKey| SealedHeader::seal(good.header, &world.genesis_hash(), key);
    let of_another_network = World::with_hospitals(5).genesis_hash();
    let miner = world.hospital(A);
    for bad in [
        seal_with(&world.keys[B].node),
        seal_with(&world.keys[A].authority),
        SealedHeader::seal(good.header, &of_another_network, &world.keys[A].node),
    ] {
        let wrong = HeaderError::Seal { miner };
        assert!(!wrong.condemns_hash());
        assert_eq!(push(&mut chain, bad), Err(wrong));
    }
    assert_eq!(push(&mut chain, good), Ok(()));
}

#[test]
fn resumed_chain_equals_the_pushed_one() {
    let world = World::with_hospitals(4);
    for blocks in [0, 1, 2, 59, 60, 61, 75] {
        let chain = chain_of(&world, blocks);
        assert_eq!(resume(&world.genesis, &chain), Ok(chain));
    }
}

fn resume(genesis: &Genesis, chain: &HeaderChain) -> Result<HeaderChain, HeaderError> {
    let (earlier, history) = (chain.earlier().clone(), chain.history().clone());
    HeaderChain::resume(genesis, earlier, *chain.tip(), history, chain.work())
}

#[test]
fn stored_headers_that_do_not_belong_together_are_not_resumed() {
    let world = World::with_hospitals(4);
    let chain = chain_of(&world, 5);
    let broken = Err(HeaderError::StoredChainBroken);
    let of = |earlier: VecDeque<Header>, tip: Header, history: History| {
        HeaderChain::resume(&world.genesis, earlier, tip, history, Work::default())
    };
    let (earlier, tip, history) = (chain.earlier(), *chain.tip(), chain.history());

    let mut without_first = earlier.clone();
    without_first.pop_front();
    assert_eq!(of(without_first, tip, history.clone()), broken);
    let mut swapped = earlier.clone();
    swapped.swap(1, 2);
    assert_eq!(of(swapped, tip, history.clone()), broken);
    let other_tip = Header {
        index: BlockIndex(9),
        ..tip
    };
    assert_eq!(of(earlier.clone(), other_tip, history.clone()), broken);
    let at_the_end = Header {
        index: BlockIndex(u64::MAX),
        ..tip
    };
    assert_eq!(of(VecDeque::new(), at_the_end, history.clone()), broken);
    let mut longer = history.clone();
    longer.push(&tip.hash());
    assert_eq!(of(earlier.clone(), tip, longer), broken);
    assert_eq!(
        of(VecDeque::new(), *world.genesis.header(), History::new()),
        broken
    );

    // The chain of another network, whole in itself.
    let elsewhere = World::with_hospitals(5);
    let foreign = chain_of(&elsewhere, 3);
    assert_eq!(resume(&world.genesis, &foreign), broken);
    assert_eq!(resume(&world.genesis, &chain_of(&elsewhere, 0)), broken);
}

#[test]
fn miner_finds_the_first_nonce_by_the_midstate_that_the_whole_hash_confirms() {
    let world = World::with_hospitals(4);
    let header = next(&world, &chain_of(&world, 1));
    let meets = |header: &Header| BlockHash::of(header).meets(&header.target);
    let first = (0..).map(|nonce| Header { nonce, ..header });
    let first = first.into_iter().find(meets).unwrap();
    let miner = MinableHeader::new(Header {
        nonce: 12_345,
        ..header
    });
    assert_eq!(miner.search(0..=u32::MAX), Some(first));
    assert_eq!(miner.search(first.nonce..=first.nonce), Some(first));
    if first.nonce > 0 {
        assert_eq!(miner.search(0..=first.nonce - 1), None);
    }
}

#[test]
fn extra_nonce_moves_on_when_the_nonces_are_spent() {
    let world = World::with_hospitals(4);
    let header = next(&world, &chain_of(&world, 1));
    let found = MinableHeader::new(header)
        .with_next_extra_nonce()
        .search(0..=u32::MAX)
        .unwrap();
    assert_eq!(found.extra_nonce, 1);
    assert_eq!(
        Header {
            extra_nonce: 0,
            nonce: 0,
            ..found
        },
        header
    );
    assert!(BlockHash::of(&found).meets(&found.target));
    let last = Header {
        extra_nonce: u64::MAX,
        ..header
    };
    let found = MinableHeader::new(last)
        .with_next_extra_nonce()
        .search(0..=u32::MAX);
    assert_eq!(found.unwrap().extra_nonce, 0);
}

#[test]
fn headers_json_bears_the_reports_names() {
    let world = World::with_hospitals(4);
    let mut header = next(&world, &chain_of(&world, 1));
    header.timestamp = header.timestamp + INTERVAL;
    let sealed = world.seal(A, header);
    let json = serde_json::to_value(sealed).unwrap();
    let mut names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    names.sort();
    assert_eq!(
        names.join(" "),
        "councilHash extraNonce historyRoot hospitalStateTrieHash index merkleRootHash miner nonce \
         patientStateTrieHash previousHash seal target timestamp version"
    );
    assert_eq!(
        serde_json::from_value::<SealedHeader>(json).unwrap(),
        sealed
    );
}
