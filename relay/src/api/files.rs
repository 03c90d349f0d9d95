//! `PUT` and `HEAD` of `/v1/files/{blob_id}`: uploads, whole chunks at a time.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use keepwell_primitives::{BlobId, limits};
use keepwell_wire::api::Role;

use super::{
    Api, ApiError,
    authority::{SignedIn, SignedInHospital},
    content_range::ContentRange,
    download,
    question::{Body, Name},
};
use crate::{chain::Chain, clock, files::Progress, host::blocking, readers, replica};

/// Which chunks of an upload are here, such as `0-4,7`.
pub(super) const CHUNKS_HEADER: &str = "keepwell-chunks";

/// `HEAD /v1/files/{blob_id}`: 200 for a file that is here, 202 for an upload under way.
pub(super) async fn head(
    State(api): State<Api>,
    Name(name): Name,
    SignedIn(role): SignedIn,
) -> Result<Response, ApiError> {
    let blob_id = blob_id(&name)?;
    match api.host.files.have(blob_id.0).await? {
        Some(progress) if progress.is_complete => {
            // Whoever uploads it must hear that it is there, before any record names it.
            let asked = move |chain: &Chain| readers::has_record(chain, blob_id);
            let is_upload =
                matches!(role, Role::Hospital(_)) && !blocking(&api.host.chain, asked).await?;
            if !is_upload {
                download::check_reader(&api, role, blob_id).await?;
            }
            Ok((StatusCode::OK, [(header::CONTENT_LENGTH, progress.size)]).into_response())
        }
        Some(progress) if matches!(role, Role::Hospital(_)) => Ok(under_way(&progress)),
        Some(_) | None => Err(ApiError::not_found(
            "fileNotFound",
            format!("no file {name} is here"),
        )),
    }
}

/// `PUT /v1/files/{blob_id}` with `Content-Range`: one whole chunk. 202 while chunks are missing,
/// 201 when the file is whole and is what its name says.
pub(super) async fn put(
    State(api): State<Api>,
    Name(name): Name,
    SignedInHospital(_): SignedInHospital,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let blob_id = blob_id(&name)?;
    let range = ContentRange::of(&headers).ok_or_else(|| {
        ApiError::bad_request(
            "contentRange",
            "an upload says Content-Range: bytes FIRST-LAST/SIZE",
        )
    })?;
    let (got, expected) = (body.len() as u64, range.bytes.end - range.bytes.start);
    if got != expected {
        let detail = format!("the body has {got} bytes, Content-Range says {expected}");
        return Err(ApiError::bad_request("bodyLength", detail).difference(got, expected));
    }
    let chunk_bytes = limits::BLOB_CHUNK_BYTES as u64;
    if range.bytes.start % chunk_bytes != 0 {
        let detail = format!(
            "chunks start at multiples of {chunk_bytes}, not at {}",
            range.bytes.start
        );
        return Err(ApiError::bad_request("chunkStart", detail));
    }
    let index = u32::try_from(range.bytes.start / chunk_bytes)
        .map_err(|_| ApiError::bad_request("chunkIndex", "no file has so many chunks"))?;
    let files = &api.host.files;
    let before = files
        .begin_or_resume(blob_id.0, range.size, clock::now())
        .await?;
    if before.is_complete {
        return Ok(StatusCode::CREATED.into_response());
    }
    files.write_chunk(blob_id.0, index, body).await?;
    let progress = files.have(blob_id.0).await?;
    let Some(progress) = progress else {
        return Ok(StatusCode::ACCEPTED.into_response());
    };
    if progress.have.len() < progress.chunks as usize {
        return Ok(under_way(&progress));
    }
    replica::note_unreplicated(&api.host, blob_id).await?;
    let verify = move |size, leaves: &[_]| replica::is_that_file(blob_id, size, leaves);
    files.complete(blob_id.0, verify).await?;
    Ok(StatusCode::CREATED.into_response())
}

/// Reads the name in a path.
pub(super) fn blob_id(name: &str) -> Result<BlobId, ApiError> {
    name.parse().map_err(|error| {
        ApiError::bad_request("blobId", format!("{name:?} is not a file's name: {error}"))
    })
}

fn under_way(progress: &Progress) -> Response {
    (
        StatusCode::ACCEPTED,
        [(CHUNKS_HEADER, ranges(&progress.have))],
    )
        .into_response()
}

/// Sorted numbers as `0-4,7`.
fn ranges<'a>(numbers: impl IntoIterator<Item = &'a u32>) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let texts = runs.iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    });
    texts.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_that_are_here_are_told_in_runs() {
        assert_eq!(ranges([]), "");
        assert_eq!(ranges(&[0, 1, 2, 3, 4, 7]), "0-4,7");
    }
}
