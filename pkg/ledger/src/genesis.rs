//! The genesis: what a network agrees on before its first block.
//!
//! A genesis file is TOML. Its content, in canonical bytes, is hashed into block 0, whose own hash
//! is the network's name: whoever holds that hash can check a genesis that a stranger shows.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{GenesisHash, HospitalId, HospitalPublicKeys};
use keepwell_primitives::{
    BlockIndex, BoundedBytes, BoundedList, Hash, Milliseconds, Timestamp, TooLong, encode_canonical,
};
use keepwell_trie::{MemoryStore, NodeStore};
use serde::{Deserialize, Serialize};

use crate::{
    block::{BLOCK_VERSION, Block, BlockHash, Header, HeaderRules, History, Target, merkle_root},
    council::{Council, CouncilError, Member},
    state::{Addresses, Hospital, State, StateChange, StateError, Status},
};

/// Slower than once an hour is no chain; one hour also keeps the retarget's sums within 64 bits.
const INTERVAL_MAX: Milliseconds = Milliseconds::HOUR;

/// A genesis file: 256 hospitals, each with a name and 16 addresses of 256 bytes and four keys.
const GENESIS_BYTES_MAX: usize = 2 * 1024 * 1024;

/// What a genesis file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisFile {
    /// The network's constants.
    pub network: Network,
    /// The hospitals it starts with.
    #[serde(rename = "hospital")]
    pub hospitals: Vec<GenesisHospital>,
}

/// The constants of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Network {
    /// What people call it.
    pub name: String,
    /// The time of block 0, milliseconds since 1970-01-01T00:00:00Z.
    pub created: Timestamp,
    /// The time from block to block that the retarget aims at, in milliseconds.
    pub interval: Milliseconds,
    /// No block is easier to mine: the network's minimum difficulty.
    pub easiest_target: Target,
    /// How hard the first blocks are.
    pub initial_target: Target,
}

/// A hospital that the network starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisHospital {
    /// Its name.
    pub name: String,
    /// Its four public keys.
    pub keys: HospitalPublicKeys,
    /// Origins of its light-client API.
    pub urls: Vec<String>,
    /// Multiaddresses for other nodes.
    pub peers: Vec<String>,
}

/// A checked genesis with block 0 and the state it starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    file: GenesisFile,
    hospitals: Vec<(HospitalId, Hospital)>,
    council: Council,
    header: Header,
}

impl Genesis {
    /// Reads a genesis file.
    ///
    /// # Errors
    /// [`GenesisError::TooLong`] before anything is parsed, [`GenesisError::Toml`] with the line
    /// that is wrong, and those of [`Genesis::new`].
    pub fn from_toml(text: &str) -> Result<Self, GenesisError> {
        let (got, max) = (text.len(), GENESIS_BYTES_MAX);
        if got > max {
            return Err(GenesisError::TooLong { got, max });
        }
        let parsed = toml::from_str(text);
        Self::new(parsed.map_err(|error| GenesisError::Toml {
            error: error.to_string(),
        })?)
    }

    /// Checks what a genesis file says and builds block 0.
    ///
    /// # Errors
    /// [`GenesisError`], one variant for each rule.
    pub fn new(file: GenesisFile) -> Result<Self, GenesisError> {
        check_network(&file.network)?;
        let hospitals: Vec<_> = file
            .hospitals
            .iter()
            .map(hospital)
            .collect::<Result<_, _>>()?;
        let members = hospitals.iter().map(|(hospital_id, hospital)| Member {
            hospital_id: *hospital_id,
            node_key: hospital.public_keys.node,
        });
        let council = Council::new(members.collect())?;
        let mut state = initial_state(
            MemoryStore::default(),
            MemoryStore::default(),
            &hospitals,
            &council,
        )
        .expect("an empty store in memory cannot fail, and every key has 32 to 37 bytes");
        let roots = state.roots();
        let content = content(&file.network, &hospitals);
        let header = Header {
            version: BLOCK_VERSION,
            index: BlockIndex::GENESIS,
            timestamp: file.network.created,
            previous_hash: BlockHash(Hash::tagged("genesis", &[&content])),
            merkle_root_hash: merkle_root(&[]),
            patient_state_trie_hash: roots.patients,
            hospital_state_trie_hash: roots.hospitals,
            council_hash: council.hash(),
            history_root: History::new().root(),
            miner: HospitalId::from_bytes([0; 32]),
            target: file.network.initial_target,
            extra_nonce: 0,
            nonce: 0,
        };
        Ok(Self {
            file,
            hospitals,
            council,
            header,
        })
    }

    /// The network's name on the chain: the hash of block 0.
    pub fn hash(&self) -> GenesisHash {
        GenesisHash(self.header.hash().0)
    }

    /// The header of block 0. It has no proof of work and no seal.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Block 0. Its seal is nobody's: the numbers 1 and 1.
    pub fn block(&self) -> Block {
        Block::genesis(self.header)
    }

    /// What the file says.
    pub fn file(&self) -> &GenesisFile {
        &self.file
    }

    /// The council that the network starts with.
    pub fn council(&self) -> &Council {
        &self.council
    }

    /// The hospitals that the network starts with, in the order of the file.
    pub fn hospitals(&self) -> &[(HospitalId, Hospital)] {
        &self.hospitals
    }

    /// The constants that header rules need.
    pub fn header_rules(&self) -> HeaderRules {
        HeaderRules {
            genesis_hash: self.hash(),
            interval: self.file.network.interval,
            easiest_target: self.file.network.easiest_target,
            initial_target: self.file.network.initial_target,
        }
    }

    /// The nodes of the state after block 0, to be put into empty stores.
    ///
    /// # Errors
    /// [`StateError`] if the stores cannot be read.
    pub fn initial_change<S: NodeStore>(
        &self,
        patients: S,
        hospitals: S,
    ) -> Result<StateChange, StateError<S::Error>> {
        Ok(initial_state(patients, hospitals, &self.hospitals, &self.council)?.commit())
    }
}

impl GenesisFile {
    /// The file's text.
    ///
    /// # Errors
    /// [`GenesisError::Toml`]; not for a file that a [`Genesis`] was made of.
    pub fn to_toml(&self) -> Result<String, GenesisError> {
        toml::to_string(self).map_err(|error| GenesisError::Toml {
            error: error.to_string(),
        })
    }
}

fn check_network(network: &Network) -> Result<(), GenesisError> {
    if network.interval.0 == 0 || network.interval > INTERVAL_MAX {
        return Err(GenesisError::Interval {
            got: network.interval,
            max: INTERVAL_MAX,
        });
    }
    if network.initial_target > network.easiest_target {
        let (got, easiest) = (network.initial_target, network.easiest_target);
        return Err(GenesisError::InitialTarget { got, easiest });
    }
    Ok(())
}

fn hospital(entry: &GenesisHospital) -> Result<(HospitalId, Hospital), GenesisError> {
    let name = &entry.name;
    if name.trim().is_empty() {
        return Err(GenesisError::NoName);
    }
    let wrong = |error| GenesisError::Hospital {
        name: name.clone(),
        error,
    };
    let addresses = Addresses {
        urls: addresses(&entry.urls).map_err(wrong)?,
        peers: addresses(&entry.peers).map_err(wrong)?,
    };
    let hospital = Hospital {
        name: BoundedBytes::new(name.as_bytes().to_vec()).map_err(wrong)?,
        public_keys: entry.keys,
        addresses,
        status: Status::Active,
        nonce: 0,
        access_count: 0,
        issued_count: 0,
        request_count: 0,
    };
    Ok((HospitalId::of(&entry.keys.authority), hospital))
}

fn addresses<const BYTES: usize, const COUNT: usize>(
    texts: &[String],
) -> Result<BoundedList<BoundedBytes<BYTES>, COUNT>, TooLong> {
    let bytes = texts
        .iter()
        .map(|text| BoundedBytes::new(text.as_bytes().to_vec()));
    BoundedList::new(bytes.collect::<Result<_, _>>()?)
}

fn initial_state<S: NodeStore>(
    patients: S,
    hospitals: S,
    enrolled: &[(HospitalId, Hospital)],
    council: &Council,
) -> Result<State<S>, StateError<S::Error>> {
    let mut state = State::empty(patients, hospitals);
    for (position, (id, hospital)) in (0_u32..).zip(enrolled) {
        state.put_hospital(id, hospital)?;
        state.put_directory_entry(position, id)?;
    }
    state.put_council(council)?;
    Ok(state)
}

/// The canonical bytes of everything that block 0's own fields do not say.
fn content(network: &Network, hospitals: &[(HospitalId, Hospital)]) -> Vec<u8> {
    #[derive(RlpEncodable, RlpDecodable)]
    struct Content {
        name: String,
        created: Timestamp,
        interval: Milliseconds,
        easiest_target: Hash,
        initial_target: Hash,
        hospitals: Vec<Hospital>,
    }
    encode_canonical(&Content {
        name: network.name.clone(),
        created: network.created,
        interval: network.interval,
        easiest_target: Hash(*network.easiest_target.as_bytes()),
        initial_target: Hash(*network.initial_target.as_bytes()),
        hospitals: hospitals
            .iter()
            .map(|(_, hospital)| hospital.clone())
            .collect(),
    })
}

/// Why a genesis is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `max` are what the message says of them"
)]
pub enum GenesisError {
    /// Longer than any honest genesis file.
    #[error("the genesis file has {got} bytes, at most {max} are allowed")]
    TooLong { got: usize, max: usize },
    /// Not TOML, or not of this shape.
    #[error("the genesis file cannot be read: {error}")]
    Toml { error: String },
    /// No chain moves at this pace.
    #[error("the interval is {got}, it must be 1 ms to {max}")]
    Interval {
        got: Milliseconds,
        max: Milliseconds,
    },
    /// The first blocks cannot be easier than the easiest.
    #[error("the initial target {got} is easier than the easiest target {easiest}")]
    InitialTarget { got: Target, easiest: Target },
    /// Patients tell hospitals apart by name.
    #[error("a hospital has no name")]
    NoName,
    /// A name, an address or a list of them is too long.
    #[error("hospital {name}: {error}")]
    Hospital { name: String, error: TooLong },
    /// The hospitals make no council.
    #[error(transparent)]
    Council(#[from] CouncilError),
}
