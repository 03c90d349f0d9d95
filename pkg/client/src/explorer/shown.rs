//! Blocks as they are shown: under the report's names, and with what is known of their place.

use alloc::vec::Vec;

use keepwell_keys::Signature;
use keepwell_ledger::block::{BlockHash, Header};
use keepwell_light::LightClient;
use keepwell_primitives::BlockIndex;
use keepwell_wire::api::{BlocksQuery, TransactionState};
use serde::{Deserialize, Serialize};

use super::{BlockChoice, BlockError, CheckedBlock, ShownTransaction};
use crate::{ClientError, Relay, api};

/// A block that passed [`CheckedBlock::check`], decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownBlock {
    /// The header's hash.
    pub hash: BlockHash,
    /// The header, under the report's names.
    pub header: Header,
    /// The miner's signature over the hash. Checked where [`ShownBlock::chain`] is
    /// [`ChainMark::Verified`].
    pub seal: Signature,
    /// What is in it, in order.
    pub transactions: Vec<ShownTransaction>,
    /// How many bytes those have.
    pub transactions_bytes: u64,
    /// What is known of its place.
    pub chain: ChainMark,
}

/// How a block stands to the chain that the light client has verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "state")]
pub enum ChainMark {
    /// It is part of it: mined or final.
    Verified(TransactionState),
    /// The verified chain has another block in its place.
    OtherFork,
    /// After the verified head, or before the blocks whose hashes the light client keeps: that it
    /// is on the chain is the relay's word.
    RelaysWord,
}

/// A block by its index or its hash.
///
/// # Errors
/// Those of the relay; [`ClientError::Block`] for one that is not what it claims to be.
pub async fn block(
    relay: &impl Relay,
    light: &LightClient,
    choice: BlockChoice,
) -> Result<ShownBlock, ClientError> {
    let genesis_hash = light.network().hash();
    let checked = CheckedBlock::fetch(relay, &genesis_hash, choice).await?;
    Ok(shown(&checked, mark(light, &checked)))
}

/// At most `limit` blocks of the relay's best chain, from this one on; empty past its newest.
/// Each stands on the one before it, so those before a verified one are verified with it.
///
/// # Errors
/// Those of the relay; [`ClientError::Block`] for one that is not what it claims to be.
pub async fn blocks(
    relay: &impl Relay,
    light: &LightClient,
    from: BlockIndex,
    limit: u32,
) -> Result<Vec<ShownBlock>, ClientError> {
    let limit = limit.min(BlocksQuery::LIMIT_MAX);
    let query = BlocksQuery {
        from,
        limit,
        headers_only: false,
    };
    let answer = api::blocks(relay, &query).await?;
    let failed = |error| ClientError::block(relay, error);
    if answer.blocks.len() > limit as usize {
        let (got, max) = (answer.blocks.len(), limit);
        return Err(failed(BlockError::TooMany { got, max }));
    }
    let mut checked: Vec<CheckedBlock> = Vec::new();
    let mut index = from;
    for answer in &answer.blocks {
        let block = CheckedBlock::check(answer, &light.network().hash());
        let block = block.and_then(|block| block.chosen(BlockChoice::Index(index)));
        let block = block.and_then(|block| check_link(block, checked.last()));
        checked.push(block.map_err(failed)?);
        index = index.next();
    }
    Ok(with_marks(light, &checked))
}

fn check_link(
    block: CheckedBlock,
    before: Option<&CheckedBlock>,
) -> Result<CheckedBlock, BlockError> {
    let Some(before) = before else {
        return Ok(block);
    };
    let (got, expected) = (block.header().previous_hash, before.hash());
    let index = block.header().index;
    match got == expected {
        true => Ok(block),
        false => Err(BlockError::Link {
            index,
            got,
            expected,
        }),
    }
}

fn with_marks(light: &LightClient, linked: &[CheckedBlock]) -> Vec<ShownBlock> {
    let mut is_child_verified = false;
    let newest_first = linked.iter().rev().map(|block| {
        let mark = match mark(light, block) {
            // A verified header names its parent, which so is verified too.
            ChainMark::RelaysWord if is_child_verified => {
                ChainMark::Verified(light.head().state_of(block.header().index))
            }
            mark => mark,
        };
        is_child_verified = matches!(mark, ChainMark::Verified(_));
        shown(block, mark)
    });
    let mut blocks: Vec<_> = newest_first.collect();
    blocks.reverse();
    blocks
}

fn mark(light: &LightClient, block: &CheckedBlock) -> ChainMark {
    let index = block.header().index;
    match light.block_hash(index) {
        Some(hash) if hash == block.hash() => ChainMark::Verified(light.head().state_of(index)),
        Some(_) => ChainMark::OtherFork,
        None => ChainMark::RelaysWord,
    }
}

fn shown(block: &CheckedBlock, chain: ChainMark) -> ShownBlock {
    let transactions = block.transactions().iter();
    ShownBlock {
        hash: block.hash(),
        header: *block.header(),
        seal: block.sealed().seal,
        transactions: transactions.map(ShownTransaction::of).collect(),
        transactions_bytes: block.transactions_bytes() as u64,
        chain,
    }
}
