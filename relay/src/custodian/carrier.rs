//! Carrying fragments from a patient to the custodians, until each has answered.

use keepwell_keys::{PatientId, SignatureCheck};
use keepwell_ledger::transaction::{Payload, Transaction, Txid};
use keepwell_primitives::Milliseconds;
use keepwell_wire::{
    api::{DeliveryState, FragmentDelivery, FragmentStatus},
    peer::{Answer, FragmentForCustodian, Question},
};

use super::{
    fragments::{Kept, Standing},
    handle::{Custodian, CustodianError},
    table::{self, CarriedFragment},
};
use crate::{
    clock,
    host::Host,
    store::{Batch, Order, Table},
};

/// How long a fragment is kept whose grant is not known any more: it lapsed before it was mined.
const GRANT_WAIT: Milliseconds = Milliseconds::HOUR;

const WAITING: u8 = 0;
const ACKNOWLEDGED: u8 = 1;
const REJECTED: u8 = 2;

/// Why fragments are not carried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarryRefused {
    /// The grant is not here: it is to be sent first.
    #[error("grant {grant_txid} is not known to this relay: send the grant first")]
    GrantUnknown {
        /// The grant.
        grant_txid: Txid,
    },
    /// The grant is another patient's.
    #[error("grant {grant_txid} was given by another patient")]
    GrantOfOther {
        /// The grant.
        grant_txid: Txid,
    },
    /// The hospital is no custodian of the grant.
    #[error("a fragment is for a hospital that is not a custodian of grant {grant_txid}")]
    NotACustodian {
        /// The grant.
        grant_txid: Txid,
    },
}

impl Custodian {
    /// Takes fragments that a patient hands over, all or none.
    ///
    /// # Errors
    /// [`CustodianError`]; the inner error says which fragment is not taken.
    pub fn carry(
        &self,
        patient: &PatientId,
        deliveries: &[FragmentDelivery],
    ) -> Result<Result<(), CarryRefused>, CustodianError> {
        let _deciding = self.decide();
        let mut batch = Batch::new();
        for delivery in deliveries {
            if let Err(refused) = self.check_delivery(patient, delivery)? {
                return Ok(Err(refused));
            }
            let carried = CarriedFragment {
                grant_txid: delivery.grant_txid,
                custodian_id: delivery.custodian_id,
                sealed_fragment: delivery.sealed_fragment.clone(),
                state: WAITING,
                taken_at: clock::now(),
            };
            let key = table::carried_key(patient, &delivery.grant_txid, &delivery.custodian_id);
            batch.put(Table::Requests, key, table::encode(&carried));
        }
        if !batch.is_empty() {
            self.store().commit(batch)?;
        }
        self.wake();
        Ok(Ok(()))
    }

    /// How far the fragments of a patient are.
    ///
    /// # Errors
    /// [`CustodianError::Store`].
    pub fn carried_for(&self, patient: &PatientId) -> Result<Vec<FragmentStatus>, CustodianError> {
        let prefix = [[table::CARRIED].as_slice(), patient.as_bytes()].concat();
        let entries = self
            .store()
            .scan_prefix(Table::Requests, &prefix, Order::Ascending);
        entries
            .map(|entry| {
                let carried: CarriedFragment = table::decode(&entry?.1)?;
                Ok(FragmentStatus {
                    grant_txid: carried.grant_txid,
                    custodian_id: carried.custodian_id,
                    state: match carried.state {
                        WAITING => DeliveryState::Waiting,
                        ACKNOWLEDGED => DeliveryState::Acknowledged,
                        _ => DeliveryState::Rejected,
                    },
                })
            })
            .collect()
    }

    /// Tries every fragment that still waits.
    pub(super) async fn deliver_fragments(&self, host: &Host) -> Result<(), CustodianError> {
        let waiting = self.blocking(Self::waiting_fragments).await?;
        for (key, carried) in waiting {
            let delivery = FragmentForCustodian {
                grant_txid: carried.grant_txid,
                sealed_fragment: carried.sealed_fragment.clone(),
            };
            let state = match self.deliver_fragment(host, &carried, delivery).await? {
                WAITING => continue,
                state => state,
            };
            self.blocking(move |custodian| custodian.note_delivery(key, carried, state))
                .await?;
        }
        Ok(())
    }

    /// Notes what a custodian said, unless the patient has handed over another fragment meanwhile.
    fn note_delivery(
        &self,
        key: Vec<u8>,
        carried: CarriedFragment,
        state: u8,
    ) -> Result<(), CustodianError> {
        let _deciding = self.decide();
        let Some(now_there) = self.store().get(Table::Requests, &key)? else {
            return Ok(());
        };
        let now_there: CarriedFragment = table::decode(&now_there)?;
        if now_there.sealed_fragment != carried.sealed_fragment {
            return Ok(());
        }
        let noted = CarriedFragment { state, ..now_there };
        let mut batch = Batch::new();
        batch.put(Table::Requests, key, table::encode(&noted));
        Ok(self.store().commit(batch)?)
    }

    fn check_delivery(
        &self,
        patient: &PatientId,
        delivery: &FragmentDelivery,
    ) -> Result<Result<(), CarryRefused>, CustodianError> {
        let grant_txid = delivery.grant_txid;
        let Some(found) = self.shared.chain.find(&grant_txid)? else {
            return Ok(Err(CarryRefused::GrantUnknown { grant_txid }));
        };
        let transaction = Transaction::from_bytes(&found.bytes, &self.shared.chain.genesis_hash());
        let Ok(Transaction::Sent(envelope)) = transaction else {
            return Ok(Err(CarryRefused::GrantUnknown { grant_txid }));
        };
        let Payload::GrantAccess(grant) = envelope.payload else {
            return Ok(Err(CarryRefused::GrantUnknown { grant_txid }));
        };
        if grant.patient_id != *patient {
            return Ok(Err(CarryRefused::GrantOfOther { grant_txid }));
        }
        if !grant.custodians.contains(&delivery.custodian_id) {
            return Ok(Err(CarryRefused::NotACustodian { grant_txid }));
        }
        Ok(Ok(()))
    }

    /// The fragments that still wait. Those whose grant never came to stand, or does not stand any
    /// more for good, are forgotten.
    fn waiting_fragments(&self) -> Result<Vec<(Vec<u8>, CarriedFragment)>, CustodianError> {
        let _deciding = self.decide();
        let mut batch = Batch::new();
        let entries =
            self.store()
                .scan_prefix(Table::Requests, &[table::CARRIED], Order::Ascending);
        let mut waiting = Vec::new();
        for entry in entries {
            let (key, value) = entry?;
            let carried: CarriedFragment = table::decode(&value)?;
            if carried.state != WAITING {
                continue;
            }
            if self.is_pointless(&carried)? {
                batch.remove(Table::Requests, key);
            } else {
                waiting.push((key, carried));
            }
        }
        if !batch.is_empty() {
            self.store().commit(batch)?;
        }
        Ok(waiting)
    }

    fn is_pointless(&self, carried: &CarriedFragment) -> Result<bool, CustodianError> {
        let chain = &self.shared.chain;
        if chain.find(&carried.grant_txid)?.is_none() {
            return Ok(clock::now().since(carried.taken_at) > GRANT_WAIT);
        }
        let Some(grant) = self.mined_grant(&carried.grant_txid)? else {
            return Ok(false);
        };
        Ok(self.standing(&carried.grant_txid, &grant)? == Standing::NoMore)
    }

    async fn deliver_fragment(
        &self,
        host: &Host,
        carried: &CarriedFragment,
        delivery: FragmentForCustodian,
    ) -> Result<u8, CustodianError> {
        if carried.custodian_id == self.shared.chain.hospital_id() {
            let kept = self
                .blocking(move |custodian| custodian.keep(&delivery))
                .await?;
            return Ok(match kept {
                Kept::Acknowledged(_) => ACKNOWLEDGED,
                Kept::NotYet(_) => WAITING,
                Kept::Rejected(_) => REJECTED,
            });
        }
        let custodian_id = carried.custodian_id;
        let Some(peer) = host.directory.peer(&custodian_id) else {
            return Ok(WAITING);
        };
        let question = Question::KeepFragment(delivery.clone());
        let answer = match host.peers.request(peer, question.to_bytes()).await {
            Ok(bytes) => Answer::from_bytes(&bytes),
            Err(error) => {
                tracing::debug!(%custodian_id, %error, "a fragment waits for its custodian");
                return Ok(WAITING);
            }
        };
        match answer {
            Ok(Answer::FragmentKept(signature)) => {
                let Some(public_key) = host.directory.node_key(&custodian_id) else {
                    return Ok(WAITING);
                };
                let digest = self.kept_digest(&delivery);
                let word = SignatureCheck {
                    public_key,
                    digest,
                    signature,
                };
                Ok(if word.verify().is_ok() {
                    ACKNOWLEDGED
                } else {
                    WAITING
                })
            }
            Ok(Answer::FragmentRejected(reason)) => {
                let reason = String::from_utf8_lossy(&reason).into_owned();
                tracing::warn!(%custodian_id, reason, "a custodian rejected a fragment");
                Ok(REJECTED)
            }
            Ok(_) | Err(_) => Ok(WAITING),
        }
    }
}
