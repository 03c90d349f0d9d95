//! Keeping fragments: only those that a grant on the chain gives to this custodian.

use keepwell_custody::{FragmentCommitment, GrantTerms, SealedFragment};
use keepwell_keys::{Signature, sign, signing_digest};
use keepwell_ledger::{
    state::State,
    transaction::{GrantAccess, Payload, Transaction, Txid},
};
use keepwell_primitives::{BoundedList, Hash};
use keepwell_wire::peer::{FRAGMENT_KEPT_DOMAIN, FragmentForCustodian};

use super::{
    handle::{Custodian, CustodianError},
    table,
};
use crate::{
    chain::ChainError,
    store::{Batch, NodeTable, Order, Table},
};

/// What became of a fragment.
pub(super) enum Kept {
    /// It is kept; the custodian's word for it.
    Acknowledged(Signature),
    /// The grant is not known here yet.
    NotYet(String),
    /// It will never be good.
    Rejected(String),
}

/// Whether a mined grant is the one that its access rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is.
    Stands,
    /// It was revoked or replaced, in a block that may yet be replaced itself.
    Shaken,
    /// It was revoked or replaced for good.
    NoMore,
}

impl Custodian {
    /// Checks a fragment against its grant and keeps it, sealed as it came.
    pub(super) fn keep(&self, delivery: &FragmentForCustodian) -> Result<Kept, CustodianError> {
        let Some(grant) = self.mined_grant(&delivery.grant_txid)? else {
            return Ok(Kept::NotYet("the grant is not mined here yet".to_owned()));
        };
        let own_id = self.shared.chain.hospital_id();
        let Some(position) = grant
            .custodians
            .iter()
            .position(|custodian| *custodian == own_id)
        else {
            return Ok(Kept::Rejected(
                "this hospital is not a custodian of the grant".to_owned(),
            ));
        };
        let Some(terms) = self.terms(&grant)? else {
            return Ok(Kept::NotYet(
                "the grant's scope is not known here yet".to_owned(),
            ));
        };
        let sealed = match SealedFragment::from_bytes(&delivery.sealed_fragment) {
            Ok(sealed) => sealed,
            Err(error) => return Ok(Kept::Rejected(error.to_string())),
        };
        let opened = match sealed.open(&self.shared.custody_key) {
            Ok(opened) => opened,
            Err(error) => return Ok(Kept::Rejected(error.to_string())),
        };
        if let Err(error) = opened.check(&terms, position) {
            return Ok(Kept::Rejected(error.to_string()));
        }
        let key = table::fragment_key(
            &grant.patient_id,
            &grant.disease_id,
            &grant.service_requester_id,
            &delivery.grant_txid,
        );
        {
            // Held against the forgetting of what was revoked: a fragment that came too late for
            // it would stay for ever.
            let _deciding = self.decide();
            match self.standing(&delivery.grant_txid, &grant)? {
                Standing::Stands => {}
                Standing::Shaken => {
                    return Ok(Kept::NotYet("the grant does not stand now".to_owned()));
                }
                Standing::NoMore => {
                    let reason = "the grant was revoked or replaced";
                    return Ok(Kept::Rejected(reason.to_owned()));
                }
            }
            let is_there = self.store().get(Table::Fragments, &key)?;
            if is_there.as_deref() != Some(&*delivery.sealed_fragment) {
                let mut batch = Batch::new();
                batch.put(Table::Fragments, key, delivery.sealed_fragment.to_vec());
                self.store().commit(batch)?;
            }
        }
        self.wake();
        Ok(Kept::Acknowledged(sign(
            &self.shared.node_key,
            &self.kept_digest(delivery),
        )))
    }

    /// What a custodian signs to say that it keeps a fragment.
    pub(super) fn kept_digest(&self, delivery: &FragmentForCustodian) -> Hash {
        let bytes = [
            delivery.grant_txid.as_bytes().as_slice(),
            &delivery.sealed_fragment,
        ]
        .concat();
        signing_digest(
            FRAGMENT_KEPT_DOMAIN,
            &self.shared.chain.genesis_hash(),
            &bytes,
        )
    }

    /// Deletes the fragments of an access, those of the grant that stands now and of grants that
    /// are not final yet excepted.
    pub(super) fn forget_fragments(
        &self,
        access: &[u8],
        stands: Option<Txid>,
    ) -> Result<(), CustodianError> {
        let final_index = self.shared.chain.head().final_index;
        let _deciding = self.decide();
        let mut batch = Batch::new();
        for entry in self
            .store()
            .scan_prefix(Table::Fragments, access, Order::Ascending)
        {
            let (key, _) = entry?;
            let Some(grant) = key.last_chunk::<32>().map(|txid| Txid(Hash(*txid))) else {
                continue;
            };
            let found = self
                .shared
                .chain
                .find(&grant)?
                .and_then(|found| found.block);
            let is_final = found.is_some_and(|(index, _)| index <= final_index);
            if is_final && stands != Some(grant) {
                batch.remove(Table::Fragments, key);
            }
        }
        if !batch.is_empty() {
            self.store().commit(batch)?;
        }
        Ok(())
    }

    /// Whether a mined grant is still the one that its access rests on.
    pub(super) fn standing(
        &self,
        txid: &Txid,
        grant: &GrantAccess,
    ) -> Result<Standing, CustodianError> {
        let chain = &self.shared.chain;
        let rests_on_it = |state: State<NodeTable>| {
            let scope = state.scope(&grant.patient_id, &grant.disease_id)?;
            let entry = scope.as_ref();
            let entry = entry.and_then(|scope| scope.entry(&grant.service_requester_id));
            Ok::<_, ChainError>(
                entry.is_some_and(|entry| entry.consent.grant().is_some_and(|g| g.txid == *txid)),
            )
        };
        if rests_on_it(chain.head_state()?)? {
            return Ok(Standing::Stands);
        }
        let final_index = chain.head().final_index;
        let block = chain.find(txid)?.and_then(|found| found.block);
        let was_final = block.is_some_and(|(index, _)| index <= final_index);
        Ok(if was_final && !rests_on_it(chain.final_state()?)? {
            Standing::NoMore
        } else {
            Standing::Shaken
        })
    }

    /// A grant that stands in a block of the best chain.
    pub(super) fn mined_grant(&self, txid: &Txid) -> Result<Option<GrantAccess>, CustodianError> {
        let found = self
            .shared
            .chain
            .find(txid)?
            .filter(|found| found.block.is_some());
        let Some(found) = found else { return Ok(None) };
        let transaction = Transaction::from_bytes(&found.bytes, &self.shared.chain.genesis_hash());
        Ok(match transaction {
            Ok(Transaction::Sent(envelope)) => match envelope.payload {
                Payload::GrantAccess(grant) => Some(grant),
                _ => None,
            },
            _ => None,
        })
    }

    /// The terms that a grant's fragments are checked against.
    pub(super) fn terms(&self, grant: &GrantAccess) -> Result<Option<GrantTerms>, CustodianError> {
        let state = self.shared.chain.head_state()?;
        let scope = state.scope(&grant.patient_id, &grant.disease_id);
        let Some(scope) = scope.map_err(ChainError::from)? else {
            return Ok(None);
        };
        let commitments = grant.fragment_commitments.iter();
        let commitments = commitments
            .map(|commitment| FragmentCommitment(*commitment))
            .collect();
        Ok(Some(GrantTerms {
            scope_key: scope.public_key,
            receiving_key: grant.receiving_key,
            verifying_key: grant.verifying_key,
            // A grant has at most 16 custodians, and its threshold is no larger.
            threshold: u8::try_from(grant.threshold).unwrap_or(u8::MAX),
            commitments: BoundedList::new(commitments).unwrap_or_default(),
        }))
    }
}
