//! `GET /v1/head`: how far the relay's node is.

use keepwell_keys::{GenesisHash, HospitalId};
use keepwell_ledger::block::{BlockHash, Work};
use keepwell_primitives::{BlockIndex, Timestamp};
use serde::{Deserialize, Serialize};

/// A block by both its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlockName {
    /// Its place in the chain.
    pub index: BlockIndex,
    /// Its hash.
    pub hash: BlockHash,
}

/// What the relay holds for the newest blocks. A client believes none of it before it has the
/// headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeadAnswer {
    /// The network.
    pub genesis_hash: GenesisHash,
    /// The hospital that runs this relay.
    pub hospital_id: HospitalId,
    /// The newest block.
    pub head: BlockName,
    /// The newest final block.
    #[serde(rename = "final")]
    pub final_block: BlockName,
    /// The work behind the newest block.
    pub work: Work,
    /// The relay's clock.
    pub time: Timestamp,
    /// Nodes it is connected to.
    pub peers: u32,
}
