//! Following headers: forks, relays that are behind, and what is kept between runs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says so by panicking"
)]

mod world;

use keepwell_ledger::block::HeaderError;
use keepwell_light::{
    Answer, ChangeSet, HeadComparison, Interest, LightClient, Query, SUFFIX_MAX, Standing, Stored,
    StoredError, VerificationError, check_genesis, compare_heads,
};
use keepwell_primitives::{BlockIndex, Milliseconds, Timestamp};
use world::{HonestRelay, INTERVAL, NOW, PatientKeys, Relay, START, World, drive};

/// A round with an honest relay, taken in; returns how far the client was thrown back.
fn follow(client: &mut LightClient, world: &World, interests: &[Interest]) -> u64 {
    let update = drive(client, &mut HonestRelay(world), interests).unwrap();
    assert_eq!(update.standing(), Some(Standing::Current));
    let undone = update.undone_blocks();
    client.apply(update).unwrap();
    assert_eq!(client.head().hash(), world.chain.tip_hash());
    undone
}

/// Two chains that part after `shared` blocks, by the times of what follows.
fn fork(shared: usize, first: usize, second: usize) -> (World, World) {
    let mut one = World::new();
    one.mine_empty(shared);
    let mut other = one.clone();
    other.pace = Milliseconds(INTERVAL.0 / 2);
    one.mine_empty(first);
    other.mine_empty(second);
    (one, other)
}

#[test]
fn client_reaches_the_head_over_many_answers() {
    let mut world = World::new();
    world.mine_empty(SUFFIX_MAX + 300);
    let mut client = LightClient::new(world.genesis.clone());
    assert_eq!(follow(&mut client, &world, &[]), 0);
    assert_eq!(client.head().index(), BlockIndex(SUFFIX_MAX as u64 + 300));
}

/// ```text
///          ┌ a1 … a(first)        known
/// 0 … s ───┤
///          └ b1 … b(second)       the relay's, with more work
/// ```
#[test]
fn fork_with_more_work_is_followed() {
    for (shared, first, second) in [
        (0, 1, 2),
        (1, 1, 2),
        (5, 1, 3),
        (5, 7, 9),
        (40, 33, 35),
        (300, 200, 201),
    ] {
        let (one, other) = fork(shared, first, second);
        let mut client = LightClient::new(one.genesis.clone());
        follow(&mut client, &one, &[]);
        assert_eq!(
            follow(&mut client, &other, &[]),
            first as u64,
            "{shared} {first} {second}"
        );
    }
}

#[test]
fn fork_with_less_work_is_not_followed() {
    for (shared, first, second) in [(0, 2, 1), (5, 9, 7), (40, 35, 33)] {
        let (one, other) = fork(shared, first, second);
        let mut client = LightClient::new(one.genesis.clone());
        follow(&mut client, &one, &[Interest::Directory]);
        let before = client.stored();
        let update = drive(&client, &mut HonestRelay(&other), &[Interest::Directory]).unwrap();
        let (ours, theirs) = (client.head().name(), other.head_answer().head);
        assert_eq!(update.standing(), Some(Standing::Behind { ours, theirs }));
        assert!(client.apply(update).unwrap().is_empty());
        assert_eq!(client.stored(), before);
    }
}

/// The branch whose blocks came faster is shorter, and stands for more work.
#[test]
fn fork_with_fewer_blocks_and_more_work_is_followed() {
    let patient = PatientKeys::number(1);
    let mut one = World::new();
    let mut other = one.clone();
    other.pace = Milliseconds(20);
    (0..40).for_each(|_| {
        // An empty block does not count as fast.
        other.submit(0, &patient, 0);
        other.mine();
    });
    one.mine_empty(41);
    assert!(other.chain.work() > one.chain.work());
    let mut client = LightClient::new(one.genesis.clone());
    follow(&mut client, &one, &[]);
    assert_eq!(follow(&mut client, &other, &[]), 41);
}

/// Of two chains with the same work the one with the lower hash is chosen by everybody.
#[test]
fn fork_with_the_same_work_is_settled_by_the_lower_hash() {
    let (one, other) = fork(3, 1, 1);
    assert_eq!(one.chain.work(), other.chain.work());
    let (low, high) = if one.chain.tip_hash() < other.chain.tip_hash() {
        (one, other)
    } else {
        (other, one)
    };
    let mut client = LightClient::new(low.genesis.clone());
    follow(&mut client, &high, &[]);
    assert_eq!(follow(&mut client, &low, &[]), 1);
    let update = drive(&client, &mut HonestRelay(&high), &[]).unwrap();
    assert!(matches!(update.standing(), Some(Standing::Behind { .. })));
    assert_eq!(
        compare_heads(&low.head_answer(), &high.head_answer()),
        HeadComparison::Fork
    );
}

#[test]
fn fork_below_the_checkpoint_is_refused() {
    let (one, other) = fork(3, SUFFIX_MAX + 4, SUFFIX_MAX + 40);
    let mut client = LightClient::new(one.genesis.clone());
    follow(&mut client, &one, &[]);
    let before = client.stored();
    let error = drive(&client, &mut HonestRelay(&other), &[]).unwrap_err();
    let VerificationError::ForkBelowCheckpoint { checkpoint } = error else {
        panic!("{error}")
    };
    assert_eq!(checkpoint.index, BlockIndex(7));
    assert_eq!(checkpoint.hash, one.hash_at(7));
    assert_eq!(client.stored(), before);
}

#[test]
fn relay_that_is_behind_is_no_liar_and_changes_nothing() {
    let patient = PatientKeys::number(1);
    let mut world = World::new();
    world.submit(0, &patient, 0);
    world.mine();
    let stale = world.clone();
    world.grant(&patient, 0, 1, 0);
    world.mine();
    let interests = [Interest::Patient(patient.id)];
    let mut client = LightClient::new(world.genesis.clone());
    follow(&mut client, &world, &interests);
    let before = client.stored();
    let update = drive(&client, &mut HonestRelay(&stale), &interests).unwrap();
    let (ours, theirs) = (client.head().name(), stale.head_answer().head);
    assert_eq!(update.standing(), Some(Standing::Behind { ours, theirs }));
    assert!(update.views().is_empty());
    assert!(client.apply(update).unwrap().is_empty());
    assert_eq!(client.stored(), before);
    assert_eq!(
        compare_heads(&stale.head_answer(), &world.head_answer()),
        HeadComparison::SecondAhead
    );
}

#[test]
fn what_was_undone_leaves_the_view() {
    let patient = PatientKeys::number(1);
    let mut one = World::new();
    one.submit(0, &patient, 0);
    one.mine();
    let mut other = one.clone();
    one.grant(&patient, 0, 1, 0);
    one.mine();
    other.pace = Milliseconds(INTERVAL.0 / 2);
    other.mine_empty(2);
    let interests = [Interest::Patient(patient.id)];
    let mut client = LightClient::new(one.genesis.clone());
    follow(&mut client, &one, &interests);
    let older = client.patient(&patient.id).unwrap().clone();
    assert_eq!(older.events().len(), 2);

    // Without reading, the view at a block that was left is dropped …
    let mut without = client.clone();
    assert_eq!(follow(&mut without, &other, &[]), 1);
    assert_eq!(without.patient(&patient.id), None);
    // … with reading, it is replaced, though its counters fell.
    follow(&mut client, &other, &interests);
    let newer = client.patient(&patient.id).unwrap();
    let news = newer.since(&older);
    assert_eq!((news.events.from, news.events.lost.len()), (1, 1));
    assert!(news.events.gained.is_empty());
}

#[test]
fn relay_whose_chain_is_reorganised_between_two_answers_is_asked_again() {
    struct Reorganised<'w> {
        before: HonestRelay<'w>,
        after: HonestRelay<'w>,
        has_answered: bool,
    }
    impl Relay for Reorganised<'_> {
        fn answer(&mut self, query: &Query) -> Answer {
            if std::mem::replace(&mut self.has_answered, true) {
                return self.after.answer(query);
            }
            self.before.answer(query)
        }
    }
    let (one, other) = fork(2, 2, 4);
    let client = LightClient::new(one.genesis.clone());
    let mut relay = Reorganised {
        before: HonestRelay(&one),
        after: HonestRelay(&other),
        has_answered: false,
    };
    let update = drive(&client, &mut relay, &[Interest::Directory]).unwrap();
    assert_eq!(update.head().hash(), other.chain.tip_hash());
    assert_eq!(update.views().len(), 1);
}

#[test]
fn headers_sent_before_a_relay_fell_silent_are_kept() {
    let mut world = World::new();
    world.mine_empty(600);
    let mut client = LightClient::new(world.genesis.clone());
    let mut round = client.round(&[Interest::Directory]);
    for _ in 0..2 {
        let query = round.next_query().unwrap();
        round = round
            .resolve(HonestRelay(&world).answer(&query), NOW)
            .unwrap();
    }
    let update = round.finish();
    assert_eq!(update.standing(), None);
    assert!(update.views().is_empty());
    client.apply(update).unwrap();
    assert_eq!(client.head().index(), BlockIndex(512));
    follow(&mut client, &world, &[Interest::Directory]);
}

/// Half of a heavier branch can be lighter than what is known.
#[test]
fn branch_that_was_not_shown_to_its_heavier_end_is_not_followed() {
    let (one, other) = fork(500, 102, 104);
    let mut client = LightClient::new(one.genesis.clone());
    follow(&mut client, &one, &[]);
    let mut round = client.round(&[]);
    // The head, a header that does not link, and the search for the fork; not the headers after.
    loop {
        let query = round.next_query().unwrap();
        let is_after_fork =
            matches!(&query, Query::Headers(query) if query.limit > 1 && query.from.0 < 602);
        if is_after_fork {
            break;
        }
        round = round
            .resolve(HonestRelay(&other).answer(&query), NOW)
            .unwrap();
    }
    let update = round.finish();
    assert_eq!(update.head(), client.head());
    assert_eq!(update.undone_blocks(), 0);
    assert!(client.apply(update).unwrap().is_empty());
}

#[test]
fn view_on_a_branch_that_was_left_meanwhile_is_not_taken() {
    let (one, other) = fork(2, 2, 4);
    let mut client = LightClient::new(one.genesis.clone());
    let slow = drive(&client, &mut HonestRelay(&one), &[Interest::Directory]).unwrap();
    follow(&mut client, &other, &[]);
    assert!(client.apply(slow).unwrap().is_empty());
    assert_eq!(client.directory(), None);
}

#[test]
fn slower_of_two_rounds_changes_nothing() {
    let mut world = World::new();
    world.mine_empty(2);
    let old = world.clone();
    world.mine_empty(2);
    let mut client = LightClient::new(world.genesis.clone());
    let slow = drive(&client, &mut HonestRelay(&old), &[Interest::Directory]).unwrap();
    follow(&mut client, &world, &[Interest::Directory]);
    assert!(client.apply(slow).unwrap().is_empty());
}

#[test]
fn block_from_the_future_may_be_the_clock_s_fault() {
    let mut world = World::new();
    world.mine_empty(1);
    let client = LightClient::new(world.genesis.clone());
    let round = client.round(&[]);
    let round = round
        .resolve(HonestRelay(&world).answer(&Query::Head), NOW)
        .unwrap();
    let query = round.next_query().unwrap();
    let slow_clock = Timestamp(START.0 - Milliseconds::HOUR.0);
    let Err(error) = round.resolve(HonestRelay(&world).answer(&query), slow_clock) else {
        panic!("accepted")
    };
    let (got, now) = (START + INTERVAL, slow_clock);
    let expected = VerificationError::Header {
        index: BlockIndex(1),
        error: HeaderError::TimestampAhead { got, now },
    };
    assert_eq!(error, expected);
    assert!(error.may_be_own_clock());
}

#[test]
fn change_sets_replayed_are_the_client() {
    let patient = PatientKeys::number(1);
    let interests = [Interest::Patient(patient.id), Interest::Directory];
    let mut world = World::new();
    let mut client = LightClient::new(world.genesis.clone());
    let mut stored = client.stored();
    for round in 0..6 {
        world.submit(0, &patient, round % 2);
        world.mine();
        world.mine_empty(60);
        let update = drive(&client, &mut HonestRelay(&world), &interests).unwrap();
        stored.apply(&client.apply(update).unwrap());
        assert_eq!(stored, client.stored());
    }
    let read_back = Stored::from_bytes(&stored.to_bytes()).unwrap();
    let mut restored = LightClient::restore(world.genesis.clone(), &read_back).unwrap();
    assert_eq!(restored.stored(), client.stored());
    assert_eq!(restored.patient(&patient.id), client.patient(&patient.id));
    world.mine_empty(1);
    follow(&mut restored, &world, &interests);

    stored.apply(&client.forget(&interests[0]));
    assert_eq!(client.patient(&patient.id), None);
    assert_eq!(stored, client.stored());
}

#[test]
fn block_costs_few_rows() {
    let mut world = World::new();
    world.mine_empty(400);
    let mut client = LightClient::new(world.genesis.clone());
    follow(&mut client, &world, &[]);
    world.mine_empty(1);
    let update = drive(&client, &mut HonestRelay(&world), &[]).unwrap();
    let changes: ChangeSet = client.apply(update).unwrap();
    // The new header, the oldest one's removal, the checkpoint.
    assert_eq!(changes.rows().count(), 3);
}

#[test]
fn damaged_rows_are_named() {
    let patient = PatientKeys::number(1);
    let mut world = World::new();
    world.submit(0, &patient, 0);
    world.mine();
    world.mine_empty(300);
    let mut client = LightClient::new(world.genesis.clone());
    follow(&mut client, &world, &[Interest::Patient(patient.id)]);
    let stored = client.stored();
    let restore = |stored: &Stored| LightClient::restore(world.genesis.clone(), stored).err();
    assert_eq!(restore(&stored), None);

    for (key, bytes) in stored.rows() {
        let with = |row: Option<Vec<u8>>| {
            let others = stored.rows().filter(|(other, _)| *other != key);
            let rows = others.map(|(key, bytes)| (key.to_string(), bytes.to_vec()));
            Stored::from_rows(rows.chain(row.map(|bytes| (key.to_string(), bytes))))
        };
        // A view that is gone is read again; nothing else may be missing.
        let may_be_missing = key.starts_with("view/");
        let error = restore(&with(None));
        match key {
            "network" | "checkpoint" => {
                assert!(
                    matches!(error, Some(StoredError::RowMissing { .. })),
                    "{key}"
                );
            }
            _ if may_be_missing => assert_eq!(error, None, "{key}"),
            _ => assert!(error.is_some(), "{key}"),
        }
        let mut cut = bytes.to_vec();
        cut.pop();
        assert!(restore(&with(Some(cut))).is_some(), "{key} cut");
    }
    let flipped = |key: &str, position: usize| {
        let rows = stored.rows().map(|(other, bytes)| {
            let mut bytes = bytes.to_vec();
            if other == key {
                bytes[position] ^= 1;
            }
            (other.to_string(), bytes)
        });
        restore(&Stored::from_rows(rows))
    };
    let other_network = flipped("network", 0);
    assert!(matches!(
        other_network,
        Some(StoredError::OtherNetwork { .. })
    ));
    // Any header but the newest is held by its child.
    let header = format!("header/{:016x}", 100);
    let broken = Some(StoredError::Chain(HeaderError::StoredChainBroken));
    assert_eq!(flipped(&header, 100), broken);
    let unknown = stored
        .rows()
        .map(|(key, bytes)| (key.to_string(), bytes.to_vec()));
    let unknown = unknown.chain([("view/nobody".to_string(), vec![])]);
    let key = "view/nobody".to_string();
    assert_eq!(
        restore(&Stored::from_rows(unknown)),
        Some(StoredError::UnknownRow { key })
    );
}

#[test]
fn genesis_of_another_network_is_refused() {
    let (world, other) = (World::new(), World::named("another"));
    let file = other.genesis.file().clone();
    assert!(check_genesis(file.clone(), other.genesis_hash()).is_ok());
    let error = check_genesis(file, world.genesis_hash()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains(&world.genesis_hash().to_string())
    );

    let mut client = LightClient::new(world.genesis.clone());
    let wrong = VerificationError::WrongGenesis {
        got: other.genesis_hash(),
        expected: world.genesis_hash(),
    };
    let error = drive(&client, &mut HonestRelay(&other), &[]).unwrap_err();
    assert_eq!(error, wrong);
    let elsewhere = LightClient::new(other.genesis.clone());
    let foreign = drive(&elsewhere, &mut HonestRelay(&other), &[]).unwrap();
    assert_eq!(client.apply(foreign).unwrap_err(), wrong);
    let stored = elsewhere.stored();
    assert!(matches!(
        LightClient::restore(world.genesis.clone(), &stored),
        Err(StoredError::OtherNetwork { .. })
    ));
}
