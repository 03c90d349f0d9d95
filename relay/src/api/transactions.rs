//! `/v1/transactions`, `/v1/transactions/{txid}`, `/v1/mempool`.

use axum::{Json, extract::State};
use keepwell_ledger::transaction::Txid;
use keepwell_node::{Node, Submitted};
use keepwell_primitives::{BoundedBytes, limits};
use keepwell_wire::api::{
    BlockName, MempoolAnswer, SubmitAnswer, TransactionAnswer, TransactionState,
};

use super::{
    Api, ApiError,
    question::{Body, Name},
};
use crate::{
    chain::{Chain, ChainError, ChainTables, Found},
    host::blocking,
    peers::Topic,
};

/// Transactions shown of the mempool: a page for people.
const MEMPOOL_SHOWN_MAX: usize = 256;

/// `POST /v1/transactions`: canonical bytes.
pub(super) async fn submit(
    State(api): State<Api>,
    Body(body): Body,
) -> Result<Json<SubmitAnswer>, ApiError> {
    if body.len() > limits::TRANSACTION_BYTES_MAX {
        let detail = format!(
            "the transaction has {} bytes, at most {} are allowed",
            body.len(),
            limits::TRANSACTION_BYTES_MAX
        );
        let status = axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        return Err(ApiError::new(status, "tooLong", detail)
            .difference(body.len(), limits::TRANSACTION_BYTES_MAX));
    }
    let bytes = body.clone();
    let (txid, submitted) = blocking(&api.host.chain, move |chain| chain.submit(&bytes)).await??;
    match submitted {
        Submitted::Accepted => {
            if let Err(error) = api
                .host
                .peers
                .publish(Topic::Transactions, body.into())
                .await
            {
                tracing::warn!(%txid, %error, "a transaction was not published; it is mined here");
            }
        }
        Submitted::AlreadyKnown => {}
        Submitted::Rejected(reason) => return Err(reason.into()),
    }
    let state = blocking(&api.host.chain, move |chain| answer(chain, &txid)).await?;
    let state = state.map_or(TransactionState::Pending, |answer| answer.state);
    Ok(Json(SubmitAnswer { txid, state }))
}

/// `GET /v1/transactions/{txid}`.
pub(super) async fn one(
    State(api): State<Api>,
    Name(name): Name,
) -> Result<Json<TransactionAnswer>, ApiError> {
    let txid: Txid = name.parse().map_err(|error| {
        ApiError::bad_request(
            "txid",
            format!("{name:?} is not a transaction's name: {error}"),
        )
    })?;
    let found = blocking(&api.host.chain, move |chain| answer(chain, &txid)).await?;
    let missing = || {
        ApiError::not_found(
            "transactionNotFound",
            format!("transaction {txid} is not known here"),
        )
        .hint("it may have been refused or lapsed; send it again")
    };
    found.map(Json).ok_or_else(missing)
}

/// `GET /v1/mempool`.
pub(super) async fn mempool(State(api): State<Api>) -> Result<Json<MempoolAnswer>, ApiError> {
    let transactions = blocking(&api.host.chain, |chain| Ok(chain.read(waiting))).await?;
    Ok(Json(MempoolAnswer { transactions }))
}

fn waiting(node: &Node<ChainTables>) -> Vec<TransactionAnswer> {
    let shown = node
        .all_waiting()
        .take(MEMPOOL_SHOWN_MAX)
        .filter_map(|waiting| {
            Some(TransactionAnswer {
                txid: waiting.txid(),
                state: TransactionState::Pending,
                block: None,
                bytes: BoundedBytes::new(waiting.bytes().to_vec()).ok()?,
            })
        });
    shown.collect()
}

fn answer(chain: &Chain, txid: &Txid) -> Result<Option<TransactionAnswer>, ChainError> {
    let Some(Found { bytes, block }) = chain.find(txid)? else {
        return Ok(None);
    };
    let Ok(bytes) = BoundedBytes::new(bytes) else {
        return Ok(None);
    };
    let state = match block {
        None => TransactionState::Pending,
        Some((index, _)) if index <= chain.head().final_index => TransactionState::Final,
        Some(_) => TransactionState::Mined,
    };
    let block = block.map(|(index, hash)| BlockName { index, hash });
    Ok(Some(TransactionAnswer {
        txid: *txid,
        state,
        block,
        bytes,
    }))
}
