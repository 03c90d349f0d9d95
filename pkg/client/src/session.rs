//! A session with one relay: catching up, tokens, sending, and waiting until the chain shows it.

mod freshness;
mod send;

use alloc::string::String;

use keepwell_custody::BlobId;
use keepwell_keys::{GenesisHash, SecretKey, sign, signing_digest};
use keepwell_ledger::{genesis::Genesis, transaction::Txid};
use keepwell_light::{Answer, Interest, LightClient, Query, Update, check_genesis};
use keepwell_primitives::{BlockIndex, Milliseconds};
use keepwell_seal::{ContentCommitment, RecordKey};
use keepwell_wire::api::{
    CHALLENGE_DOMAIN, ChallengeQuestion, Role, TokenQuestion, TransactionState,
};

use crate::{ChunkSink, ClientError, Clock, Outbox, Refusal, Relay, Wait, api, files};

pub use freshness::{ComparedHeads, Freshness, HEAD_OLD_AFTER};
pub(crate) use send::Signer;

/// Between two looks at the chain: a tenth of its interval or so.
const POLL_INTERVAL: Milliseconds = Milliseconds(250);

/// The code of a relay that cannot prove so much at once.
const PROOF_TOO_LONG: &str = "proofTooLong";

/// How often in a row a relay says that it does not know a transaction before that is believed:
/// one answer may fall between its mempool and its chain.
const UNKNOWN_ANSWERS_MAX: u32 = 8;

/// The chain as it was verified, and the one relay that is asked.
pub struct Session<'a, R, C> {
    /// The relay.
    pub relay: &'a R,
    /// The clock.
    pub clock: &'a C,
    /// What was verified so far.
    pub light: &'a mut LightClient,
    /// How long to wait for the chain, at most.
    pub timeout: Milliseconds,
    /// What was sent and is not settled, if the caller keeps it.
    pub outbox: Option<&'a mut Outbox>,
}

/// A record whose key is at hand: what its file must be.
pub struct OpenableRecord {
    /// The key of its file.
    pub key: RecordKey,
    /// The sealed file.
    pub blob_id: BlobId,
    /// What its content must be.
    pub content_commitment: ContentCommitment,
}

/// Asks a relay for the genesis of the network with this hash.
///
/// # Errors
/// Those of the relay; [`ClientError::Genesis`] for another network's.
pub async fn fetch_genesis(
    relay: &impl Relay,
    expected: GenesisHash,
) -> Result<Genesis, ClientError> {
    let file = api::genesis(relay).await?;
    Ok(check_genesis(file, expected)?)
}

/// Asks a relay for the genesis of its network, whichever that is. It is worth no more than the
/// relay's word until a person has compared its hash.
///
/// # Errors
/// Those of the relay; [`ClientError::Genesis`] for a file that is no genesis.
pub async fn offered_genesis(relay: &impl Relay) -> Result<Genesis, ClientError> {
    let file = api::genesis(relay).await?;
    Ok(Genesis::new(file).map_err(keepwell_light::GenesisRefused::from)?)
}

impl<'a, R: Relay, C: Clock> Session<'a, R, C> {
    /// A session that forgets what it has sent.
    pub fn new(
        relay: &'a R,
        clock: &'a C,
        light: &'a mut LightClient,
        timeout: Milliseconds,
    ) -> Self {
        Self {
            relay,
            clock,
            light,
            timeout,
            outbox: None,
        }
    }

    /// The same session with an outbox: what was sent is kept there until the chain has settled it,
    /// and is sent again with each new transaction. Whoever keeps the outbox stores it after each
    /// step, however that ends.
    #[must_use]
    pub fn with_outbox(self, outbox: &'a mut Outbox) -> Self {
        Self {
            outbox: Some(outbox),
            ..self
        }
    }
}

impl<R: Relay, C: Clock> Session<'_, R, C> {
    /// The network.
    pub fn genesis_hash(&self) -> GenesisHash {
        self.light.network().hash()
    }

    /// Catches up with the relay, and reads what is of interest at its head.
    ///
    /// # Errors
    /// Those of the relay; [`ClientError::Verification`] where it lies.
    pub async fn sync(&mut self, interests: &[Interest]) -> Result<Update, ClientError> {
        let mut round = self.light.round(interests);
        while let Some(query) = round.next_query() {
            let answer = self.ask(query).await?;
            let resolved = round.resolve(answer, self.clock.now());
            round = resolved.map_err(|error| self.lie(error))?;
        }
        let update = round.finish();
        let applied = self.light.apply(update.clone());
        applied.map_err(|error| self.lie(error))?;
        if let Some(outbox) = &mut self.outbox {
            outbox.forget_settled(self.light);
        }
        Ok(update)
    }

    /// Catches up until `found` names the block that something is in and that block is far enough.
    /// Returns what `found` found with it.
    ///
    /// # Errors
    /// [`ClientError::TimedOut`]; those of [`Session::sync`].
    pub async fn sync_until<T>(
        &mut self,
        interests: &[Interest],
        what: &'static str,
        wait: Wait,
        mut found: impl FnMut(&LightClient) -> Option<(BlockIndex, T)>,
    ) -> Result<(TransactionState, T), ClientError> {
        let started = self.clock.now();
        loop {
            self.sync(interests).await?;
            if let Some((index, value)) = found(self.light) {
                let state = self.light.head().state_of(index);
                if wait.is_met_by(state) {
                    return Ok((state, value));
                }
            }
            self.pause(started, what).await?;
        }
    }

    /// Sleeps a little, unless time is up.
    pub(crate) async fn pause(
        &self,
        started: keepwell_primitives::Timestamp,
        what: &'static str,
    ) -> Result<(), ClientError> {
        if self.clock.now().since(started) >= self.timeout {
            return Err(ClientError::TimedOut {
                what,
                seconds: self.timeout.0 / 1000,
            });
        }
        self.clock.sleep(POLL_INTERVAL).await;
        Ok(())
    }

    /// Downloads a record's sealed file into `sink`, every chunk checked against its leaf first.
    /// `progress` is told how many chunks of how many are there.
    ///
    /// # Errors
    /// [`ClientError::File`] for what is not the file; those of `sink` and of the relay.
    pub async fn download(
        &self,
        role: Role,
        key: &SecretKey,
        record: &OpenableRecord,
        sink: &mut impl ChunkSink,
        progress: impl FnMut(u32, u32),
    ) -> Result<(), ClientError> {
        let token = self.token(role, key).await?;
        files::download(self.relay, &token, record.blob_id, sink, progress).await
    }

    /// A token to act as `role`, whose key signs for it.
    pub(crate) async fn token(&self, role: Role, key: &SecretKey) -> Result<String, ClientError> {
        let challenge = api::challenge(self.relay, &ChallengeQuestion { role }).await?;
        let genesis_hash = self.genesis_hash();
        let bytes = challenge.challenge.as_bytes();
        let question = TokenQuestion {
            role,
            challenge: challenge.challenge,
            public_key: key.public_key(),
            signature: sign(key, &signing_digest(CHALLENGE_DOMAIN, &genesis_hash, bytes)),
        };
        Ok(api::token(self.relay, &question).await?.token)
    }

    /// Waits until the verified state shows a transaction: `found` looks for it.
    pub(crate) async fn wait_for<T>(
        &mut self,
        txid: Txid,
        interests: &[Interest],
        wait: Wait,
        mut found: impl FnMut(&LightClient) -> Option<(BlockIndex, T)>,
    ) -> Result<Option<T>, ClientError> {
        if wait == Wait::None {
            return Ok(None);
        }
        let started = self.clock.now();
        let mut unknown_answers = 0;
        loop {
            self.sync(interests).await?;
            match found(self.light) {
                Some((index, value)) => {
                    unknown_answers = 0;
                    if wait.is_met_by(self.light.head().state_of(index)) {
                        return Ok(Some(value));
                    }
                }
                None => {
                    let is_known = api::transaction(self.relay, &txid).await?.is_some();
                    unknown_answers = if is_known { 0 } else { unknown_answers + 1 };
                    if unknown_answers >= UNKNOWN_ANSWERS_MAX {
                        return Err(Refusal::Dropped { txid }.into());
                    }
                }
            }
            let what = match wait {
                Wait::Final => "the transaction to be final",
                _ => "the transaction to be mined",
            };
            self.pause(started, what).await?;
        }
    }

    async fn ask(&self, query: Query) -> Result<Answer, ClientError> {
        Ok(match query {
            Query::Head => Answer::Head(api::head(self.relay).await?),
            Query::Headers(query) => Answer::Headers(api::blocks(self.relay, &query).await?),
            Query::Proof(question) => match api::proof(self.relay, &question).await {
                Ok(answer) => Answer::Proof(answer),
                Err(ClientError::Problem { problem, .. }) if problem.code.0 == PROOF_TOO_LONG => {
                    Answer::ProofTooLarge
                }
                Err(error) => return Err(error),
            },
        })
    }

    fn lie(&self, error: keepwell_light::VerificationError) -> ClientError {
        ClientError::Verification {
            relay: String::from(self.relay.name()),
            error,
        }
    }
}
