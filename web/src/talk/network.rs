//! The network as the page shows it.

use keepwell_keys::{GenesisHash, HospitalId};
use keepwell_primitives::{BlockIndex, Timestamp};
use serde::{Deserialize, Serialize};

/// How many hex digits of a genesis hash a person compares: 80 bits, which nobody can forge.
const CODE_DIGITS: usize = 20;

/// Where the page stands with its network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetworkNews {
    /// Nobody has vouched for the network of this relay: its code is to be compared first.
    Unconfirmed {
        /// What the relay says.
        genesis: GenesisHash,
        /// The hospitals in it.
        hospitals: Vec<String>,
    },
    /// This device keeps keys of one network, and the address names another.
    Other {
        /// The one that is kept.
        kept: GenesisHash,
        /// The one in the address, as text.
        address: String,
    },
    /// It is known.
    Known(KnownNetwork),
    /// It is not known, and the relay that could tell cannot be asked.
    Unavailable(super::Failure),
}

/// A network whose genesis was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownNetwork {
    /// Its name.
    pub genesis: GenesisHash,
    /// The newest verified block; `None` before the first.
    pub head: Option<HeadLine>,
    /// Every hospital ever enrolled.
    pub hospitals: Vec<HospitalLine>,
    /// The hospital whose relay serves this page, if it is known by this address.
    pub home: Option<HospitalId>,
}

/// A verified head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadLine {
    /// Its place.
    pub index: BlockIndex,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was verified here.
    pub verified_at: Timestamp,
}

/// A hospital of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HospitalLine {
    /// Its id.
    pub id: HospitalId,
    /// What it is called.
    pub name: String,
    /// Where its relay is.
    pub relay: Option<String>,
    /// Whether it is enrolled now.
    pub is_active: bool,
}

impl KnownNetwork {
    /// What a hospital is called; its id if it is not known.
    #[must_use]
    pub fn name_of(&self, id: &HospitalId) -> String {
        let found = self.hospitals.iter().find(|hospital| hospital.id == *id);
        found.map_or_else(|| id.to_string(), |hospital| hospital.name.clone())
    }
}

/// What a person compares before trusting an unknown network: `1a2b-3c4d-5e6f-7a8b-9c0d`.
#[must_use]
pub fn short_code(genesis: &GenesisHash) -> String {
    let digits: Vec<char> = genesis.to_string().chars().take(CODE_DIGITS).collect();
    let groups: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use keepwell_primitives::Hash;

    use super::*;

    #[test]
    fn code_is_the_start_of_the_hash_in_groups_of_four() {
        let genesis = GenesisHash(Hash([0xab; 32]));
        assert_eq!(short_code(&genesis), "abab-abab-abab-abab-abab");
    }
}
