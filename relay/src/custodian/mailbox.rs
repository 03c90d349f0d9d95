//! The mailbox: answers of custodians to this hospital's requests, until its staff fetch them.

use keepwell_custody::AnswerItem;
use keepwell_keys::HospitalId;
use keepwell_primitives::limits;
use keepwell_wire::{api::MailboxItem, peer::AnswerForRequester};

use super::{
    handle::{Custodian, CustodianError},
    table::{self, StoredItem},
};
use crate::{
    chain::ChainError,
    clock,
    store::{Batch, Order, StoreError, Table},
};

/// Items in one answer to the staff's client: 4 MiB.
const ITEMS_PER_ANSWER_MAX: usize = 256;

/// Items of one answer: each holds at least one of a request's records.
const ITEMS_PER_REQUEST_MAX: usize =
    limits::LISTED_RECORDS_MAX.div_ceil(keepwell_custody::ANSWER_ITEM_FRAGMENTS_MAX);

/// What became of an answer that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// It is in the mailbox.
    Taken,
    /// It was there already.
    HadIt,
    /// It answers nothing that this hospital asked of that custodian.
    Refused(&'static str),
}

impl Custodian {
    /// Puts an answer into the mailbox, if a custodian of a request of this hospital sent it.
    pub(super) fn post(
        &self,
        from: HospitalId,
        answer: &AnswerForRequester,
    ) -> Result<Posted, CustodianError> {
        let own_id = self.shared.chain.hospital_id();
        if answer.request.service_requester_id != own_id {
            return Ok(Posted::Refused("the request is another hospital's"));
        }
        let state = self.shared.chain.head_state()?;
        let request = state
            .request(&own_id, answer.request.index)
            .map_err(ChainError::from)?;
        let request = request.filter(|request| request.txid == answer.request.txid);
        let Some(request) = request else {
            return Ok(Posted::Refused("the request is not known here"));
        };
        if !request.custodians.contains(&from) {
            return Ok(Posted::Refused(
                "the sender is not a custodian of the request",
            ));
        }
        let Ok(item) = AnswerItem::from_canonical_bytes(&answer.bytes) else {
            return Ok(Posted::Refused("the answer is malformed"));
        };
        if item.index >= item.count || item.count as usize > ITEMS_PER_REQUEST_MAX {
            return Ok(Posted::Refused(
                "the answer has more items than a request has records",
            ));
        }
        if item.custodian != from || item.request != answer.request.txid.0 {
            return Ok(Posted::Refused(
                "the answer is of another custodian or request",
            ));
        }
        // Each custodian has one place for each item of an answer: nobody can fill the mailbox.
        let name = [answer.request.txid.as_bytes().as_slice(), from.as_bytes()].concat();
        let seen = [
            &[table::ITEM_SEEN],
            name.as_slice(),
            &item.index.to_be_bytes(),
        ]
        .concat();
        let _deciding = self.decide();
        if self.store().get(Table::Mailbox, &seen)?.is_some() {
            return Ok(Posted::HadIt);
        }
        let sequence = self.next_sequence()?;
        let stored = StoredItem {
            custodian_id: from,
            request_txid: answer.request.txid,
            received_at: clock::now(),
            bytes: answer.bytes.clone(),
        };
        let mut batch = Batch::new();
        batch.put(Table::Mailbox, item_key(sequence), table::encode(&stored));
        batch.put(Table::Mailbox, seen, sequence.to_be_bytes());
        batch.put(
            Table::Meta,
            table::NEXT_SEQUENCE,
            (sequence + 1).to_be_bytes(),
        );
        self.store().commit(batch)?;
        self.shared.mail.send_modify(|items| *items += 1);
        Ok(Posted::Taken)
    }

    /// The items after `since`, oldest first.
    ///
    /// # Errors
    /// [`CustodianError::Store`].
    pub fn items_after(&self, since: u64) -> Result<Vec<MailboxItem>, CustodianError> {
        let (from, to) = (item_key(since.saturating_add(1)), item_key(u64::MAX));
        let range = from.as_slice()..=to.as_slice();
        let entries = self.store().scan(Table::Mailbox, range, Order::Ascending);
        entries
            .take(ITEMS_PER_ANSWER_MAX)
            .map(|entry| {
                let (key, value) = entry?;
                let sequence = key
                    .last_chunk()
                    .map_or(0, |bytes| u64::from_be_bytes(*bytes));
                let item: StoredItem = table::decode(&value)?;
                Ok(MailboxItem {
                    sequence,
                    custodian_id: item.custodian_id,
                    request_txid: item.request_txid,
                    received_at: item.received_at,
                    bytes: item.bytes,
                })
            })
            .collect()
    }

    fn next_sequence(&self) -> Result<u64, StoreError> {
        let bytes = self.store().get(Table::Meta, table::NEXT_SEQUENCE)?;
        let bytes: Option<[u8; 8]> = bytes.and_then(|bytes| bytes.try_into().ok());
        Ok(bytes.map_or(1, u64::from_be_bytes))
    }
}

fn item_key(sequence: u64) -> Vec<u8> {
    [[table::ITEM].as_slice(), &sequence.to_be_bytes()].concat()
}
