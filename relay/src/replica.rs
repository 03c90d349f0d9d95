//! Sealed files between relays: each is kept by two, and a read falls through to a peer.
//!
//! Peers pass each other ciphertext; who may download is checked by the relay that is asked.

use bytes::Bytes;
use futures::StreamExt;
use keepwell_custody::{BlobLeaf, BlobLeaves, BlobSize};
use keepwell_keys::HospitalId;
use keepwell_primitives::{BlobId, BoundedBytes, Hash, Maybe, limits};
use keepwell_wire::peer::{Answer, FileChunk, Question};
use libp2p::PeerId;

use crate::{
    chain::{Chain, ChainError},
    clock,
    files::{Files, FilesError},
    host::{Host, blocking, refused},
    peers::PeerError,
    store::{Batch, Order, Table},
};

/// In `Table::Files`: files that are here but not yet at a second relay.
const UNREPLICATED: u8 = b'u';

/// Why a file was not fetched from a peer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The peer was not reached.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The file store failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The peer does not have the file.
    #[error("the peer does not have the file")]
    NotThere,
    /// The peer's answer is not of this file.
    #[error("the peer's answer is not of this file: {0}")]
    Wrong(String),
}

/// The leaves of a file that is kept here.
pub(crate) async fn leaves(host: &Host, blob_id: BlobId) -> Answer {
    match local_leaves(&host.files, blob_id).await {
        Ok(leaves) => {
            let bytes = BoundedBytes::new(leaves.to_canonical_bytes()).ok();
            Answer::FileLeaves(Maybe(bytes))
        }
        Err(FilesError::NotFound { .. }) => Answer::FileLeaves(Maybe(None)),
        Err(error) => {
            tracing::error!(%blob_id, %error, "the leaves of a file could not be read");
            refused("the file cannot be read now")
        }
    }
}

/// A chunk of a file that is kept here.
pub(crate) async fn chunk(host: &Host, wanted: FileChunk) -> Answer {
    match local_chunk(&host.files, wanted).await {
        Ok(bytes) => Answer::FileChunk(Maybe(BoundedBytes::new(bytes).ok())),
        Err(FilesError::NotFound { .. }) => Answer::FileChunk(Maybe(None)),
        Err(error) => {
            tracing::error!(%error, "a chunk could not be read");
            refused("the chunk cannot be read now")
        }
    }
}

/// A peer asks this relay to be the second to keep a file: fetches it, and goes on with that even
/// when the peer has stopped waiting. One file at a time, so that a peer that asks again for the
/// same file gets the one answer.
pub(crate) async fn keep(host: &Host, peer: PeerId, blob_id: BlobId) -> Answer {
    let _fetching = host.fetching.lock().await;
    match host.files.have(blob_id.0).await {
        Ok(Some(progress)) if progress.is_complete => return Answer::Taken,
        Ok(_) => {}
        Err(error) => {
            tracing::error!(%blob_id, %error, "the file store cannot be read");
            return refused("the file store cannot be read now");
        }
    }
    match fetch(host, peer, blob_id).await {
        Ok(()) => Answer::Taken,
        Err(error) => {
            tracing::warn!(%peer, %blob_id, %error, "a file was not fetched from a peer");
            refused("the file could not be fetched")
        }
    }
}

/// The leaves of a file, from here or from whichever peer has them; with the peer.
///
/// # Errors
/// [`FetchError::NotThere`] if nobody who is connected has the file.
pub(crate) async fn find(
    host: &Host,
    blob_id: BlobId,
) -> Result<(BlobLeaves, Option<PeerId>), FetchError> {
    match local_leaves(&host.files, blob_id).await {
        Ok(leaves) => return Ok((leaves, None)),
        Err(FilesError::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    for peer in host.peers.connected() {
        match peer_leaves(host, peer.peer_id, blob_id).await {
            Ok(leaves) => return Ok((leaves, Some(peer.peer_id))),
            Err(error) => tracing::debug!(%blob_id, %error, "a peer does not have a file"),
        }
    }
    Err(FetchError::NotThere)
}

/// A chunk of a file, from here or from the peer that has it, checked against its leaf.
///
/// # Errors
/// [`FetchError`].
pub(crate) async fn read_chunk(
    host: &Host,
    leaves: &BlobLeaves,
    peer: Option<PeerId>,
    wanted: FileChunk,
) -> Result<Bytes, FetchError> {
    let bytes = match peer {
        None => local_chunk(&host.files, wanted).await?,
        Some(peer) => {
            let question = Question::FileChunk(wanted);
            let answer = host.peers.request(peer, question.to_bytes()).await?;
            match Answer::from_bytes(&answer) {
                Ok(Answer::FileChunk(Maybe(Some(bytes)))) => bytes.into_vec(),
                Ok(Answer::FileChunk(Maybe(None))) => return Err(FetchError::NotThere),
                _ => return Err(FetchError::Wrong("another answer".to_owned())),
            }
        }
    };
    let checked = leaves.check_chunk(wanted.index, &bytes);
    checked.map_err(|error| FetchError::Wrong(error.to_string()))?;
    Ok(bytes.into())
}

/// Notes that a file that is uploaded here needs a second relay. Noted before the file is whole: a
/// file without a note would never get one.
///
/// # Errors
/// [`ChainError`].
pub(crate) async fn note_unreplicated(host: &Host, blob_id: BlobId) -> Result<(), ChainError> {
    let mut batch = Batch::new();
    batch.put(Table::Files, unreplicated_key(blob_id), Vec::new());
    commit(host, batch).await
}

/// Takes the note away: a second relay has the file, or there is no such file.
async fn forget_unreplicated(host: &Host, blob_id: BlobId) -> Result<(), ChainError> {
    let mut batch = Batch::new();
    batch.remove(Table::Files, unreplicated_key(blob_id));
    commit(host, batch).await
}

async fn commit(host: &Host, batch: Batch) -> Result<(), ChainError> {
    blocking(&host.chain, move |chain| Ok(chain.store().commit(batch)?)).await
}

/// Asks for a second relay for every file that has none yet. The first in the order of ids after
/// this hospital that is connected is asked, so that files spread evenly.
///
/// # Errors
/// [`ChainError`] if the notes cannot be read or written.
pub(crate) async fn replicate(host: &Host) -> Result<(), ChainError> {
    for blob_id in blocking(&host.chain, unreplicated).await? {
        match host.files.have(blob_id.0).await {
            Ok(Some(progress)) if progress.is_complete => {
                if let Some(hospital_id) = second_relay(host, blob_id).await {
                    tracing::info!(%blob_id, %hospital_id, "a file is kept by a second relay");
                    forget_unreplicated(host, blob_id).await?;
                }
            }
            Ok(Some(_)) => {}
            // It was not what its name says, or nobody finished it.
            Ok(None) => forget_unreplicated(host, blob_id).await?,
            Err(error) => tracing::error!(%blob_id, %error, "the file store cannot be read"),
        }
    }
    Ok(())
}

fn unreplicated(chain: &Chain) -> Result<Vec<BlobId>, ChainError> {
    let entries = chain
        .store()
        .scan_prefix(Table::Files, &[UNREPLICATED], Order::Ascending);
    let mut blob_ids = Vec::new();
    for entry in entries {
        let (key, _) = entry?;
        blob_ids.extend(key.last_chunk::<32>().map(|id| BlobId(Hash(*id))));
    }
    Ok(blob_ids)
}

/// Asks one after the other to keep the file; the one that does.
async fn second_relay(host: &Host, blob_id: BlobId) -> Option<HospitalId> {
    let own_id = host.chain.hospital_id();
    let hospitals = host.directory.hospitals();
    let (before, after): (Vec<_>, Vec<_>) = hospitals.into_iter().partition(|id| *id <= own_id);
    for hospital_id in after.into_iter().chain(before).filter(|id| *id != own_id) {
        let Some(peer) = host.directory.peer(&hospital_id) else {
            continue;
        };
        let question = Question::KeepFile(blob_id).to_bytes();
        match host
            .peers
            .request(peer, question)
            .await
            .as_deref()
            .map(Answer::from_bytes)
        {
            Ok(Ok(Answer::Taken)) => return Some(hospital_id),
            // It is still fetching: asking another one, too, would put the file everywhere.
            Err(PeerError::TimedOut { .. }) => return None,
            Ok(_) | Err(_) => {}
        }
    }
    None
}

/// Whether the leaves are those of the blob id, for the file store.
pub(crate) fn is_that_file(blob_id: BlobId, size: u64, leaves: &[Hash]) -> bool {
    let leaves = leaves.iter().map(|leaf| BlobLeaf(*leaf)).collect();
    BlobSize::new(size)
        .and_then(|size| BlobLeaves::new(size, leaves))
        .is_ok_and(|leaves| leaves.blob_id() == blob_id)
}

async fn fetch(host: &Host, peer: PeerId, blob_id: BlobId) -> Result<(), FetchError> {
    let leaves = peer_leaves(host, peer, blob_id).await?;
    let size = leaves.size();
    let before = host
        .files
        .begin_or_resume(blob_id.0, size.bytes(), clock::now())
        .await?;
    let have = before.have;
    for index in (0..size.chunk_count()).filter(|index| !have.contains(index)) {
        let wanted = FileChunk { blob_id, index };
        let bytes = read_chunk(host, &leaves, Some(peer), wanted).await?;
        host.files.write_chunk(blob_id.0, index, bytes).await?;
    }
    let verify = move |size, leaves: &[Hash]| is_that_file(blob_id, size, leaves);
    host.files.complete(blob_id.0, verify).await?;
    Ok(())
}

async fn peer_leaves(host: &Host, peer: PeerId, blob_id: BlobId) -> Result<BlobLeaves, FetchError> {
    let question = Question::FileLeaves(blob_id);
    let answer = host.peers.request(peer, question.to_bytes()).await?;
    match Answer::from_bytes(&answer) {
        Ok(Answer::FileLeaves(Maybe(Some(bytes)))) => {
            BlobLeaves::of(blob_id, &bytes).map_err(|error| FetchError::Wrong(error.to_string()))
        }
        Ok(Answer::FileLeaves(Maybe(None))) => Err(FetchError::NotThere),
        _ => Err(FetchError::Wrong("another answer".to_owned())),
    }
}

async fn local_leaves(files: &Files, blob_id: BlobId) -> Result<BlobLeaves, FilesError> {
    let size = files.size(blob_id.0).await?;
    let leaves = files
        .leaves(blob_id.0)
        .await?
        .into_iter()
        .map(BlobLeaf)
        .collect();
    let not_that = |_| FilesError::NotThatFile { blob_id: blob_id.0 };
    BlobLeaves::new(BlobSize::new(size).map_err(not_that)?, leaves).map_err(not_that)
}

async fn local_chunk(files: &Files, wanted: FileChunk) -> Result<Vec<u8>, FilesError> {
    let size = files.size(wanted.blob_id.0).await?;
    let chunk_bytes = limits::BLOB_CHUNK_BYTES as u64;
    let start = u64::from(wanted.index) * chunk_bytes;
    let range = start..size.min(start + chunk_bytes);
    let mut pieces = Box::pin(files.read_range(wanted.blob_id.0, range).await?);
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes)
}

fn unreplicated_key(blob_id: BlobId) -> Vec<u8> {
    [[UNREPLICATED].as_slice(), blob_id.as_bytes()].concat()
}
