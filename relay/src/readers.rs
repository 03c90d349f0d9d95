//! Who may download which sealed file: found through an index from files to the records that
//! point at them, decided by the state.

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    block::BlockHash,
    state::{Record, State},
    transaction::{Payload, RecordReference, Transaction, Txid},
};
use keepwell_primitives::{BlobId, BlockIndex, Hash};
use keepwell_wire::api::Role;

use crate::{
    chain::{Chain, ChainError},
    clock,
    store::{Batch, NodeTable, Order, Table},
};

/// In `Table::Files`: `r ‖ blob id ‖ patient id ‖ txid`, for each record that was ever submitted.
const RECORD: u8 = b'r';

/// In `Table::Files`: `b ‖ block hash`, for each block whose records are in the index.
const INDEXED: u8 = b'b';

/// Blocks whose records go into the index in one write.
const BLOCKS_PER_COMMIT: usize = 256;

/// May this role download this file now?
///
/// # Errors
/// [`ChainError`].
pub fn may_read(chain: &Chain, role: Role, blob_id: BlobId) -> Result<bool, ChainError> {
    index_new_blocks(chain)?;
    let state = chain.head_state()?;
    let prefix = [[RECORD].as_slice(), blob_id.as_bytes()].concat();
    for entry in chain
        .store()
        .scan_prefix(Table::Files, &prefix, Order::Ascending)
    {
        let (key, _) = entry?;
        let Some((patient, txid)) = names(&key) else {
            continue;
        };
        let Some((index, record)) = find_record(&state, &patient, &txid)? else {
            continue;
        };
        if record.blob_id != blob_id {
            continue;
        }
        let may = match role {
            Role::Patient(id) => id == patient,
            Role::Hospital(id) if id == record.service_provider_id => true,
            Role::Hospital(id) => has_live_grant(chain, &state, &patient, &record, index, &id)?,
        };
        if may {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Does any record that was ever mined name this file?
///
/// # Errors
/// [`ChainError`].
pub fn has_record(chain: &Chain, blob_id: BlobId) -> Result<bool, ChainError> {
    index_new_blocks(chain)?;
    let prefix = [[RECORD].as_slice(), blob_id.as_bytes()].concat();
    let mut entries = chain
        .store()
        .scan_prefix(Table::Files, &prefix, Order::Ascending);
    Ok(entries.next().transpose()?.is_some())
}

fn has_live_grant(
    chain: &Chain,
    state: &State<NodeTable>,
    patient: &PatientId,
    record: &Record,
    index: u32,
    hospital: &HospitalId,
) -> Result<bool, ChainError> {
    let Some(scope) = state.scope(patient, &record.disease_id)? else {
        return Ok(false);
    };
    let Some(grant) = scope.live_grant(hospital, clock::now()) else {
        return Ok(false);
    };
    let is_covered = grant.coverage.covers(&RecordReference {
        index,
        txid: record.txid,
    });
    let is_revoked =
        chain.read(|node| node.revocation_waits(patient, &record.disease_id, hospital));
    Ok(is_covered && !is_revoked)
}

/// The record of a transaction. Personas have few records; the newest are asked for most.
fn find_record(
    state: &State<NodeTable>,
    patient: &PatientId,
    txid: &Txid,
) -> Result<Option<(u32, Record)>, ChainError> {
    let Some(account) = state.account(patient)? else {
        return Ok(None);
    };
    for index in (0..account.record_count).rev() {
        if let Some(record) = state
            .record(patient, index)?
            .filter(|record| record.txid == *txid)
        {
            return Ok(Some((index, record)));
        }
    }
    Ok(None)
}

/// Puts the records of new blocks into the index: back from the head to the first block that is
/// there. What a replaced block has put in stays, and is judged by the state like everything else.
fn index_new_blocks(chain: &Chain) -> Result<(), ChainError> {
    let mut new = Vec::new();
    let mut next = Some(chain.head().hash);
    while let Some(hash) = next {
        if chain
            .store()
            .get(Table::Files, &indexed_key(&hash))?
            .is_some()
        {
            break;
        }
        let Some(block) = chain.block(&hash)? else {
            break;
        };
        let header = block.header();
        new.push(hash);
        next = (header.index > BlockIndex::GENESIS).then_some(header.previous_hash);
    }
    // Oldest first: a block is in the index only if all before it are.
    new.reverse();
    for hashes in new.chunks(BLOCKS_PER_COMMIT) {
        index_blocks(chain, hashes)?;
    }
    Ok(())
}

fn index_blocks(chain: &Chain, hashes: &[BlockHash]) -> Result<(), ChainError> {
    let mut batch = Batch::new();
    for hash in hashes {
        let Some(block) = chain.block(hash)? else {
            continue;
        };
        for transaction in block.transactions() {
            let Transaction::Sent(envelope) = transaction.transaction() else {
                continue;
            };
            let Payload::SubmitRecord(submit) = &envelope.payload else {
                continue;
            };
            let txid = transaction.txid();
            let key = [
                [RECORD].as_slice(),
                submit.blob_id.as_bytes(),
                submit.patient_id.as_bytes(),
                txid.as_bytes(),
            ];
            batch.put(Table::Files, key.concat(), Vec::new());
        }
        batch.put(Table::Files, indexed_key(hash), Vec::new());
    }
    Ok(chain.store().commit(batch)?)
}

fn names(key: &[u8]) -> Option<(PatientId, Txid)> {
    let (before, txid) = key.split_last_chunk::<32>()?;
    let (_, patient) = before.split_last_chunk::<32>()?;
    Some((PatientId::from_bytes(*patient), Txid(Hash(*txid))))
}

fn indexed_key(block: &BlockHash) -> Vec<u8> {
    [[INDEXED].as_slice(), block.as_bytes()].concat()
}
