//! A plain client of the light-client API, which believes what it is told.

use anyhow::{Context as _, bail};
use keepwell_keys::{GenesisHash, HospitalId, SecretKey, sign, signing_digest};
use keepwell_ledger::transaction::{Transaction, Txid};
use keepwell_wire::api::{
    BlockAnswer, CHALLENGE_DOMAIN, Challenge, ChallengeQuestion, HeadAnswer, Problem, Role,
    SubmitAnswer, Token, TokenQuestion, TransactionAnswer,
};
use serde::{Serialize, de::DeserializeOwned};
use ureq::{Agent, Body, http::Response};

/// A relay's API.
#[derive(Clone)]
pub struct Api {
    origin: String,
    agent: Agent,
}

/// What a relay answered where it did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("{0:?}")]
pub struct Refused(pub Problem);

impl Api {
    /// Of the relay at this origin.
    pub fn new(origin: String) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).build();
        Self {
            origin,
            agent: config.into(),
        }
    }

    /// Where the relay is.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// # Errors
    /// If the relay does not answer so.
    pub fn head(&self) -> anyhow::Result<HeadAnswer> {
        self.get("/v1/head", None)
    }

    /// # Errors
    /// If the relay does not answer so.
    pub fn block(&self, name: &str) -> anyhow::Result<BlockAnswer> {
        self.get(&format!("/v1/blocks/{name}"), None)
    }

    /// # Errors
    /// [`Refused`], or if the relay does not answer.
    pub fn submit(&self, transaction: &Transaction) -> anyhow::Result<SubmitAnswer> {
        self.submit_bytes(&transaction.to_bytes())
    }

    /// # Errors
    /// [`Refused`], or if the relay does not answer.
    pub fn submit_bytes(&self, bytes: &[u8]) -> anyhow::Result<SubmitAnswer> {
        read(self.agent.post(self.url("/v1/transactions")).send(bytes)?)
    }

    /// # Errors
    /// [`Refused`], or if the relay does not answer.
    pub fn transaction(&self, txid: &Txid) -> anyhow::Result<TransactionAnswer> {
        self.get(&format!("/v1/transactions/{txid}"), None)
    }

    /// Signs in a hospital's staff.
    ///
    /// # Errors
    /// [`Refused`], or if the relay does not answer.
    pub fn sign_in(
        &self,
        hospital_id: HospitalId,
        authority: &SecretKey,
        genesis_hash: &GenesisHash,
    ) -> anyhow::Result<Token> {
        let role = Role::Hospital(hospital_id);
        let asked: Challenge = self.post("/v1/challenges", &ChallengeQuestion { role }, None)?;
        let digest = signing_digest(CHALLENGE_DOMAIN, genesis_hash, asked.challenge.as_bytes());
        let question = TokenQuestion {
            role,
            challenge: asked.challenge,
            public_key: authority.public_key(),
            signature: sign(authority, &digest),
        };
        self.post("/v1/tokens", &question, None)
    }

    /// # Errors
    /// [`Refused`], or if the relay does not answer.
    pub fn get<T: DeserializeOwned>(&self, path: &str, token: Option<&Token>) -> anyhow::Result<T> {
        let mut request = self.agent.get(self.url(path));
        if let Some(Token { token, .. }) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        read(request.call()?)
    }

    /// # Errors
    /// [`Refused`], or if the relay does not answer.
    pub fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        token: Option<&Token>,
    ) -> anyhow::Result<T> {
        let mut request = self.agent.post(self.url(path));
        if let Some(Token { token, .. }) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        read(request.send_json(body)?)
    }

    /// Whether the relay itself keeps a sealed file, whole.
    ///
    /// # Errors
    /// If the relay does not answer.
    pub fn keeps_file(&self, blob_id: &str, token: &Token) -> anyhow::Result<bool> {
        let request = self.agent.head(self.url(&format!("/v1/files/{blob_id}")));
        let answer = request
            .header("Authorization", format!("Bearer {}", token.token))
            .call()?;
        Ok(answer.status() == 200)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

fn read<T: DeserializeOwned>(mut response: Response<Body>) -> anyhow::Result<T> {
    let status = response.status();
    if status.is_success() {
        return response
            .body_mut()
            .read_json()
            .context("the answer is not of its form");
    }
    match response.body_mut().read_json() {
        Ok(problem) => Err(Refused(problem).into()),
        Err(error) => bail!("{status}, and no problem in the body: {error}"),
    }
}
