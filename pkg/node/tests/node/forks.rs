//! Fork choice: the most work, then the lower hash; and what happens to transactions on the way.

use keepwell_ledger::block::Block;
use keepwell_node::{ChainStore, Imported};
use keepwell_primitives::BlockIndex;
use keepwell_wire::peer::BLOCKS_MAX;

use crate::world::{Patient, World};

/// Two branches that were mined apart; node 2 sees first ours, then theirs.
struct Case {
    name: &'static str,
    drawing: &'static str,
    shared: usize,
    ours: usize,
    theirs: usize,
    theirs_win: bool,
}

const CASES: [Case; 5] = [
    Case {
        name: "a longer branch from the genesis block wins",
        drawing: "
            g─a1
            └─b1─b2 ←",
        shared: 0,
        ours: 1,
        theirs: 2,
        theirs_win: true,
    },
    Case {
        name: "a shorter branch does not win",
        drawing: "
            g─1─a2─a3 ←
              └─b2",
        shared: 1,
        ours: 2,
        theirs: 1,
        theirs_win: false,
    },
    Case {
        name: "blocks that follow ours extend it",
        drawing: "
            g─1─2─a3
                  └─b4 ←",
        shared: 3,
        ours: 0,
        theirs: 1,
        theirs_win: true,
    },
    Case {
        name: "a branch that forks below final depth wins if it has more work",
        drawing: "
            g─1─a2─a3─a4─a5
              └─b2─b3─b4─b5─b6 ←",
        shared: 1,
        ours: 4,
        theirs: 5,
        theirs_win: true,
    },
    Case {
        name: "a deep fork is followed beyond the retarget window",
        drawing: "
            g─1─…─5─a6─…─a75
                  └─b6─……─b76 ←",
        shared: 5,
        ours: 70,
        theirs: 71,
        theirs_win: true,
    },
];

fn import_all(world: &mut World, at: usize, blocks: &[Block]) -> Vec<Imported> {
    blocks.iter().map(|block| world.import(at, block)).collect()
}

#[test]
fn the_branch_with_the_most_work_is_the_head() {
    for case in CASES {
        let context = format!("{}:{}", case.name, case.drawing);
        let mut world = World::new();
        let shared = world.mine_many(0, case.shared);
        import_all(&mut world, 1, &shared);
        import_all(&mut world, 2, &shared);
        let ours = world.mine_many(0, case.ours);
        let theirs = world.mine_many(1, case.theirs);
        import_all(&mut world, 2, &ours);
        let imported = import_all(&mut world, 2, &theirs);
        let expected = if case.theirs_win { 1 } else { 0 };
        assert_eq!(world.head(2), world.head(expected), "{context}");
        let is_new_head = imported.last() == Some(&Imported::NewHead);
        assert_eq!(is_new_head, case.theirs_win, "{context}");
        let tip = world.head(2).index;
        for index in (0..=tip.0).map(BlockIndex) {
            let [got, expected] =
                [2, expected].map(|at: usize| world.peers[at].chain.best_chain(index).unwrap());
            assert_eq!(got, expected, "{context}: block {index}");
        }
        let beyond = world.peers[2].chain.best_chain(tip.next()).unwrap();
        assert_eq!(beyond, None, "{context}: nothing stands on the head");
    }
}

/// ```text
/// g─a1
/// └─b1      equal work: whichever comes first, the lower hash is the head
/// ```
#[test]
fn of_equal_work_the_lower_hash_wins_in_either_order() {
    let mut world = World::new();
    let a = world.mine_many(0, 1).remove(0);
    let b = world.mine_many(1, 1).remove(0);
    world.import(2, &a);
    world.import(2, &b);
    world.import(3, &b);
    world.import(3, &a);
    let lower = a.header().hash().min(b.header().hash());
    assert_eq!(world.head(0).work, world.head(1).work);
    assert_eq!([world.head(2).hash, world.head(3).hash], [lower, lower]);
    let (higher_at, lower_at) = if lower == a.header().hash() {
        (1, 0)
    } else {
        (0, 1)
    };
    let status = world.peers[lower_at].node.status();
    assert!(world.peers[higher_at].node.is_behind(&status));
    world.sync(higher_at, lower_at);
    assert_eq!(world.head(higher_at).hash, lower);
    let status = world.peers[higher_at].node.status();
    assert!(!world.peers[lower_at].node.is_behind(&status));
}

/// ```text
/// g─a1─…─a26        on time and easy
/// └─b1─…─b24 ←      each with a transaction and a millisecond after the last: harder and harder
/// ```
#[test]
fn fewer_blocks_with_more_work_win() {
    let mut world = World::new();
    let patient = Patient::new(1, 1);
    let mut theirs = Vec::new();
    for nonce in 0..24 {
        let transaction = match nonce {
            0 => world.opening(&patient, nonce),
            _ => world.record(&patient, nonce),
        };
        world.accept(1, &transaction);
        let header = world.find(1).unwrap();
        theirs.push(world.mined(1, header).unwrap());
    }
    let ours = world.mine_many(0, 26);
    import_all(&mut world, 2, &ours);
    assert!(world.head(1).work > world.head(0).work);
    assert_eq!(
        import_all(&mut world, 2, &theirs).last(),
        Some(&Imported::NewHead)
    );
    assert_eq!(world.head(2).index, BlockIndex(24));
    assert_eq!(world.peers[2].chain.best_chain(BlockIndex(25)), Ok(None));
}

/// ```text
/// g─1[open]─a2[t]
///          └─b2─b3 ←    t waits again, and is mined on b3
/// ```
#[test]
fn a_reorganisation_returns_transactions_and_they_are_mined_again() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    let opening = world.opening(&patient, 0);
    world.accept(0, &opening);
    let shared = world.mine(0).unwrap();
    world.import(1, &shared);
    let (second, third) = (world.record(&patient, 1), world.record(&patient, 2));
    world.accept(0, &second);
    let ours = world.mine(0).unwrap();
    world.accept(0, &third);
    let theirs = world.mine_many(1, 2);
    assert_eq!(
        world.import(0, &theirs[0]),
        match () {
            () if theirs[0].header().hash() < ours.header().hash() => Imported::NewHead,
            () => Imported::SideChain,
        }
    );
    assert_eq!(world.import(0, &theirs[1]), Imported::NewHead);
    assert!(world.peers[0].waits(second.txid()));
    assert_eq!(world.peers[0].mined_in(second.txid()), None);
    let waiting: Vec<_> = world.peers[0]
        .node
        .all_waiting()
        .map(|t| t.txid())
        .collect();
    assert_eq!(
        waiting,
        [second.txid(), third.txid()],
        "what was mined goes first"
    );
    let again = world.mine(0).unwrap();
    let names: Vec<_> = again.transactions().iter().map(|t| t.txid()).collect();
    assert_eq!(names, [second.txid(), third.txid()]);
    assert_eq!(world.peers[0].waiting(), 0);
}

/// ```text
/// g─1[open]─a2[t]
///          └─b2[t]─b3 ←
/// ```
#[test]
fn a_transaction_mined_on_both_sides_is_applied_once() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    let opening = world.opening(&patient, 0);
    world.accept(0, &opening);
    let shared = world.mine(0).unwrap();
    world.import(1, &shared);
    let record = world.record(&patient, 1);
    world.accept(0, &record);
    world.accept(1, &record);
    world.mine(0).unwrap();
    let theirs = [world.mine(1).unwrap(), world.mine(1).unwrap()];
    import_all(&mut world, 0, &theirs);
    assert_eq!(world.head(0), world.head(1));
    assert_eq!(world.peers[0].waiting(), 0);
    let mined_in = world.peers[0].mined_in(record.txid());
    assert_eq!(mined_in, Some(theirs[0].header().hash()));
    let account = world.peers[0]
        .state()
        .account(&patient.id)
        .unwrap()
        .unwrap();
    assert_eq!(account.record_count, 2);
}

/// ```text
/// g─1[open]─a2[t]
///          └─b2[u]─b3 ←    t and u have the same nonce: t can never be mined again
/// ```
#[test]
fn a_transaction_whose_nonce_was_used_on_the_other_side_is_dropped() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    let shared = world.mine(0).unwrap();
    world.import(1, &shared);
    let (ours, theirs) = (world.grant(&patient, 1, 0), world.grant(&patient, 2, 0));
    world.accept(0, &ours);
    world.accept(1, &theirs);
    world.mine(0).unwrap();
    let blocks = [world.mine(1).unwrap(), world.mine(1).unwrap()];
    import_all(&mut world, 0, &blocks);
    assert_eq!(world.head(0), world.head(1));
    assert!(!world.peers[0].waits(ours.txid()));
    assert!(world.peers[0].mined_in(theirs.txid()).is_some());
}

#[test]
fn a_reorganisation_returns_more_than_a_sender_may_have_waiting() {
    let mut world = World::new();
    let patient = Patient::new(1, 0);
    world.accept(0, &world.opening(&patient, 0));
    let shared = world.mine(0).unwrap();
    world.import(1, &shared);
    let records: Vec<_> = (1..=100)
        .map(|nonce| world.record(&patient, nonce))
        .collect();
    for half in records.chunks(50) {
        for record in half {
            world.accept(0, record);
        }
        world.mine(0).unwrap();
    }
    let theirs = world.mine_many(1, 5);
    import_all(&mut world, 0, &theirs);
    assert_eq!(world.head(0), world.head(1));
    assert_eq!(world.peers[0].waiting(), 100);
    world.mine(0).unwrap();
    assert_eq!(world.peers[0].waiting(), 0);
    assert!(
        records
            .iter()
            .all(|r| world.peers[0].mined_in(r.txid()).is_some())
    );
}

#[test]
fn an_orphan_says_that_its_parent_is_unknown_and_a_sync_brings_it() {
    let mut world = World::new();
    let blocks = world.mine_many(0, 3);
    assert_eq!(world.import(1, &blocks[2]), Imported::ParentUnknown);
    assert_eq!(world.head(1).index, BlockIndex::GENESIS);
    world.sync(1, 0);
    assert_eq!(world.head(1), world.head(0));
    assert_eq!(world.import(1, &blocks[2]), Imported::AlreadyKnown);
}

/// ```text
/// g─1─2─3─a4─…─a603
///        └─b4─……─b604     more than two answers hold on each side
/// ```
#[test]
fn a_sync_follows_a_fork_deeper_than_an_answer() {
    let mut world = World::new();
    world.mine_many(0, 3);
    world.sync(1, 0);
    world.mine_many(0, 600);
    world.mine_many(1, 601);
    const { assert!(600 > 2 * BLOCKS_MAX) };
    let questions = world.sync(0, 1);
    assert_eq!(world.head(0), world.head(1));
    assert!(questions <= 5, "{questions} questions");
}

/// As above, but the node stops after the first answer and must not start over for ever.
#[test]
fn a_sync_that_was_cut_short_by_a_restart_goes_on() {
    let mut world = World::new();
    world.mine_many(0, 300);
    world.mine_many(1, 301);
    let locator = world.peers[0].node.locator().unwrap();
    let first = world.peers[1].node.blocks_after(&locator).unwrap();
    assert_eq!(first.len(), BLOCKS_MAX);
    let genesis_hash = world.genesis.hash();
    for bytes in first.iter() {
        let block = Block::from_bytes(bytes, &genesis_hash, |_| true).unwrap();
        world.import(0, &block);
    }
    world.restart(0);
    world.sync(0, 1);
    assert_eq!(world.head(0), world.head(1));
}

#[test]
fn a_locator_of_strangers_is_answered_with_nothing() {
    let mut world = World::new();
    world.mine_many(0, 3);
    let stranger = keepwell_ledger::block::BlockHash(keepwell_primitives::Hash([7; 32]));
    assert_eq!(
        world.peers[0].node.blocks_after(&[stranger]).unwrap().len(),
        0
    );
    assert_eq!(world.peers[0].node.blocks_after(&[]).unwrap().len(), 0);
}

#[test]
fn a_node_is_not_behind_another_network() {
    let mut world = World::new();
    world.mine_many(1, 1);
    let mut status = world.peers[1].node.status();
    assert!(world.peers[0].node.is_behind(&status));
    status.genesis_hash = keepwell_keys::GenesisHash(keepwell_primitives::Hash([7; 32]));
    assert!(!world.peers[0].node.is_behind(&status));
}
