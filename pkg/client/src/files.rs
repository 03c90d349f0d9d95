//! Sealed files: up in whole chunks, as many as the relay lacks; down one by one, each checked
//! against its leaf before it is handed on.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use keepwell_custody::{BlobId, BlobLeaves};
use keepwell_primitives::limits::BLOB_CHUNK_BYTES;

use crate::{ClientError, Method, Relay, Response, api};

/// The longest list of leaves: 33 bytes for each chunk of the largest file, and a head.
const LEAVES_BYTES_MAX: usize = keepwell_primitives::limits::BLOB_CHUNKS_MAX * 33 + 64;

/// Where a file stands on HTTP.
const RANGE: &str = "range";
const CONTENT_RANGE: &str = "content-range";

/// Where sealed chunks come from: a spool on a disk, or in the browser's file system.
#[expect(async_fn_in_trait, reason = "as for `Relay`")]
pub trait ChunkSource {
    /// The sealed chunk of this index, whole.
    ///
    /// # Errors
    /// Why not, in words.
    async fn chunk(&mut self, index: u32) -> Result<Vec<u8>, String>;
}

/// Where checked sealed chunks go, in their order: to who opens them.
#[expect(async_fn_in_trait, reason = "as for `Relay`")]
pub trait ChunkSink {
    /// Takes the next chunk of a sealed file of `size_bytes`.
    ///
    /// # Errors
    /// [`ClientError::Chunks`] if it cannot be kept, [`ClientError::Open`] if it does not open.
    async fn take(&mut self, size_bytes: u64, chunk: Vec<u8>) -> Result<(), ClientError>;
}

/// Uploads what the relay lacks of a sealed file. `progress` is told how many chunks of how many
/// are there.
pub(crate) async fn upload(
    relay: &impl Relay,
    token: &str,
    leaves: &BlobLeaves,
    source: &mut impl ChunkSource,
    mut progress: impl FnMut(u32, u32),
) -> Result<(), ClientError> {
    let path = format!("/v1/files/{}", leaves.blob_id());
    let count = leaves.size().chunk_count();
    let present = present_chunks(relay, token, &path, count).await?;
    let missing: Vec<u32> = (0..count)
        .filter(|index| !is_in(&present, *index))
        .collect();
    let mut there = count.saturating_sub(u32::try_from(missing.len()).unwrap_or(count));
    progress(there, count);
    for index in missing {
        let chunk = source.chunk(index).await;
        let chunk = chunk.map_err(|why| ClientError::Chunks { why })?;
        let range = leaves
            .size()
            .chunk_range(index)
            .map_err(|error| ClientError::Chunks {
                why: error.to_string(),
            })?;
        leaves
            .check_chunk(index, &chunk)
            .map_err(|error| ClientError::Chunks {
                why: format!("the spooled file changed on its disk: {error}"),
            })?;
        let mut request = api::request(Method::Put, path.clone(), Some(token));
        let last = range.end.saturating_sub(1);
        let total = leaves.size().bytes();
        let value = format!("bytes {}-{last}/{total}", range.start);
        request.headers.push((CONTENT_RANGE, value));
        request
            .headers
            .push(("content-type", String::from("application/octet-stream")));
        request.body = chunk;
        let response = api::send(relay, request).await?;
        api::accept(relay, response)?;
        there += 1;
        progress(there, count);
    }
    Ok(())
}

/// Downloads a sealed file into `sink`. Nothing is handed on that is not the file's.
pub(crate) async fn download(
    relay: &impl Relay,
    token: &str,
    blob_id: BlobId,
    sink: &mut impl ChunkSink,
    mut progress: impl FnMut(u32, u32),
) -> Result<(), ClientError> {
    let leaves = leaves(relay, token, blob_id).await?;
    let count = leaves.size().chunk_count();
    for index in 0..count {
        progress(index, count);
        let chunk = chunk(relay, token, blob_id, &leaves, index).await?;
        sink.take(leaves.size().bytes(), chunk).await?;
    }
    progress(count, count);
    Ok(())
}

async fn leaves(
    relay: &impl Relay,
    token: &str,
    blob_id: BlobId,
) -> Result<BlobLeaves, ClientError> {
    let path = format!("/v1/files/{blob_id}/leaves");
    let mut request = api::request(Method::Get, path, Some(token));
    request.answer_bytes_max = LEAVES_BYTES_MAX;
    let response = api::accept(relay, api::send(relay, request).await?)?;
    BlobLeaves::of(blob_id, &response.body).map_err(|error| wrong_file(relay, error))
}

async fn chunk(
    relay: &impl Relay,
    token: &str,
    blob_id: BlobId,
    leaves: &BlobLeaves,
    index: u32,
) -> Result<Vec<u8>, ClientError> {
    let range = leaves.size().chunk_range(index);
    let range = range.map_err(|error| wrong_file(relay, error))?;
    let mut request = api::request(Method::Get, format!("/v1/files/{blob_id}"), Some(token));
    let last = range.end.saturating_sub(1);
    request
        .headers
        .push((RANGE, format!("bytes={}-{last}", range.start)));
    request.answer_bytes_max = BLOB_CHUNK_BYTES;
    let response = api::accept(relay, api::send(relay, request).await?)?;
    let checked = leaves.check_chunk(index, &response.body);
    checked.map_err(|error| wrong_file(relay, error))?;
    Ok(response.body)
}

fn wrong_file(relay: &impl Relay, error: keepwell_custody::BlobError) -> ClientError {
    ClientError::File {
        relay: String::from(relay.name()),
        error,
    }
}

/// Which chunks the relay has, as inclusive ranges.
async fn present_chunks(
    relay: &impl Relay,
    token: &str,
    path: &str,
    count: u32,
) -> Result<Vec<(u32, u32)>, ClientError> {
    let request = api::request(Method::Head, String::from(path), Some(token));
    let response: Response = api::send(relay, request).await?;
    match response.status {
        200 => Ok(alloc::vec![(0, count)]),
        202 => {
            let chunks = response.chunks.unwrap_or_default();
            parse_ranges(&chunks).ok_or_else(|| ClientError::Malformed {
                relay: String::from(relay.name()),
                question: "which chunks of a file are there",
                why: chunks,
            })
        }
        404 => Ok(Vec::new()),
        _ => api::accept(relay, response).map(|_| Vec::new()),
    }
}

/// `0-4,7` as ranges; `None` for anything else. An empty text is no chunk.
fn parse_ranges(text: &str) -> Option<Vec<(u32, u32)>> {
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let range = |part: &str| match part.split_once('-') {
        Some((first, last)) => Some((first.trim().parse().ok()?, last.trim().parse().ok()?)),
        None => part.parse().ok().map(|index| (index, index)),
    };
    parts.map(range).collect()
}

fn is_in(ranges: &[(u32, u32)], index: u32) -> bool {
    ranges
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&index))
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn chunks_that_are_there_read_as_ranges() {
        assert_eq!(parse_ranges("0-4, 7"), Some(vec![(0, 4), (7, 7)]));
        assert_eq!(parse_ranges(""), Some(vec![]));
        for text in ["a", "1-", "-1", "1-2-3", "4294967296"] {
            assert_eq!(parse_ranges(text), None, "{text}");
        }
        let ranges = [(0, 4), (7, 7)];
        let present = (0..9).filter(|index| is_in(&ranges, *index));
        assert!(present.eq([0, 1, 2, 3, 4, 7]));
    }
}
