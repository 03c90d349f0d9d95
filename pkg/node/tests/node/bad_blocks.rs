//! Blocks that break a rule: what becomes of them, and of their hash.

use keepwell_keys::{HospitalId, Signature};
use keepwell_ledger::block::{
    Block, Header, HeaderError, MinableHeader, SealedHeader, TIMESTAMP_AHEAD_MAX,
};
use keepwell_node::{BlockRejected, Imported};
use keepwell_primitives::{BlockIndex, Hash, Milliseconds};

use crate::world::World;

/// An empty block of hospital 0, honest so far.
fn honest_header(world: &mut World) -> Header {
    world.peers[0].node.mine_now();
    world.find(0).unwrap()
}

/// The header with a nonce that meets its target again.
fn remined(header: Header) -> Header {
    MinableHeader::new(header).search(0..=u32::MAX).unwrap()
}

fn rejected(imported: Imported) -> BlockRejected {
    match imported {
        Imported::Rejected(rejected) => rejected,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wrong_state_root_condemns_the_hash() {
    let mut world = World::new();
    let honest = honest_header(&mut world);
    let lies = [
        Header {
            patient_state_trie_hash: Hash([7; 32]),
            ..honest
        },
        Header {
            hospital_state_trie_hash: Hash([7; 32]),
            ..honest
        },
    ];
    for lie in lies {
        let block = world.sealed(remined(lie), 0, &[]);
        let first = rejected(world.import(1, &block));
        assert!(
            matches!(first, BlockRejected::Execution { .. }),
            "{first:?}"
        );
        assert!(first.blames_sender());
        assert_eq!(rejected(world.import(1, &block)), BlockRejected::Condemned);
    }
    assert_eq!(world.head(1).index, BlockIndex::GENESIS);
    let good = world.sealed(honest, 0, &[]);
    assert_eq!(world.import(1, &good), Imported::NewHead);
}

#[test]
fn a_transaction_that_the_state_refuses_condemns_the_hash() {
    let mut world = World::new();
    let patient = crate::world::Patient::new(1, 0);
    let record = world.record(&patient, 0);
    let merkle_root_hash = keepwell_ledger::block::merkle_root(&[record.bytes()]);
    let header = honest_header(&mut world);
    let block = world.sealed(
        remined(Header {
            merkle_root_hash,
            ..header
        }),
        0,
        &[record],
    );
    let BlockRejected::Execution { reason } = rejected(world.import(1, &block)) else {
        panic!("not executed");
    };
    assert!(reason.contains("a visit card is needed"), "{reason}");
    assert_eq!(rejected(world.import(1, &block)), BlockRejected::Condemned);
    let (_, child) = child_of(&mut world, &block);
    assert_eq!(world.import(1, &child), Imported::ParentUnknown);
}

/// A block on a block that no node took.
fn child_of(world: &mut World, parent: &Block) -> (Header, Block) {
    let header = Header {
        index: parent.header().index.next(),
        timestamp: parent.header().timestamp + Milliseconds(1),
        previous_hash: parent.header().hash(),
        ..honest_header(world)
    };
    let header = remined(header);
    (header, world.sealed(header, 0, &[]))
}

#[test]
fn a_bad_seal_does_not_condemn_the_hash() {
    let mut world = World::new();
    let header = honest_header(&mut world);
    let forged = Block::assemble(
        SealedHeader {
            header,
            seal: world.sealed(header, 2, &[]).sealed().seal,
        },
        Vec::new(),
    )
    .unwrap();
    let error = rejected(world.import(1, &forged));
    let miner = world.hospitals[0].id;
    assert_eq!(error, BlockRejected::Header(HeaderError::Seal { miner }));
    assert!(error.blames_sender());
    let good = world.sealed(header, 0, &[]);
    assert_ne!(good.sealed().seal, forged.sealed().seal);
    assert_eq!(world.import(1, &good), Imported::NewHead);
}

#[test]
fn too_little_work_is_refused_each_time() {
    let mut world = World::new();
    let honest = honest_header(&mut world);
    let header = (0..u32::MAX)
        .map(|nonce| Header { nonce, ..honest })
        .find(|header| !header.hash().meets(&header.target))
        .unwrap();
    let block = world.sealed(header, 0, &[]);
    let expected = HeaderError::ProofOfWork {
        got: header.hash(),
        target: header.target,
    };
    for _ in 0..2 {
        assert_eq!(rejected(world.import(1, &block)), expected.clone().into());
    }
}

#[test]
fn a_block_of_a_stranger_is_refused_for_ever() {
    let mut world = World::new();
    let miner = HospitalId::from_bytes([7; 32]);
    let header = remined(Header {
        miner,
        ..honest_header(&mut world)
    });
    let block = world.sealed(header, 0, &[]);
    let error = rejected(world.import(1, &block));
    assert_eq!(error, HeaderError::MinerNotEnrolled { miner }.into());
    assert_eq!(rejected(world.import(1, &block)), BlockRejected::Condemned);
}

#[test]
fn a_block_from_the_future_is_taken_when_its_time_has_come() {
    let mut world = World::new();
    world.wait(TIMESTAMP_AHEAD_MAX);
    world.wait(Milliseconds(1_000));
    let header = honest_header(&mut world);
    let block = world.sealed(header, 0, &[]);
    let now = world.now;
    world.now = crate::world::CREATED;
    let error = rejected(world.import(1, &block));
    let (got, early) = (header.timestamp, world.now);
    assert_eq!(
        error,
        HeaderError::TimestampAhead { got, now: early }.into()
    );
    assert!(!error.blames_sender());
    world.now = now;
    assert_eq!(world.import(1, &block), Imported::NewHead);
}

#[test]
fn a_header_that_breaks_a_link_is_refused() {
    let mut world = World::new();
    let parent = world.mine_many(0, 1).remove(0);
    world.import(1, &parent);
    let honest = honest_header(&mut world);
    let other = Hash([7; 32]);
    let expected_root = honest.history_root;
    let cases = [
        (
            Header {
                index: BlockIndex(9),
                ..honest
            },
            HeaderError::Index {
                got: BlockIndex(9),
                expected: BlockIndex(2),
            },
        ),
        (
            Header {
                history_root: other,
                ..honest
            },
            HeaderError::HistoryRoot {
                got: other,
                expected: expected_root,
            },
        ),
        (
            Header {
                council_hash: other,
                ..honest
            },
            HeaderError::CouncilHash {
                got: other,
                expected: honest.council_hash,
            },
        ),
        (
            Header {
                timestamp: parent.header().timestamp,
                ..honest
            },
            HeaderError::TimestampNotAfterParent {
                got: parent.header().timestamp,
                parent: parent.header().timestamp,
            },
        ),
    ];
    for (header, expected) in cases {
        let block = world.sealed(remined(header), 0, &[]);
        assert_eq!(rejected(world.import(1, &block)), expected.into());
    }
    assert_eq!(world.head(1).hash, parent.header().hash());
}

#[test]
fn the_placeholder_seal_of_the_genesis_block_seals_nothing_else() {
    let mut world = World::new();
    let header = honest_header(&mut world);
    let seal = Signature::PLACEHOLDER;
    let block = Block::assemble(SealedHeader { header, seal }, Vec::new()).unwrap();
    let miner = world.hospitals[0].id;
    let error = rejected(world.import(1, &block));
    assert_eq!(error, HeaderError::Seal { miner }.into());
}
