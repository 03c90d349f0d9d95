//! `/v1/proofs`: leaves of both tries, proved against the roots of a block.

use axum::{Json, extract::State};
use keepwell_primitives::{BoundedBytes, limits};
use keepwell_trie::{NodeStore, Proof, Sha256, Trie, TrieError};
use keepwell_wire::api::{PROOF_KEYS_PER_QUESTION_MAX, ProofAnswer, ProofQuestion};

use super::{Api, ApiError, question::Question};
use crate::{
    chain::{Chain, ChainError},
    host::blocking,
};

type ProofBytes = BoundedBytes<{ limits::PROOF_BYTES_MAX }>;

/// `POST /v1/proofs`.
pub(super) async fn prove(
    State(api): State<Api>,
    Question(question): Question<ProofQuestion>,
) -> Result<Json<ProofAnswer>, ApiError> {
    let keys = question.patients.len() + question.hospitals.len();
    if keys > PROOF_KEYS_PER_QUESTION_MAX {
        let detail = format!("{keys} keys, at most {PROOF_KEYS_PER_QUESTION_MAX} are allowed");
        return Err(ApiError::bad_request("tooManyKeys", detail)
            .difference(keys, PROOF_KEYS_PER_QUESTION_MAX)
            .hint("ask in several questions for the same block"));
    }
    let name = question.block_hash;
    let answer = blocking(&api.host.chain, move |chain| proofs(chain, &question)).await?;
    let missing = || ApiError::not_found("blockNotFound", format!("no block {name} is here"));
    answer.ok_or_else(missing)?.map(Json)
}

fn proofs(
    chain: &Chain,
    question: &ProofQuestion,
) -> Result<Option<Result<ProofAnswer, ApiError>>, ChainError> {
    let Some(state) = chain.state_after(&question.block_hash)? else {
        return Ok(None);
    };
    let both = || {
        Ok(ProofAnswer {
            patients: proof(state.patients(), &question.patients)?,
            hospitals: proof(state.hospitals(), &question.hospitals)?,
        })
    };
    Ok(Some(both()))
}

fn proof<S: NodeStore>(
    trie: &Trie<Sha256, S>,
    keys: &[impl std::ops::Deref<Target = [u8]>],
) -> Result<Option<ProofBytes>, ApiError> {
    if keys.is_empty() {
        return Ok(None);
    }
    let keys: Vec<&[u8]> = keys.iter().map(|key| &**key).collect();
    let proof: Proof = trie.prove(&keys).map_err(|error| match error {
        TrieError::KeyTooLong { .. } | TrieError::TooManyKeys { .. } => {
            ApiError::bad_request("keys", error.to_string())
        }
        TrieError::ProofTooLong { .. } => ApiError::bad_request("proofTooLong", error.to_string())
            .hint("ask for fewer keys at once"),
        other => ApiError::internal(&other),
    })?;
    BoundedBytes::new(proof.to_bytes())
        .map(Some)
        .map_err(|error| ApiError::internal(&error))
}
