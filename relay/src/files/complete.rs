//! The end of an upload: the file becomes visible, or everything of it is deleted.

use futures::{StreamExt, TryStreamExt, stream};
use keepwell_primitives::Hash;

use super::{
    Files, FilesError, layout,
    manifest::{Manifest, UploadMark},
};

/// Leaf hashes read at once: hides a bucket's latency.
const READS_AT_ONCE: usize = 16;

/// How an upload ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completed {
    /// The file is visible from now on.
    Now,
    /// It was before.
    Before,
}

impl Files {
    /// Ends an upload. `verify` is shown the file's size and its leaf hashes in order, and says
    /// whether they are this blob id's; if not, everything of the upload is deleted. Only after
    /// this has succeeded can the file be read.
    ///
    /// # Errors
    /// [`FilesError::NoUpload`], [`FilesError::Incomplete`], [`FilesError::NotThatFile`],
    /// [`FilesError::Damaged`], [`FilesError::Storage`].
    pub async fn complete(
        &self,
        blob_id: Hash,
        verify: impl FnOnce(u64, &[Hash]) -> bool + Send + 'static,
    ) -> Result<Completed, FilesError> {
        let held = self.lock(&blob_id).write_owned().await;
        let files = self.clone();
        let completed = async move {
            let _held = held;
            files.complete_held(&blob_id, verify).await
        };
        tokio::spawn(completed).await?
    }

    async fn complete_held(
        &self,
        blob_id: &Hash,
        verify: impl FnOnce(u64, &[Hash]) -> bool,
    ) -> Result<Completed, FilesError> {
        if self.manifest(blob_id).await?.is_some() {
            self.delete_mark(blob_id).await?;
            return Ok(Completed::Before);
        }
        let Some(mark) = self.mark(blob_id).await? else {
            return Err(FilesError::NoUpload { blob_id: *blob_id });
        };
        let leaves = self.all_leaves(blob_id, mark).await?;
        if !verify(mark.shape.size(), &leaves) {
            self.delete_upload(blob_id).await?;
            return Err(FilesError::NotThatFile { blob_id: *blob_id });
        }
        let manifest = Manifest {
            shape: mark.shape,
            leaves,
        };
        self.put_if_absent(&layout::file(blob_id), manifest.to_bytes().into())
            .await?;
        self.delete_mark(blob_id).await?;
        Ok(Completed::Now)
    }

    async fn all_leaves(&self, blob_id: &Hash, mark: UploadMark) -> Result<Vec<Hash>, FilesError> {
        let chunks = mark.shape.chunks();
        let have = self.kept_chunks(blob_id, mark.shape).await?;
        if let Some(first_missing) = (0..chunks).find(|index| !have.contains(index)) {
            let got = u32::try_from(have.len()).unwrap_or(u32::MAX);
            return Err(FilesError::Incomplete {
                got,
                expected: chunks,
                first_missing,
            });
        }
        stream::iter(0..chunks)
            .map(|index| self.kept_leaf(blob_id, index))
            .buffered(READS_AT_ONCE)
            .try_collect()
            .await
    }
}
