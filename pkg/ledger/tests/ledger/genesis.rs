//! Genesis files and councils: one test for every reason to refuse one.

use keepwell_ledger::{
    council::{Council, CouncilError, Member},
    genesis::{Genesis, GenesisError, GenesisFile},
    state::{State, StateRoots, Status},
};
use keepwell_primitives::{BlockIndex, Milliseconds, TooLong, limits};
use keepwell_trie::MemoryStore;

use crate::world::{Keys, World, genesis_file, genesis_hospital, key, target_bits};

fn refused(alter: impl FnOnce(&mut GenesisFile)) -> Option<GenesisError> {
    let mut file = genesis_file(4);
    alter(&mut file);
    Genesis::new(file).err()
}

#[test]
fn genesis_survives_its_file() {
    let genesis = Genesis::new(genesis_file(4)).unwrap();
    let text = genesis.file().to_toml().unwrap();
    let read = Genesis::from_toml(&text).unwrap();
    assert_eq!(read, genesis);
    assert_eq!(read.hash().0, genesis.header().hash().0);
}

#[test]
fn every_value_of_the_file_is_under_the_networks_name() {
    type Alter = fn(&mut GenesisFile);
    let alterations: [Alter; 10] = [
        |file| file.network.name.push('!'),
        |file| file.network.created.0 += 1,
        |file| file.network.interval.0 += 1,
        |file| file.network.easiest_target = target_bits(3),
        |file| file.network.initial_target = target_bits(9),
        |file| file.hospitals[0].name.push('!'),
        |file| file.hospitals[0].keys.custody = key("other").public_key(),
        |file| file.hospitals[0].urls.push("https://b.example".into()),
        |file| file.hospitals[0].peers.clear(),
        |file| file.hospitals.reverse(),
    ];
    let mut names: Vec<_> = alterations
        .iter()
        .map(|alter| {
            let mut file = genesis_file(4);
            alter(&mut file);
            Genesis::new(file).unwrap().hash()
        })
        .collect();
    names.push(Genesis::new(genesis_file(4)).unwrap().hash());
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn state_starts_with_the_hospitals_the_directory_and_the_council() {
    let world = World::with_hospitals(4);
    assert_eq!(world.state.directory_count().unwrap(), 4);
    for who in 0..4_u32 {
        let id = world.hospital(who as usize);
        assert_eq!(world.state.directory_entry(who).unwrap(), Some(id));
        let leaf = world.state.hospital(&id).unwrap().unwrap();
        assert_eq!(leaf.status, Status::Active);
        assert_eq!(leaf.public_keys, world.keys[who as usize].public());
        assert_eq!(leaf.name_text(), format!("Hospital {who}"));
    }
    assert_eq!(world.state.directory_entry(4).unwrap(), None);
    let council = world.state.council().unwrap().unwrap();
    assert_eq!(&council, world.genesis.council());
    assert_eq!(council.hash(), world.genesis.header().council_hash);
    assert_eq!(world.genesis.header().index, BlockIndex::GENESIS);
    let store = MemoryStore::default;
    let mut empty = State::empty(store(), store());
    let patients = StateRoots::from(world.genesis.header()).patients;
    assert_eq!(empty.roots().patients, patients);
}

#[test]
fn text_that_is_no_genesis_file_is_refused_with_its_line() {
    let text = Genesis::new(genesis_file(1))
        .unwrap()
        .file()
        .to_toml()
        .unwrap();
    for (wrong, told) in [
        ("[network".to_owned(), "line 1"),
        (text.replace("interval", "intervals"), "intervals"),
        (text.replace("name = \"Hospital 0\"\n", ""), "name"),
        (text.replace("2000", "-1"), "-1"),
        (text.replace("2000", "\"2 s\""), "2 s"),
        (format!("{text}votes = 3\n"), "votes"),
        (String::new(), "network"),
    ] {
        let Err(GenesisError::Toml { error }) = Genesis::from_toml(&wrong) else {
            panic!("{wrong}");
        };
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn oversized_genesis_file_is_refused_before_it_is_parsed() {
    let max = 2 * 1024 * 1024;
    let got = max + 1;
    let text = "#".repeat(got);
    assert_eq!(
        Genesis::from_toml(&text),
        Err(GenesisError::TooLong { got, max })
    );
}

#[test]
fn interval_is_a_millisecond_to_an_hour() {
    let max = Milliseconds::HOUR;
    for got in [
        Milliseconds(0),
        Milliseconds(max.0 + 1),
        Milliseconds(u64::MAX),
    ] {
        let wrong = GenesisError::Interval { got, max };
        assert_eq!(refused(|file| file.network.interval = got), Some(wrong));
    }
    for good in [Milliseconds(1), max] {
        assert_eq!(refused(|file| file.network.interval = good), None);
    }
}

#[test]
fn first_blocks_are_not_easier_than_the_easiest() {
    let (got, easiest) = (target_bits(3), target_bits(4));
    let wrong = GenesisError::InitialTarget { got, easiest };
    assert_eq!(
        refused(|file| file.network.initial_target = got),
        Some(wrong)
    );
    assert_eq!(refused(|file| file.network.initial_target = easiest), None);
}

#[test]
fn hospital_has_a_name() {
    for name in ["", " \t"] {
        let named = refused(|file| file.hospitals[1].name = name.into());
        assert_eq!(named, Some(GenesisError::NoName));
    }
}

#[test]
fn names_addresses_and_their_lists_have_limits() {
    let hospital = |name: &str, got, max| GenesisError::Hospital {
        name: name.into(),
        error: TooLong { got, max },
    };
    let long = "x".repeat(257);
    let refused_name = refused(|file| file.hospitals[1].name = long.clone());
    assert_eq!(
        refused_name,
        Some(hospital(&long, 257, limits::NAME_BYTES_MAX))
    );
    let long_url = refused(|file| file.hospitals[1].urls = vec![long.clone()]);
    let wrong = hospital("Hospital 1", 257, limits::ADDRESS_BYTES_MAX);
    assert_eq!(long_url, Some(wrong));
    let many = vec![String::from("/ip4/127.0.0.1/tcp/1"); 9];
    let many_peers = refused(|file| file.hospitals[1].peers = many);
    let wrong = hospital("Hospital 1", 9, limits::ADDRESSES_MAX);
    assert_eq!(many_peers, Some(wrong));
}

#[test]
fn council_is_neither_empty_nor_too_large() {
    let empty = refused(|file| file.hospitals.clear());
    assert_eq!(empty, Some(GenesisError::Council(CouncilError::Empty)));
    let (got, max) = (limits::COUNCIL_MAX + 1, limits::COUNCIL_MAX);
    let many = refused(|file| file.hospitals = (0..got).map(genesis_hospital).collect());
    let too_many = CouncilError::TooMany { got, max };
    assert_eq!(many, Some(GenesisError::Council(too_many)));
}

#[test]
fn hospital_or_node_key_stands_in_the_council_once() {
    let hospital_id = Keys::of_hospital(0).id();
    let twice = refused(|file| file.hospitals[1] = genesis_hospital(0));
    let expected = CouncilError::Twice { hospital_id };
    assert_eq!(twice, Some(GenesisError::Council(expected)));
    let node_key = Keys::of_hospital(0).node.public_key();
    let shared = refused(|file| file.hospitals[3].keys.node = node_key);
    let expected = CouncilError::NodeKeyTwice { node_key };
    assert_eq!(shared, Some(GenesisError::Council(expected)));
}

#[test]
fn members_are_in_order_and_found_by_id() {
    let member = |number| Member {
        hospital_id: Keys::of_hospital(number).id(),
        node_key: Keys::of_hospital(number).node.public_key(),
    };
    let members: Vec<_> = (0..5).map(member).collect();
    let council = Council::new(members.clone()).unwrap();
    assert!(
        council
            .members()
            .is_sorted_by_key(|member| member.hospital_id)
    );
    for Member {
        hospital_id,
        node_key,
    } in &members
    {
        assert_eq!(council.node_key(hospital_id), Some(node_key));
    }
    assert_eq!(council.node_key(&member(5).hospital_id), None);
    let reversed = members.into_iter().rev().collect();
    assert_eq!(Council::new(reversed).unwrap().hash(), council.hash());
}
