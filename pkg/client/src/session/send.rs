//! Signing under the next nonce, and sending with all that is not settled.

use alloc::vec::Vec;

use keepwell_keys::{PublicKey, SecretKey};
use keepwell_ledger::transaction::{Ordering, Payload, Transaction, Txid};
use keepwell_light::Interest;
use keepwell_primitives::BlockIndex;

use super::Session;
use crate::{ClientError, Clock, Refusal, Relay, api, outbox::next_nonce};

/// A transaction lapses after this many blocks: twenty minutes of full ones, and as long as the
/// chain rests before that.
const VALID_FOR_BLOCKS: u64 = 600;

/// How often a transaction is signed anew because its nonce was taken in the meantime.
const SIGN_ATTEMPTS_MAX: u32 = 3;

/// Who signs transactions.
pub(crate) struct Signer<'k> {
    pub(crate) key: &'k SecretKey,
    /// Where the verified state has the sender's nonce.
    pub(crate) interest: Interest,
}

impl<R: Relay, C: Clock> Session<'_, R, C> {
    /// Sends what of this sender's is not settled again, to this session's relay: one that has them
    /// all changes nothing. Only this sender's: another persona's would tell the relay that both
    /// are one patient. Says how many the relay has taken, or had.
    ///
    /// What the rules refuse by now stays in the outbox until its nonce is used or it lapses:
    /// another relay may still mine it.
    ///
    /// # Errors
    /// Those of the relay, but not its refusals.
    pub async fn resend(&mut self, sender: &Interest) -> Result<usize, ClientError> {
        let unsettled = self.outbox.as_ref().map(|outbox| outbox.of(sender));
        let mut taken = 0;
        for outgoing in unsettled.unwrap_or_default() {
            match api::submit(self.relay, outgoing.to_bytes()).await {
                Ok(_) => taken += 1,
                Err(ClientError::Problem { problem, .. }) if problem.status < 500 => {}
                Err(error) => return Err(error),
            }
        }
        Ok(taken)
    }

    /// Signs a payload under the sender's next nonce and sends it, after what is not settled. Where
    /// that nonce was taken in the meantime, on another device of the sender, it is signed anew.
    pub(crate) async fn send(
        &mut self,
        signer: &Signer<'_>,
        payload: Payload,
    ) -> Result<Txid, ClientError> {
        self.resend(&signer.interest).await?;
        let mut attempts = 1;
        loop {
            let nonce = self.next_nonce(signer).await?;
            let transaction = self.sign(signer, nonce, payload.clone())?;
            match api::submit(self.relay, transaction.to_bytes()).await {
                Ok(_) => {
                    // Only what a relay has taken: what the patient was told has failed must not
                    // be sent behind their back.
                    if let Some(outbox) = &mut self.outbox {
                        outbox.keep(&transaction);
                    }
                    return Ok(transaction.txid());
                }
                Err(error @ ClientError::Problem { .. }) if attempts < SIGN_ATTEMPTS_MAX => {
                    self.sync(&[signer.interest]).await?;
                    if self.next_nonce(signer).await? == nonce {
                        return Err(error);
                    }
                    attempts += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn sign(
        &self,
        signer: &Signer<'_>,
        nonce: u64,
        payload: Payload,
    ) -> Result<Transaction, ClientError> {
        let order = Ordering {
            nonce,
            valid_until_index: BlockIndex(self.light.head().index().0 + VALID_FOR_BLOCKS),
        };
        let genesis_hash = self.genesis_hash();
        let signed = Transaction::sign(payload, order, genesis_hash, signer.key);
        // What the relay would refuse by its form is refused here, in the same words.
        let checked = Transaction::from_bytes(&signed.to_bytes(), &genesis_hash);
        Ok(checked.map_err(Refusal::Transaction)?)
    }

    /// The nonce after those of the verified state and of what the relay says is waiting: a lie
    /// there makes the transaction wait or be refused, no more.
    async fn next_nonce(&self, signer: &Signer<'_>) -> Result<u64, ClientError> {
        let verified = next_nonce(self.light, &signer.interest).unwrap_or(0);
        let public_key = signer.key.public_key();
        let waiting = self.waiting_nonces(&public_key).await?;
        let taken = |nonce: &u64| waiting.contains(nonce);
        let mut nonces = verified..verified.saturating_add(waiting.len() as u64);
        Ok(nonces
            .find(|nonce| !taken(nonce))
            .unwrap_or(verified.saturating_add(waiting.len() as u64)))
    }

    async fn waiting_nonces(&self, sender: &PublicKey) -> Result<Vec<u64>, ClientError> {
        let mempool = self.mempool().await?.into_iter();
        let nonces = mempool.filter_map(|transaction| match transaction {
            Transaction::Sent(sent) if sent.sender_public_key == *sender => Some(sent.order.nonce),
            _ => None,
        });
        Ok(nonces.collect())
    }
}
