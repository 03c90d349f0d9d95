//! `GET /v1/files/{blob_id}` and its leaves: for the patient, the issuer, and hospitals whose
//! grant is live.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use keepwell_custody::BlobLeaves;
use keepwell_primitives::{BlobId, limits};
use keepwell_wire::{api::Role, peer::FileChunk};
use libp2p::PeerId;

use super::{
    Api, ApiError,
    authority::{SignedIn, forbidden},
    content_range::{Asked, asked},
    files::blob_id,
    question::Name,
};
use crate::{
    host::{Host, blocking},
    readers, replica,
};

/// `GET /v1/files/{blob_id}`, whole or by `Range`.
pub(super) async fn file(
    State(api): State<Api>,
    Name(name): Name,
    SignedIn(role): SignedIn,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let blob_id = blob_id(&name)?;
    check_reader(&api, role, blob_id).await?;
    let (leaves, peer) = replica::find(&api.host, blob_id).await?;
    let size = leaves.size().bytes();
    let (status, range) = match asked(&headers, size) {
        Asked::Whole => (StatusCode::OK, 0..size),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Unsatisfiable => {
            let detail = format!("the file has {size} bytes");
            return Err(ApiError::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range",
                detail,
            ));
        }
    };
    let mut response = (
        status,
        [
            (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
            (
                header::CONTENT_LENGTH,
                (range.end - range.start).to_string(),
            ),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::CACHE_CONTROL, "private, no-store".to_owned()),
        ],
    )
        .into_response();
    if status == StatusCode::PARTIAL_CONTENT {
        let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        if let Ok(value) = text.parse() {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
    }
    let pieces = pieces(api.host.clone(), blob_id, leaves, peer, range);
    *response.body_mut() = Body::from_stream(pieces);
    Ok(response)
}

/// `GET /v1/files/{blob_id}/leaves`: canonical bytes, by which a client checks each chunk.
pub(super) async fn leaves(
    State(api): State<Api>,
    Name(name): Name,
    SignedIn(role): SignedIn,
) -> Result<Response, ApiError> {
    let blob_id = blob_id(&name)?;
    check_reader(&api, role, blob_id).await?;
    let (leaves, _) = replica::find(&api.host, blob_id).await?;
    let bytes = leaves.to_canonical_bytes();
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

/// Refuses whoever may not read the file now.
pub(super) async fn check_reader(api: &Api, role: Role, blob_id: BlobId) -> Result<(), ApiError> {
    let may_read = blocking(&api.host.chain, move |chain| {
        readers::may_read(chain, role, blob_id)
    });
    if may_read.await? {
        return Ok(());
    }
    let detail = "this file is open to its patient, to the hospital that issued it, and to \
                  hospitals with a live grant";
    Err(forbidden("noLiveGrant", detail).hint("ask the patient for a grant"))
}

/// The chunks that hold the range, each checked, cut to the range at both ends.
fn pieces(
    host: Host,
    blob_id: BlobId,
    leaves: BlobLeaves,
    peer: Option<PeerId>,
    range: std::ops::Range<u64>,
) -> impl Stream<Item = Result<Bytes, replica::FetchError>> {
    let chunk_bytes = limits::BLOB_CHUNK_BYTES as u64;
    let (first, after) = (range.start / chunk_bytes, range.end.div_ceil(chunk_bytes));
    stream::iter(first..after).then(move |number| {
        let (host, leaves, range) = (host.clone(), leaves.clone(), range.clone());
        async move {
            let index = u32::try_from(number).unwrap_or(u32::MAX);
            let chunk =
                replica::read_chunk(&host, &leaves, peer, FileChunk { blob_id, index }).await?;
            let start = range.start.saturating_sub(number * chunk_bytes);
            let end = (range.end - number * chunk_bytes).min(chunk.len() as u64);
            // Both lie within a chunk, which is far below 4 GiB.
            let within = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
            Ok(chunk.slice(within(start).min(chunk.len())..within(end)))
        }
    })
}
