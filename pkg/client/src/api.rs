//! The relay's API, typed: one function for a question, over the [`Relay`] port.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use keepwell_ledger::{genesis::GenesisFile, transaction::Txid};
use keepwell_wire::api::{
    BlockAnswer, BlocksAnswer, BlocksQuery, Challenge, ChallengeQuestion, HeadAnswer,
    MailboxAnswer, MailboxPost, MempoolAnswer, PeersAnswer, Problem, ProofAnswer, ProofQuestion,
    SubmitAnswer, Token, TokenQuestion, TransactionAnswer,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{ClientError, Method, Relay, Request, Response};

/// The largest answer that is not a file: the mempool or a proof in hex digits, with room.
const ANSWER_BYTES_MAX: usize = 72 * 1024 * 1024;

const JSON: &str = "application/json";
const PROBLEM_JSON: &str = "application/problem+json";
const BYTES: &str = "application/octet-stream";

/// `GET /v1/head`: the relay's word, not verified.
///
/// # Errors
/// Those of the relay.
pub async fn head(relay: &impl Relay) -> Result<HeadAnswer, ClientError> {
    get(relay, "the head", String::from("/v1/head"), None).await
}

/// `GET /v1/blocks/{index|hash}`: a block with its transactions, not verified.
///
/// # Errors
/// Those of the relay.
pub async fn block(relay: &impl Relay, name: &str) -> Result<BlockAnswer, ClientError> {
    get(relay, "a block", format!("/v1/blocks/{name}"), None).await
}

pub(crate) async fn genesis(relay: &impl Relay) -> Result<GenesisFile, ClientError> {
    get(relay, "the genesis", String::from("/v1/genesis"), None).await
}

pub(crate) async fn blocks(
    relay: &impl Relay,
    query: &BlocksQuery,
) -> Result<BlocksAnswer, ClientError> {
    let path = format!(
        "/v1/blocks?from={}&limit={}&headersOnly={}",
        query.from, query.limit, query.headers_only
    );
    get(relay, "blocks", path, None).await
}

pub(crate) async fn proof(
    relay: &impl Relay,
    question: &ProofQuestion,
) -> Result<ProofAnswer, ClientError> {
    post(relay, "proofs", "/v1/proofs", question, None).await
}

pub(crate) async fn challenge(
    relay: &impl Relay,
    question: &ChallengeQuestion,
) -> Result<Challenge, ClientError> {
    post(relay, "a challenge", "/v1/challenges", question, None).await
}

pub(crate) async fn token(
    relay: &impl Relay,
    question: &TokenQuestion,
) -> Result<Token, ClientError> {
    post(relay, "a token", "/v1/tokens", question, None).await
}

pub(crate) async fn submit(
    relay: &impl Relay,
    transaction: Vec<u8>,
) -> Result<SubmitAnswer, ClientError> {
    let mut request = request(Method::Post, String::from("/v1/transactions"), None);
    request.headers.push(("content-type", String::from(BYTES)));
    request.body = transaction;
    json(relay, "a transaction", request).await
}

/// Where a transaction is, by the relay's word; `None` if it does not know it.
pub(crate) async fn transaction(
    relay: &impl Relay,
    txid: &Txid,
) -> Result<Option<TransactionAnswer>, ClientError> {
    let path = format!("/v1/transactions/{txid}");
    match get(relay, "a transaction", path, None).await {
        Ok(answer) => Ok(Some(answer)),
        Err(ClientError::Problem { problem, .. }) if problem.status == 404 => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) async fn mempool(relay: &impl Relay) -> Result<MempoolAnswer, ClientError> {
    get(relay, "what waits", String::from("/v1/mempool"), None).await
}

pub(crate) async fn peers(relay: &impl Relay) -> Result<PeersAnswer, ClientError> {
    get(relay, "its peers", String::from("/v1/peers"), None).await
}

/// Has a block mined, with the token of the relay's own hospital.
pub(crate) async fn mine(relay: &impl Relay, token: &str) -> Result<HeadAnswer, ClientError> {
    let nothing = serde_json::json!({});
    post(relay, "to mine", "/v1/mine", &nothing, Some(token)).await
}

pub(crate) async fn mailbox(
    relay: &impl Relay,
    token: &str,
    since: u64,
) -> Result<MailboxAnswer, ClientError> {
    let path = format!("/v1/mailbox?since={since}");
    get(relay, "the mailbox", path, Some(token)).await
}

/// Hands fragments over. What the relay answers to that says nothing more than its status.
pub(crate) async fn post_mailbox(
    relay: &impl Relay,
    token: &str,
    fragments: &MailboxPost,
) -> Result<(), ClientError> {
    let mut request = request(Method::Post, String::from("/v1/mailbox"), Some(token));
    request.headers.push(("content-type", String::from(JSON)));
    request.body = to_json(fragments);
    let response = send(relay, request).await?;
    accept(relay, response).map(|_| ())
}

async fn get<T: DeserializeOwned>(
    relay: &impl Relay,
    question: &'static str,
    path: String,
    token: Option<&str>,
) -> Result<T, ClientError> {
    json(relay, question, request(Method::Get, path, token)).await
}

async fn post<T: DeserializeOwned>(
    relay: &impl Relay,
    question: &'static str,
    path: &str,
    body: &impl Serialize,
    token: Option<&str>,
) -> Result<T, ClientError> {
    let mut request = request(Method::Post, String::from(path), token);
    request.headers.push(("content-type", String::from(JSON)));
    request.body = to_json(body);
    json(relay, question, request).await
}

async fn json<T: DeserializeOwned>(
    relay: &impl Relay,
    question: &'static str,
    request: Request,
) -> Result<T, ClientError> {
    let response = send(relay, request).await?;
    let response = accept(relay, response)?;
    if response.media_type != JSON {
        return Err(not_a_relay(relay, &response));
    }
    serde_json::from_slice(&response.body).map_err(|error| ClientError::Malformed {
        relay: String::from(relay.name()),
        question,
        why: error.to_string(),
    })
}

/// A request without body and without headers but the token's.
pub(crate) fn request(method: Method, path: String, token: Option<&str>) -> Request {
    let token = token.map(|token| ("authorization", format!("Bearer {token}")));
    Request {
        method,
        path,
        headers: token.into_iter().collect(),
        body: Vec::new(),
        answer_bytes_max: ANSWER_BYTES_MAX,
    }
}

pub(crate) async fn send(relay: &impl Relay, request: Request) -> Result<Response, ClientError> {
    let response = relay.send(request).await;
    response.map_err(|failure| ClientError::Relay {
        relay: String::from(relay.name()),
        failure,
    })
}

/// The response if its status is one of success.
pub(crate) fn accept(relay: &impl Relay, response: Response) -> Result<Response, ClientError> {
    if (200..300).contains(&response.status) {
        return Ok(response);
    }
    let problem = serde_json::from_slice::<Problem>(&response.body).ok();
    match problem.filter(|_| response.media_type == PROBLEM_JSON) {
        Some(problem) => Err(ClientError::Problem {
            relay: String::from(relay.name()),
            problem,
        }),
        None => Err(not_a_relay(relay, &response)),
    }
}

fn not_a_relay(relay: &impl Relay, response: &Response) -> ClientError {
    ClientError::NotARelay {
        relay: String::from(relay.name()),
        status: response.status,
    }
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("the API's types have string keys only")
}
