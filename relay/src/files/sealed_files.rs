//! The store of sealed files, and what its operations share.

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use keepwell_primitives::Hash;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, path::Path};
use tokio::sync::RwLock;

use super::{
    FilesError, FilesLocation, layout, location,
    manifest::{Manifest, UploadMark},
};

/// The leaf hash of a chunk: its index and its bytes.
pub type LeafHash = fn(u32, &[u8]) -> Hash;

/// How files are cut and hashed.
#[derive(Clone, Copy, Debug)]
pub struct FilesConfig {
    /// Bytes of each chunk but the last, as sealed.
    pub chunk_bytes: u64,
    /// The largest sealed file.
    pub file_bytes_max: u64,
    /// How a chunk is hashed.
    pub leaf: LeafHash,
}

/// The sealed files of one folder or bucket. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct Files {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) config: FilesConfig,
    locks: Arc<[Arc<RwLock<()>>; LOCKS]>,
}

/// Files share locks by their first byte: writers of chunks hold one together, whoever ends an
/// upload holds it alone.
const LOCKS: usize = 64;

impl Files {
    /// Opens a local folder, making it if it is not there, or a bucket.
    ///
    /// # Errors
    /// [`FilesError::Location`], [`FilesError::BucketsNotBuilt`], [`FilesError::Storage`].
    pub fn open(location: &FilesLocation, config: FilesConfig) -> Result<Self, FilesError> {
        Ok(Self::over(location::open(location)?, config))
    }

    /// Keeps the files in any object store whose `put` is durable and can be made conditional.
    pub fn over(store: Arc<dyn ObjectStore>, config: FilesConfig) -> Self {
        let locks = Arc::new(std::array::from_fn(|_| Arc::default()));
        Self {
            store,
            config,
            locks,
        }
    }

    pub(super) fn lock(&self, blob_id: &Hash) -> Arc<RwLock<()>> {
        let [first, ..] = *blob_id.as_bytes();
        let lock = self.locks.get(usize::from(first) % LOCKS);
        Arc::clone(lock.expect("a remainder is within the array"))
    }

    pub(super) async fn mark(&self, blob_id: &Hash) -> Result<Option<UploadMark>, FilesError> {
        let path = layout::upload(blob_id);
        let Some(bytes) = self.object(&path).await? else {
            return Ok(None);
        };
        UploadMark::from_bytes(&bytes, &path).map(Some)
    }

    pub(super) async fn manifest(&self, blob_id: &Hash) -> Result<Option<Manifest>, FilesError> {
        let path = layout::file(blob_id);
        let Some(bytes) = self.object(&path).await? else {
            return Ok(None);
        };
        Manifest::from_bytes(&bytes, &path).map(Some)
    }

    async fn object(&self, path: &Path) -> Result<Option<Bytes>, FilesError> {
        match self.store.get(path).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes an object if there is none of that name; says whether it did.
    pub(super) async fn put_if_absent(
        &self,
        path: &Path,
        payload: PutPayload,
    ) -> Result<bool, FilesError> {
        let create = PutOptions::from(PutMode::Create);
        match self.store.put_opts(path, payload, create).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes an upload. Its mark goes last: cut short, the deletion can be done again. The lock
    /// must be held alone.
    pub(super) async fn delete_upload(&self, blob_id: &Hash) -> Result<(), FilesError> {
        let chunks = self.store.list(Some(&layout::chunks(blob_id)));
        let paths = chunks.map_ok(|chunk| chunk.location).boxed();
        let mut deleted = self.store.delete_stream(paths);
        while let Some(one) = deleted.next().await {
            absent_is_fine(one.map(drop))?;
        }
        self.delete_mark(blob_id).await
    }

    pub(super) async fn delete_mark(&self, blob_id: &Hash) -> Result<(), FilesError> {
        absent_is_fine(self.store.delete(&layout::upload(blob_id)).await)
    }
}

fn absent_is_fine(deleted: object_store::Result<()>) -> Result<(), FilesError> {
    match deleted {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
