//! A process is killed while it commits. Nothing it had acknowledged may be missing, and of the
//! commit that was cut off either all is there or nothing.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use keepwell_relay::store::{Batch, Order, Store, Table};

/// Every round reopens what the killed process of the round before left behind.
const ROUNDS: u64 = 12;

const DIR: &str = "KEEPWELL_TEST_STORE";
const FROM: &str = "KEEPWELL_TEST_FROM";

/// Not a test by itself: the process that is killed. It commits one number after another, each in
/// two tables, and says which it has committed.
#[test]
fn commit_until_killed() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let from: u64 = std::env::var(FROM).unwrap().parse().unwrap();
    let store = Store::open(dir).unwrap();
    let mut out = std::io::stdout();
    for number in from.. {
        let mut batch = Batch::new();
        batch.put(
            Table::BlockIndex,
            number.to_be_bytes(),
            number.to_be_bytes(),
        );
        batch.put(Table::Blocks, number.to_be_bytes(), block(number));
        batch.put(Table::Meta, *b"head", number.to_be_bytes());
        store.commit(batch).unwrap();
        writeln!(out, "committed {number}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn no_acknowledged_commit_is_lost_when_the_process_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let mut next = 0;
    for round in 0..ROUNDS {
        let mut child = start(dir.path(), next);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledged = None;
        let mut seen = 0;
        for line in lines {
            let Ok(line) = line else { break };
            let Some((_, number)) = line.split_once("committed ") else {
                continue;
            };
            acknowledged = Some(number.parse::<u64>().unwrap());
            seen += 1;
            // Killed after a different number of commits each round, then read to the end.
            if seen == 1 + round * 7 % 40 {
                child.kill().unwrap();
            }
        }
        assert!(!child.wait().unwrap().success(), "it was killed");
        next = check(dir.path(), acknowledged.expect("it committed something"));
    }
    assert!(next > ROUNDS * 10, "{next} commits over all rounds");
}

#[cfg(test)]
fn start(dir: &Path, from: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "commit_until_killed", "--nocapture"])
        .env(DIR, dir)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Checks all that was ever committed; gives the number to go on with.
#[cfg(test)]
fn check(dir: &Path, acknowledged: u64) -> u64 {
    let store = Store::open(dir).unwrap();
    let head = store.get(Table::Meta, b"head").unwrap().unwrap();
    let head = u64::from_be_bytes(head.try_into().unwrap());
    assert!(
        head == acknowledged || head == acknowledged + 1,
        "{acknowledged} became {head}"
    );
    for number in 0..=head {
        let key = number.to_be_bytes();
        assert_eq!(
            store.get(Table::BlockIndex, &key).unwrap(),
            Some(key.to_vec())
        );
        assert!(
            store.get(Table::Blocks, &key).unwrap() == Some(block(number)),
            "{number}"
        );
    }
    for table in [Table::BlockIndex, Table::Blocks] {
        let mut latest = store.scan(table, .., Order::Descending);
        assert_eq!(latest.next().unwrap().unwrap().0, head.to_be_bytes());
        assert_eq!(
            store.scan(table, .., Order::Ascending).count() as u64,
            head + 1
        );
    }
    head + 1
}

/// Several pages of bytes that only this number has.
#[cfg(test)]
fn block(number: u64) -> Vec<u8> {
    number
        .to_be_bytes()
        .repeat(1 + usize::try_from(number % 5).unwrap() * 2000)
}
