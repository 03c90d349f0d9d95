//! Taking a file in, chunk by chunk, in any order and as often as one likes.
//!
//! What is written goes on in a task of its own: a client that hangs up mid-way must not release
//! a file's lock while its chunk is still on the way to the disk.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures::TryStreamExt;
use keepwell_primitives::{Hash, Timestamp};
use object_store::{ObjectStoreExt, PutPayload};

use super::{
    Files, FilesError, layout,
    manifest::{Manifest, UploadMark, damaged},
    shape::Shape,
};

/// What of a file is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the sealed file.
    pub size: u64,
    /// Bytes of each chunk but the last.
    pub chunk_bytes: u64,
    /// Chunks the file has.
    pub chunks: u32,
    /// Indexes of the chunks that are here and durable.
    pub have: BTreeSet<u32>,
    /// Whether the file is whole, verified and can be read.
    pub is_complete: bool,
}

impl Files {
    /// Begins an upload, or goes on with one: says what is here already.
    ///
    /// # Errors
    /// [`FilesError::FileSize`], [`FilesError::SizeDiffers`], [`FilesError::Damaged`],
    /// [`FilesError::Storage`].
    pub async fn begin_or_resume(
        &self,
        blob_id: Hash,
        size: u64,
        now: Timestamp,
    ) -> Result<Progress, FilesError> {
        let shape = Shape::new(size, self.config.chunk_bytes, self.config.file_bytes_max)?;
        let held = self.lock(&blob_id).read_owned().await;
        let files = self.clone();
        let begun = async move {
            let _held = held;
            if files.progress(&blob_id).await?.is_none() {
                let mark = UploadMark {
                    shape,
                    begun_at: now,
                };
                files
                    .put_if_absent(&layout::upload(&blob_id), mark.to_bytes().into())
                    .await?;
            }
            files
                .progress(&blob_id)
                .await?
                .ok_or(FilesError::NoUpload { blob_id })
        };
        let progress = tokio::spawn(begun).await??;
        if progress.size != size {
            return Err(FilesError::SizeDiffers {
                got: size,
                expected: progress.size,
            });
        }
        Ok(progress)
    }

    /// What of this file is here; nothing if no upload was begun.
    ///
    /// # Errors
    /// [`FilesError::Damaged`], [`FilesError::Storage`].
    pub async fn have(&self, blob_id: Hash) -> Result<Option<Progress>, FilesError> {
        let lock = self.lock(&blob_id);
        let _held = lock.read().await;
        self.progress(&blob_id).await
    }

    /// Takes one whole chunk; when this returns it is durable. The same chunk again is fine.
    ///
    /// # Errors
    /// [`FilesError::NoUpload`], [`FilesError::ChunkIndex`], [`FilesError::ChunkLength`],
    /// [`FilesError::ChunkDiffers`], [`FilesError::Damaged`], [`FilesError::Storage`].
    pub async fn write_chunk(
        &self,
        blob_id: Hash,
        index: u32,
        bytes: Bytes,
    ) -> Result<(), FilesError> {
        let held = self.lock(&blob_id).read_owned().await;
        let files = self.clone();
        let written = async move {
            let _held = held;
            files.write_held(&blob_id, index, bytes).await
        };
        tokio::spawn(written).await?
    }

    async fn write_held(&self, blob_id: &Hash, index: u32, bytes: Bytes) -> Result<(), FilesError> {
        let mark = self.mark(blob_id).await?;
        let manifest = match mark {
            Some(_) => None,
            None => self.manifest(blob_id).await?,
        };
        let shape = match (&mark, &manifest) {
            (Some(mark), _) => mark.shape,
            (None, Some(manifest)) => manifest.shape,
            (None, None) => return Err(FilesError::NoUpload { blob_id: *blob_id }),
        };
        let (got, expected) = (bytes.len() as u64, shape.chunk_length(index)?);
        if got != expected {
            return Err(FilesError::ChunkLength {
                index,
                got,
                expected,
            });
        }
        let leaf = (self.config.leaf)(index, &bytes);
        let kept = match manifest {
            Some(manifest) => manifest.leaves.get(index as usize).copied(),
            None => {
                let path = layout::chunk(blob_id, index);
                let payload =
                    PutPayload::from_iter([Bytes::copy_from_slice(leaf.as_bytes()), bytes]);
                if self.put_if_absent(&path, payload).await? {
                    return Ok(());
                }
                Some(self.kept_leaf(blob_id, index).await?)
            }
        };
        match kept {
            Some(kept) if kept != leaf => Err(FilesError::ChunkDiffers {
                index,
                got: leaf,
                expected: kept,
            }),
            _ => Ok(()),
        }
    }

    /// The leaf hash in front of a kept chunk.
    pub(super) async fn kept_leaf(&self, blob_id: &Hash, index: u32) -> Result<Hash, FilesError> {
        let path = layout::chunk(blob_id, index);
        let leaf = self.store.get_range(&path, 0..layout::LEAF_BYTES).await?;
        let leaf = <[u8; 32]>::try_from(&*leaf).map_err(|_| damaged(&path, "its length"))?;
        Ok(Hash(leaf))
    }

    async fn progress(&self, blob_id: &Hash) -> Result<Option<Progress>, FilesError> {
        if let Some(Manifest { shape, .. }) = self.manifest(blob_id).await? {
            return Ok(Some(progress(shape, (0..shape.chunks()).collect(), true)));
        }
        let Some(mark) = self.mark(blob_id).await? else {
            return Ok(None);
        };
        let have = self.kept_chunks(blob_id, mark.shape).await?;
        Ok(Some(progress(mark.shape, have, false)))
    }

    /// The chunks of an upload that are here with the length they must have.
    pub(super) async fn kept_chunks(
        &self,
        blob_id: &Hash,
        shape: Shape,
    ) -> Result<BTreeSet<u32>, FilesError> {
        let mut have = BTreeSet::new();
        let prefix = layout::chunks(blob_id);
        let mut listed = self.store.list(Some(&prefix));
        while let Some(chunk) = listed.try_next().await? {
            let Some(index) = layout::index_of(&chunk.location) else {
                return Err(damaged(&chunk.location, "its name"));
            };
            if shape.chunk_length(index).ok() != chunk.size.checked_sub(layout::LEAF_BYTES) {
                return Err(damaged(&chunk.location, "its length"));
            }
            have.insert(index);
        }
        Ok(have)
    }
}

fn progress(shape: Shape, have: BTreeSet<u32>, is_complete: bool) -> Progress {
    Progress {
        size: shape.size(),
        chunk_bytes: shape.chunk_bytes(),
        chunks: shape.chunks(),
        have,
        is_complete,
    }
}
