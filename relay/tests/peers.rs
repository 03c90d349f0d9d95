//! Real swarms on loopback. Nothing sleeps: everything waits for an event, within a deadline.

#[cfg(test)]
mod peers_world;

use keepwell_primitives::limits::{BLOCK_BYTES_MAX, TRANSACTION_BYTES_MAX};
use keepwell_relay::peers::{
    Dial, PeerError, PeerEvent, Peers, StartError, Topic, Verdict, limits::MESSAGE_BYTES_MAX,
};
use peers_world::{Hospital, NETWORK, World, within};

/// A line: B and C know only A, so what B says reaches C through A alone.
async fn line() -> (Hospital, Hospital, Hospital) {
    let world = World::of(3);
    let a = world.start(0, &[]).await;
    let b = world.start(1, &[a.address()]).await;
    let c = world.start(2, &[a.address()]).await;
    for (one, other) in [(&a, &b), (&a, &c), (&b, &a), (&c, &a)] {
        one.hears_from(other).await;
    }
    (a, b, c)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gossip_reaches_all_and_each_only_once() {
    let (mut a, mut b, mut c) = line().await;
    for topic in Topic::ALL {
        let bytes = vec![topic as u8; topic.bytes_max()];
        b.handle.publish(topic, bytes.clone()).await.unwrap();
        b.handle.publish(topic, bytes.clone()).await.unwrap();
        let (from, id) = a.gossip(topic, &bytes).await;
        assert_eq!(from, b.id());
        a.handle.report(id, from, Verdict::Accept).await.unwrap();
        let (from, id) = c.gossip(topic, &bytes).await;
        assert_eq!(from, a.id());
        c.handle.report(id, from, Verdict::Accept).await.unwrap();
        // C says the same again: it went round before, so nobody hears it twice.
        c.handle.publish(topic, bytes).await.unwrap();
    }
    // What is said last is the next thing heard: nothing was delivered twice in between.
    a.handle
        .publish(Topic::Votes, b"last".to_vec())
        .await
        .unwrap();
    b.gossip(Topic::Votes, b"last").await;
    c.gossip(Topic::Votes, b"last").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_accepted_is_not_passed_on() {
    let (mut a, b, mut c) = line().await;
    for (text, verdict) in [("junk", Verdict::Reject), ("stale", Verdict::Ignore)] {
        b.handle
            .publish(Topic::Transactions, text.into())
            .await
            .unwrap();
        let (from, id) = a.gossip(Topic::Transactions, text.as_bytes()).await;
        a.handle.report(id, from, verdict).await.unwrap();
    }
    b.handle
        .publish(Topic::Transactions, b"good".to_vec())
        .await
        .unwrap();
    let (from, id) = a.gossip(Topic::Transactions, b"good").await;
    a.handle.report(id, from, Verdict::Accept).await.unwrap();
    // The way from A to C keeps its order, so junk would have come first.
    c.gossip(Topic::Transactions, b"good").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_to_nobody_is_no_error_and_too_much_is() {
    let world = World::of(1);
    let alone = world.start(0, &[]).await;
    alone
        .handle
        .publish(Topic::Blocks, vec![1; BLOCK_BYTES_MAX])
        .await
        .unwrap();
    let refused = alone
        .handle
        .publish(Topic::Transactions, vec![1; TRANSACTION_BYTES_MAX + 1]);
    assert_eq!(
        refused.await,
        Err(PeerError::TooLarge {
            got: TRANSACTION_BYTES_MAX + 1,
            limit: TRANSACTION_BYTES_MAX
        })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_refused_whoever_dials() {
    let world = World::of(2);
    let member = world.start(0, &[]).await;
    let stranger = world.start_as(7, &[member.address()], &[0, 7]).await;
    within("the stranger is refused", async {
        member
            .handle
            .status()
            .wait_for(|status| status.refused_total >= 1)
            .await
            .map(drop)
    })
    .await
    .unwrap();
    assert_eq!(member.handle.connected(), []);

    let dialler = world
        .start(1, &[stranger.address(), member.address()])
        .await;
    within("the dialler refuses too", async {
        dialler
            .handle
            .status()
            .wait_for(|status| status.refused_total >= 1)
            .await
            .map(drop)
    })
    .await
    .unwrap();
    dialler.hears_from(&member).await;
    let connected: Vec<_> = dialler
        .handle
        .connected()
        .iter()
        .map(|peer| peer.peer_id)
        .collect();
    assert_eq!(connected, [member.id()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_is_let_in_when_enrolled_and_dropped_when_retired() {
    let world = World::of(1);
    let mut member = world.start(0, &[]).await;
    let newcomer = world.start_as(5, &[member.address()], &[0]).await;
    within("refused at first", async {
        member
            .handle
            .status()
            .wait_for(|status| status.refused_total >= 1)
            .await
            .map(drop)
    })
    .await
    .unwrap();
    member.handle.allow([newcomer.id()].into()).await.unwrap();
    member.connected_to(newcomer.id()).await;
    member.handle.allow([].into()).await.unwrap();
    member.disconnected_from(newcomer.id()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_of_four_mebibytes_gets_a_response_of_four_mebibytes() {
    let world = World::of(2);
    let mut a = world.start(0, &[]).await;
    let mut b = world.start(1, &[a.address()]).await;
    b.connected_to(a.id()).await;
    let question: Vec<u8> = (0..=250).cycle().take(BLOCK_BYTES_MAX).collect();
    let answer: Vec<u8> = question.iter().rev().copied().collect();
    let asking = tokio::spawn({
        let (handle, peer, question) = (b.handle.clone(), a.id(), question.clone());
        async move { handle.request(peer, question).await }
    });
    let (peer, bytes, respond) = a.request().await;
    assert_eq!(peer, b.id());
    assert!(bytes == question);
    respond.send(answer.clone()).await.unwrap();
    assert!(within("the response", asking).await.unwrap().unwrap() == answer);

    let too_large = b
        .handle
        .request(a.id(), vec![0; MESSAGE_BYTES_MAX + 1])
        .await;
    let (got, limit) = (MESSAGE_BYTES_MAX + 1, MESSAGE_BYTES_MAX);
    assert_eq!(too_large, Err(PeerError::TooLarge { got, limit }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_cannot_be_answered_says_why() {
    let world = World::of(3);
    let mut a = world.start(0, &[]).await;
    let mut b = world.start(1, &[a.address()]).await;
    b.connected_to(a.id()).await;
    let absent = world.peer_id(2);
    let to_absent = b.handle.request(absent, vec![1]).await;
    assert_eq!(to_absent, Err(PeerError::NotConnected { peer: absent }));

    let ask = |handle: keepwell_relay::peers::PeersHandle, peer| {
        tokio::spawn(async move { handle.request(peer, b"?".to_vec()).await })
    };
    let unanswered = ask(b.handle.clone(), a.id());
    let (_, _, respond) = a.request().await;
    drop(respond);
    let outcome = within("the dropped request", unanswered).await.unwrap();
    assert!(
        matches!(outcome, Err(PeerError::NoResponse { .. })),
        "{outcome:?}"
    );

    let interrupted = ask(b.handle.clone(), a.id());
    let (_, _, respond) = a.request().await;
    within("shutdown", a.handle.shutdown()).await;
    assert_eq!(respond.send(vec![1]).await, Err(PeerError::Stopped));
    let outcome = within("the interrupted request", interrupted)
        .await
        .unwrap();
    assert_eq!(outcome, Err(PeerError::ConnectionClosed { peer: a.id() }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_peer_on_the_same_port_is_found_again() {
    let world = World::of(2);
    let a = world.start(0, &[]).await;
    let (address, id) = (a.address(), a.id());
    let mut config = world.config(1, &[]);
    config.dial = vec![Dial {
        peer: Some(id),
        address: address.clone(),
    }];
    let mut b = Hospital::start(config).await;
    b.connected_to(id).await;
    within("shutdown", a.handle.shutdown()).await;
    b.disconnected_from(id).await;
    let mut again = world.start_at(0, address, &[]).await;
    assert_eq!(again.id(), id);
    b.connected_to(id).await;
    b.hears_from(&again).await;
    b.handle
        .publish(Topic::Blocks, b"after the restart".to_vec())
        .await
        .unwrap();
    again.gossip(Topic::Blocks, b"after the restart").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn networks_of_different_names_do_not_mix() {
    let world = World::of(3);
    let a = world.start(0, &[]).await;
    // B has A's address and A's leave, but lives on another network.
    let mut config = world.config(1, &[a.address()]);
    config.network = "another".to_owned();
    let (b, _b_events) = Peers::start(config).await.unwrap();
    within("B fails to reach A, and tries again", async {
        b.status()
            .wait_for(|status| status.dials_failed_total >= 2)
            .await
            .map(drop)
    })
    .await
    .unwrap();
    assert_eq!(b.connected(), []);
    let c = world.start(2, &[a.address()]).await;
    a.hears_from(&c).await;
    let connected: Vec<_> = a
        .handle
        .connected()
        .iter()
        .map(|peer| peer.peer_id)
        .collect();
    assert_eq!(connected, [c.id()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_port_and_a_bad_network_name_are_clear_errors() {
    let world = World::of(2);
    let a = world.start(0, &[]).await;
    let mut config = world.config(1, &[]);
    config.listen = a.address();
    let error = Peers::start(config).await.err();
    assert!(
        matches!(&error, Some(StartError::Listen { address, .. }) if *address == a.address()),
        "{error:?}"
    );
    let mut config = world.config(1, &[]);
    config.network = format!("{NETWORK}/x");
    assert!(matches!(
        Peers::start(config).await.err(),
        Some(StartError::NetworkName { .. })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_loop_says_so() {
    let world = World::of(1);
    let mut a = world.start(0, &[]).await;
    within("shutdown", a.handle.shutdown()).await;
    within("shutdown again", a.handle.shutdown()).await;
    assert_eq!(
        a.handle.publish(Topic::Votes, vec![1]).await,
        Err(PeerError::Stopped)
    );
    assert_eq!(
        a.handle.request(a.id(), vec![1]).await,
        Err(PeerError::Stopped)
    );
    assert_eq!(a.handle.connected(), []);
    let ended: Option<PeerEvent> = within("the end of events", a.events.recv()).await;
    assert!(ended.is_none());
}
