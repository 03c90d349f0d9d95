//! What the tests of sealing and opening are made of.

use js_sys::Uint8Array;
use keepwell_client::{ChunkSink, ChunkSource, ClientError};
use keepwell_primitives::limits::BLOB_CHUNK_BYTES;
use keepwell_seal::{ContentCommitment, OpenError, RecordKey, SealedFile};
use keepwell_web::{
    crypt::{CryptError, OpenSink, Spool},
    ports::blob_bytes,
};
use web_sys::Blob;

pub(crate) fn key() -> RecordKey {
    RecordKey::from_bytes([7; 32])
}

pub(crate) fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at % 251) as u8).collect()
}

pub(crate) fn blob(bytes: &[u8]) -> Blob {
    blob_bytes::piece(&Uint8Array::from(bytes)).unwrap()
}

/// All of a spool, its last chunk first.
pub(crate) async fn spooled(spool: &mut Spool, sealed: &SealedFile) -> Vec<u8> {
    let mut chunks = Vec::new();
    for index in (0..sealed.leaves.size().chunk_count()).rev() {
        let chunk = spool.chunk(index).await.unwrap();
        assert_eq!(sealed.leaves.check_chunk(index, &chunk), Ok(()));
        chunks.push(chunk);
    }
    chunks.reverse();
    chunks.concat()
}

/// Opens a sealed file as a download would hand it over.
pub(crate) async fn open(
    key: &RecordKey,
    file: &[u8],
    expected: ContentCommitment,
) -> Result<Blob, OpenError> {
    let mut sink = OpenSink::new(key, expected, "application/pdf");
    for chunk in file.chunks(BLOB_CHUNK_BYTES) {
        match sink.take(file.len() as u64, chunk.to_vec()).await {
            Ok(()) => {}
            Err(ClientError::Open { error }) => return Err(error),
            Err(other) => panic!("{other:?}"),
        }
    }
    sink.finish().map_err(|error| match error {
        CryptError::Open(error) => error,
        other => panic!("{other:?}"),
    })
}
