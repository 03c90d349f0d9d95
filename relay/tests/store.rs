//! The chain store on a real disk: what it keeps, what it refuses.

use std::{ops::Bound, process::Command};

use keepwell_primitives::Hash;
use keepwell_relay::store::{Batch, KEY_BYTES_MAX, NodeTable, Order, Store, StoreError, Table};
use proptest::prelude::*;
use tempfile::{TempDir, tempdir};

#[cfg(test)]
fn numbered(count: u8) -> (TempDir, Store) {
    let dir = tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let mut batch = Batch::new();
    for number in 0..count {
        batch.put(Table::BlockIndex, [b'n', number], [number]);
    }
    batch.put(Table::BlockIndex, *b"z", *b"other");
    store.commit(batch).unwrap();
    (dir, store)
}

#[cfg(test)]
fn values(scan: impl Iterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>>) -> Vec<u8> {
    scan.map(|entry| entry.unwrap().1[0]).collect()
}

#[test]
fn everything_is_there_after_reopening() {
    let (dir, store) = numbered(3);
    let mut batch = Batch::new();
    for table in Table::ALL {
        batch.put(table, *b"key", format!("{table:?}"));
    }
    batch.put(Table::Blocks, *b"large", vec![7; 4 * 1024 * 1024]);
    batch.remove(Table::BlockIndex, *b"z");
    store.commit(batch).unwrap();
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    for table in Table::ALL {
        assert_eq!(
            store.get(table, b"key").unwrap().unwrap(),
            format!("{table:?}").into_bytes()
        );
    }
    assert!(store.get(Table::Blocks, b"large").unwrap().unwrap() == vec![7; 4 * 1024 * 1024]);
    assert_eq!(store.get(Table::BlockIndex, b"z").unwrap(), None);
    assert_eq!(
        store.get(Table::Meta, b"large").unwrap(),
        None,
        "tables are apart"
    );
}

#[test]
fn scans_go_both_ways_within_their_bounds() {
    let (_dir, store) = numbered(5);
    let prefix = |order| values(store.scan_prefix(Table::BlockIndex, b"n", order));
    assert_eq!(prefix(Order::Ascending), [0, 1, 2, 3, 4]);
    assert_eq!(prefix(Order::Descending), [4, 3, 2, 1, 0]);
    let (low, high): (&[u8], &[u8]) = (&[b'n', 1], &[b'n', 3]);
    let range = |bounds, order| values(store.scan(Table::BlockIndex, bounds, order));
    let (included, excluded) = (Bound::Included, Bound::Excluded);
    assert_eq!(
        range((included(low), included(high)), Order::Ascending),
        [1, 2, 3]
    );
    assert_eq!(
        range((excluded(low), excluded(high)), Order::Descending),
        [2]
    );
    assert_eq!(
        range((included(high), included(low)), Order::Ascending),
        Vec::<u8>::new()
    );
    assert_eq!(
        range((excluded(low), excluded(low)), Order::Ascending),
        Vec::<u8>::new()
    );
    let latest = store
        .scan_prefix(Table::BlockIndex, b"n", Order::Descending)
        .take(2);
    assert_eq!(values(latest), [4, 3]);
    assert_eq!(
        store.scan(Table::BlockIndex, .., Order::Ascending).count(),
        6
    );
}

#[test]
fn a_batch_with_a_bad_key_changes_nothing() {
    let (_dir, store) = numbered(1);
    for (key, got) in [(vec![], 0), (vec![1; KEY_BYTES_MAX + 1], KEY_BYTES_MAX + 1)] {
        let mut batch = Batch::new();
        batch.put(Table::Meta, *b"good", *b"value");
        batch.put(Table::Meta, key, *b"value");
        let refused = StoreError::KeyLength {
            got,
            limit: KEY_BYTES_MAX,
        };
        assert_eq!(store.commit(batch), Err(refused));
        assert_eq!(store.get(Table::Meta, b"good"), Ok(None));
    }
}

#[test]
fn the_later_change_to_a_key_holds() {
    let (_dir, store) = numbered(1);
    let mut batch = Batch::new();
    batch.put(Table::Meta, *b"head", *b"old");
    batch.put(Table::Meta, *b"head", *b"new");
    batch.put(Table::Meta, *b"gone", *b"here");
    batch.remove(Table::Meta, *b"gone");
    store.commit(batch).unwrap();
    assert_eq!(store.get(Table::Meta, b"head"), Ok(Some(b"new".to_vec())));
    assert_eq!(store.get(Table::Meta, b"gone"), Ok(None));
}

#[test]
fn a_node_is_read_by_its_hash() {
    let (_dir, store) = numbered(1);
    let hash = Hash::untagged(b"node");
    let mut batch = Batch::new();
    batch.put(Table::PatientNodes, *hash.as_bytes(), *b"node");
    store.commit(batch).unwrap();
    let nodes = |table| NodeTable {
        store: store.clone(),
        table,
    };
    assert_eq!(
        nodes(Table::PatientNodes).node(&hash),
        Ok(Some(b"node".to_vec()))
    );
    assert_eq!(nodes(Table::HospitalNodes).node(&hash), Ok(None));
}

#[test]
fn a_second_process_is_refused_until_the_first_is_done() {
    let dir = tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let refused = StoreError::InUse {
        dir: dir.path().to_owned(),
    };
    assert_eq!(
        Store::open(dir.path()).err(),
        Some(refused),
        "nor twice in one process"
    );
    let second = || {
        let this = std::env::current_exe().unwrap();
        let output = Command::new(this)
            .args(["--exact", "open_as_a_second_process", "--nocapture"])
            .env("KEEPWELL_TEST_STORE", dir.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let said = second();
    assert!(said.contains("is in use by another process"), "{said}");
    drop(store);
    let said = second();
    assert!(said.contains("opened"), "{said}");
}

/// Not a test by itself: the process that the test above starts.
#[test]
fn open_as_a_second_process() {
    if let Some(dir) = std::env::var_os("KEEPWELL_TEST_STORE") {
        match Store::open(&dir) {
            Ok(_) => println!("opened"),
            Err(error) => println!("{error}"),
        }
    }
}

#[test]
fn a_directory_that_is_none_is_a_clear_error() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"not a directory").unwrap();
    let error = Store::open(&file).err().unwrap();
    assert!(
        matches!(&error, StoreError::Directory { dir, .. } if *dir == file),
        "{error:?}"
    );
}

#[test]
fn a_damaged_engine_mark_is_a_clear_error() {
    let (dir, store) = numbered(1);
    drop(store);
    std::fs::write(dir.path().join("version"), b"garbage").unwrap();
    let error = Store::open(dir.path()).err().unwrap();
    assert!(matches!(&error, StoreError::Damaged { .. }), "{error:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// The store against a map: the same changes, the same contents in the same order, also after
    /// reopening.
    #[test]
    fn batches_do_what_they_do_to_a_map(
        batches in prop::collection::vec(
            prop::collection::vec(("[a-d]{1,3}", prop::option::of(any::<u16>())), 0..12),
            0..8,
        )
    ) {
        let dir = tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let mut map = std::collections::BTreeMap::new();
        for changes in batches {
            let mut batch = Batch::new();
            for (key, value) in changes {
                match value {
                    Some(value) => {
                        batch.put(Table::Mempool, key.clone(), value.to_be_bytes());
                        map.insert(key.into_bytes(), value.to_be_bytes().to_vec());
                    }
                    None => {
                        batch.remove(Table::Mempool, key.clone());
                        map.remove(key.as_bytes());
                    }
                }
            }
            store.commit(batch).unwrap();
        }
        for _ in 0..2 {
            let kept: Vec<_> =
                store.scan(Table::Mempool, .., Order::Ascending).map(Result::unwrap).collect();
            prop_assert_eq!(kept, map.clone().into_iter().collect::<Vec<_>>());
            drop(store);
            store = Store::open(dir.path()).unwrap();
        }
    }
}
