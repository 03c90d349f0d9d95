//! A network that has only its genesis, and hospitals with keys made from a number: for tests that
//! need a verified directory and no chain.

use alloc::{string::String, vec, vec::Vec};

use keepwell_keys::{HospitalId, HospitalPublicKeys, SecretKey};
use keepwell_ledger::{
    block::Target,
    genesis::{Genesis, GenesisFile, GenesisHospital, Network},
};
use keepwell_light::LightClient;
use keepwell_primitives::{Hash, Milliseconds, Timestamp};

/// When the network was made.
pub(crate) const START: Timestamp = Timestamp(1_700_000_000_000);

/// A hospital's staff.
pub(crate) struct Staff {
    pub(crate) id: HospitalId,
    pub(crate) authority: SecretKey,
}

impl Staff {
    pub(crate) fn numbered(number: u8) -> Self {
        let authority = key(number, 0);
        Self {
            id: HospitalId::of(&authority.public_key()),
            authority,
        }
    }
}

/// A client of a network of four hospitals, of which the staff are numbered from 1.
pub(crate) fn light_client() -> LightClient {
    let hospitals: Vec<_> = (1..=4).map(hospital).collect();
    let network = Network {
        name: String::from("test network"),
        created: START,
        interval: Milliseconds(2_000),
        easiest_target: Target::from_bytes([0x3f; 32]),
        initial_target: Target::from_bytes([0x0f; 32]),
    };
    LightClient::new(Genesis::new(GenesisFile { network, hospitals }).unwrap())
}

fn hospital(number: u8) -> GenesisHospital {
    GenesisHospital {
        name: alloc::format!("Hospital {number}"),
        keys: HospitalPublicKeys {
            authority: key(number, 0).public_key(),
            encryption: key(number, 1).public_key(),
            node: key(number, 2).public_key(),
            custody: key(number, 3).public_key(),
        },
        urls: vec![String::from("http://localhost")],
        peers: vec![],
    }
}

fn key(number: u8, use_of_it: u8) -> SecretKey {
    SecretKey::from_bytes(Hash::tagged("test-key", &[&[number, use_of_it]]).0).unwrap()
}
