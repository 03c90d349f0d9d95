//! What new final blocks ask of a custodian: requests to answer, fragments to forget.

use std::time::Duration;

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    block::{Block, BlockHash},
    state::Consent,
    transaction::{DiseaseId, Payload, Transaction, Txid},
};
use keepwell_primitives::{BlockIndex, Hash};
use tokio::time::{MissedTickBehavior, interval};

use super::{
    handle::{Custodian, CustodianError},
    table::{self, WaitingRequest},
};
use crate::{
    chain::ChainError,
    host::Host,
    store::{Batch, Order, Table},
};

/// How often everything undone is tried again, besides whenever there is news.
const AGAIN_EVERY: Duration = Duration::from_secs(2);

impl Custodian {
    /// Does the custodian's work for as long as the process runs.
    ///
    /// # Errors
    /// [`CustodianError`] when the store fails: what is promised could not be kept then.
    pub async fn run(self, host: Host) -> Result<(), CustodianError> {
        let mut news = self.shared.chain.news();
        let mut tick = interval(AGAIN_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                changed = news.changed() => if changed.is_err() { return Ok(()) },
                () = self.shared.wake.notified() => {}
                _ = tick.tick() => {}
            }
            self.blocking(Self::look_at_final_blocks).await?;
            self.blocking(Self::answer_waiting).await?;
            self.announce_and_deliver(&host).await?;
            self.deliver_fragments(&host).await?;
        }
    }

    /// Looks at each final block once. Should blocks be replaced after all that have been looked
    /// at, those in their place are looked at, too: requests seen again are the same requests, and
    /// answers are accepted once.
    fn look_at_final_blocks(&self) -> Result<(), CustodianError> {
        loop {
            let Some(index) = self.next_block()? else {
                return Ok(());
            };
            if index > self.shared.chain.head().final_index {
                return Ok(());
            }
            let Some(hash) = self.shared.chain.block_hash(index)? else {
                return Ok(());
            };
            let Some(block) = self.shared.chain.block(&hash)? else {
                return Ok(());
            };
            let mut batch = Batch::new();
            self.look_at(&block, &mut batch)?;
            batch.put(Table::Meta, table::LAST_BLOCK, hash.as_bytes().to_vec());
            self.store().commit(batch)?;
        }
    }

    fn look_at(&self, block: &Block, batch: &mut Batch) -> Result<(), CustodianError> {
        for transaction in block.transactions() {
            let Transaction::Sent(envelope) = transaction.transaction() else {
                continue;
            };
            match &envelope.payload {
                Payload::RequestKey(request) => {
                    let waiting = WaitingRequest {
                        service_requester_id: request.service_requester_id,
                        txid: transaction.txid(),
                        time: block.header().timestamp,
                    };
                    let key = table::by_request(table::WAITING, &transaction.txid());
                    batch.put(Table::Requests, key, table::encode(&waiting));
                }
                Payload::GrantAccess(grant) => self.forget_replaced(
                    &grant.patient_id,
                    &grant.disease_id,
                    &grant.service_requester_id,
                )?,
                Payload::RevokeAccess(revoke) => self.forget_replaced(
                    &revoke.patient_id,
                    &revoke.disease_id,
                    &revoke.service_requester_id,
                )?,
                Payload::SubmitRecord(_) => {}
            }
        }
        Ok(())
    }

    /// Forgets the fragments of an access that its final consent no longer rests on.
    fn forget_replaced(
        &self,
        patient: &PatientId,
        disease: &DiseaseId,
        requester: &HospitalId,
    ) -> Result<(), CustodianError> {
        let state = self.shared.chain.final_state()?;
        let scope = state.scope(patient, disease).map_err(ChainError::from)?;
        let consent = scope.as_ref().and_then(|scope| scope.entry(requester));
        let stands: Option<Txid> = consent.and_then(|entry| match &entry.consent {
            Consent::Granted(grant) => Some(grant.txid),
            Consent::Revoked { .. } => None,
        });
        self.forget_fragments(
            &table::fragments_prefix(patient, disease, requester),
            stands,
        )
    }

    /// The requests that wait for this custodian.
    pub(super) fn waiting_requests(&self) -> Result<Vec<WaitingRequest>, CustodianError> {
        let entries =
            self.store()
                .scan_prefix(Table::Requests, &[table::WAITING], Order::Ascending);
        entries.map(|entry| Ok(table::decode(&entry?.1)?)).collect()
    }

    /// The first block of the best chain after the last one looked at; none while the chain
    /// switches.
    fn next_block(&self) -> Result<Option<BlockIndex>, CustodianError> {
        let bytes = self.store().get(Table::Meta, table::LAST_BLOCK)?;
        let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
        let Some(bytes) = bytes else {
            return Ok(Some(BlockIndex::GENESIS));
        };
        let chain = &self.shared.chain;
        let mut hash = BlockHash(Hash(bytes));
        loop {
            let Some(block) = chain.block(&hash)? else {
                return Ok(None);
            };
            let header = block.header();
            if chain.block_hash(header.index)? == Some(hash) {
                return Ok(Some(header.index.next()));
            }
            if header.index == BlockIndex::GENESIS {
                return Ok(None);
            }
            hash = header.previous_hash;
        }
    }
}
