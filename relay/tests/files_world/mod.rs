//! Files of numbered bytes, stores to keep them in, and a store that crashes.

mod crashing;

use core::ops::Range;
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use futures::TryStreamExt;
use keepwell_primitives::{Hash, Timestamp};
use keepwell_relay::files::{Completed, Files, FilesConfig, FilesError, Progress};
use object_store::{ObjectStore, local::LocalFileSystem, memory::InMemory, path::Path};
use tempfile::TempDir;

pub(crate) const CHUNK: u64 = 100;
pub(crate) const FILE_MAX: u64 = 5000;
pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A store, and the files over it.
pub(crate) struct World {
    pub(crate) files: Files,
    pub(crate) store: Arc<dyn ObjectStore>,
    _dir: Option<TempDir>,
}

pub(crate) fn worlds() -> [World; 2] {
    let dir = tempfile::tempdir().unwrap();
    let local = LocalFileSystem::new_with_prefix(dir.path()).unwrap();
    let local = local.with_fsync(true).with_automatic_cleanup(true);
    let world = |store: Arc<dyn ObjectStore>, dir| World {
        files: over(Arc::clone(&store)),
        store,
        _dir: dir,
    };
    [
        world(Arc::new(InMemory::new()), None),
        world(Arc::new(local), Some(dir)),
    ]
}

pub(crate) fn over(store: Arc<dyn ObjectStore>) -> Files {
    Files::over(store, config())
}

/// Files over a store that does as many writes and deletions as this, and then none any more.
pub(crate) fn crash_after(store: Arc<dyn ObjectStore>, writes: usize) -> Files {
    over(Arc::new(crashing::Crashing::new(store, writes)))
}

pub(crate) fn config() -> FilesConfig {
    FilesConfig {
        chunk_bytes: CHUNK,
        file_bytes_max: FILE_MAX,
        leaf,
    }
}

pub(crate) fn clock() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp(u64::try_from(since_epoch.as_millis()).unwrap())
}

pub(crate) fn chunk_path(file: &SealedFile, index: u32) -> Path {
    Path::from(format!("chunks/{}/{index:08x}", file.blob_id))
}

fn leaf(index: u32, bytes: &[u8]) -> Hash {
    Hash::tagged("test-leaf", &[&index.to_be_bytes(), bytes])
}

fn root(size: u64, leaves: &[Hash]) -> Hash {
    let leaves: Vec<u8> = leaves.iter().flat_map(|leaf| leaf.0).collect();
    Hash::tagged("test-root", &[&size.to_be_bytes(), &leaves])
}

/// A file to upload.
#[derive(Clone)]
pub(crate) struct SealedFile {
    pub(crate) blob_id: Hash,
    pub(crate) bytes: Vec<u8>,
    pub(crate) leaves: Vec<Hash>,
}

impl SealedFile {
    pub(crate) fn of(size: usize) -> Self {
        let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
        let chunks = (0..).zip(bytes.chunks(usize::try_from(CHUNK).unwrap()));
        let leaves: Vec<_> = chunks.map(|(index, chunk)| leaf(index, chunk)).collect();
        Self {
            blob_id: root(size as u64, &leaves),
            bytes,
            leaves,
        }
    }

    pub(crate) async fn begin(&self, files: &Files) -> Result<Progress, FilesError> {
        files
            .begin_or_resume(self.blob_id, self.bytes.len() as u64, NOW)
            .await
    }

    pub(crate) async fn write(&self, files: &Files, index: u32) -> Result<(), FilesError> {
        let chunk = self
            .bytes
            .chunks(usize::try_from(CHUNK).unwrap())
            .nth(index as usize);
        files
            .write_chunk(self.blob_id, index, Bytes::copy_from_slice(chunk.unwrap()))
            .await
    }

    pub(crate) async fn complete(&self, files: &Files) -> Result<Completed, FilesError> {
        let blob_id = self.blob_id;
        files
            .complete(blob_id, move |size, leaves| root(size, leaves) == blob_id)
            .await
    }

    pub(crate) async fn upload(&self, files: &Files) -> Result<Completed, FilesError> {
        let begun = self.begin(files).await?;
        for index in (0..begun.chunks).filter(|index| !begun.have.contains(index)) {
            self.write(files, index).await?;
        }
        self.complete(files).await
    }

    pub(crate) async fn read(
        &self,
        files: &Files,
        range: Range<u64>,
    ) -> Result<Vec<u8>, FilesError> {
        let pieces: Vec<Bytes> = files
            .read_range(self.blob_id, range)
            .await?
            .try_collect()
            .await?;
        Ok(pieces.concat())
    }
}
