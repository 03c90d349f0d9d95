//! `/v1/blocks` and `/v1/blocks/{index|hash}`.

use axum::{Json, extract::State};
use keepwell_ledger::block::{Block, BlockHash};
use keepwell_primitives::{BlockIndex, BoundedBytes, limits};
use keepwell_wire::api::{BlockAnswer, BlocksAnswer, BlocksQuery};

use super::{
    Api, ApiError,
    question::{Asked, Name},
};
use crate::{
    chain::{Chain, ChainError},
    host::blocking,
};

/// `GET /v1/blocks?from=&limit=`.
pub(super) async fn list(
    State(api): State<Api>,
    Asked(query): Asked<BlocksQuery>,
) -> Result<Json<BlocksAnswer>, ApiError> {
    Ok(Json(
        blocking(&api.host.chain, move |chain| blocks(chain, query)).await?,
    ))
}

/// `GET /v1/blocks/{index|hash}`.
pub(super) async fn one(
    State(api): State<Api>,
    Name(name): Name,
) -> Result<Json<BlockAnswer>, ApiError> {
    let index = name.parse::<BlockIndex>();
    let hash = name.parse::<BlockHash>();
    let found = blocking(&api.host.chain, move |chain| {
        let hash = match (index, hash) {
            (Ok(index), _) => chain.block_hash(index)?,
            (_, Ok(hash)) => Some(hash),
            _ => return Ok(Err(())),
        };
        let block = hash.map(|hash| chain.block(&hash)).transpose()?.flatten();
        Ok(Ok(block))
    })
    .await?;
    match found {
        Ok(Some(block)) => Ok(Json(block_answer(&block, false))),
        Ok(None) => Err(ApiError::not_found(
            "blockNotFound",
            format!("no block {name} is here"),
        )),
        Err(()) => {
            let detail = format!("{name:?} is neither a block's index nor its hash");
            Err(ApiError::bad_request("blockName", detail))
        }
    }
}

fn blocks(chain: &Chain, query: BlocksQuery) -> Result<BlocksAnswer, ChainError> {
    let (mut blocks, mut bytes) = (Vec::new(), 0);
    let mut index = query.from;
    while blocks.len() < query.limit.min(BlocksQuery::LIMIT_MAX) as usize {
        let Some(hash) = chain.block_hash(index)? else {
            break;
        };
        let Some(block) = chain.block(&hash)? else {
            break;
        };
        if !query.headers_only {
            bytes += block
                .transactions()
                .iter()
                .map(|t| t.bytes().len())
                .sum::<usize>();
        }
        if !blocks.is_empty() && bytes > limits::BLOCK_BYTES_MAX {
            break;
        }
        blocks.push(block_answer(&block, query.headers_only));
        index = index.next();
    }
    Ok(BlocksAnswer { blocks })
}

fn block_answer(block: &Block, headers_only: bool) -> BlockAnswer {
    let bytes = block.transactions().iter();
    // Every transaction of a block is within the limit.
    let bytes =
        bytes.filter_map(|transaction| BoundedBytes::new(transaction.bytes().to_vec()).ok());
    BlockAnswer {
        hash: block.header().hash(),
        sealed: *block.sealed(),
        transactions: (!headers_only).then(|| bytes.collect()),
    }
}
