//! Uploads that nobody finishes.

use futures::TryStreamExt;
use keepwell_primitives::{Hash, Milliseconds, Timestamp};

use super::{Files, FilesError, layout};

impl Files {
    /// Deletes all uploads that were begun, and last got a chunk, longer than `older_than` ago.
    /// Gives the files they were of. Whole files are never touched.
    ///
    /// # Errors
    /// [`FilesError::Damaged`], [`FilesError::Storage`].
    pub async fn expire(
        &self,
        now: Timestamp,
        older_than: Milliseconds,
    ) -> Result<Vec<Hash>, FilesError> {
        let marks: Vec<_> = self
            .store
            .list(Some(&layout::uploads()))
            .try_collect()
            .await?;
        let mut expired = Vec::new();
        for blob_id in marks
            .iter()
            .filter_map(|mark| layout::blob_id_of(&mark.location))
        {
            let held = self.lock(&blob_id).write_owned().await;
            let files = self.clone();
            let expiry = async move {
                let _held = held;
                files.expire_held(&blob_id, now, older_than).await
            };
            if tokio::spawn(expiry).await?? {
                expired.push(blob_id);
            }
        }
        Ok(expired)
    }

    /// Deletes an upload at once, whatever its age. That none is under way is fine, and a whole
    /// file is not touched.
    ///
    /// # Errors
    /// [`FilesError::Damaged`], [`FilesError::Storage`].
    pub async fn abandon(&self, blob_id: Hash) -> Result<(), FilesError> {
        let held = self.lock(&blob_id).write_owned().await;
        let files = self.clone();
        let abandoned = async move {
            let _held = held;
            files.delete_unless_whole(&blob_id).await
        };
        tokio::spawn(abandoned).await?
    }

    async fn expire_held(
        &self,
        blob_id: &Hash,
        now: Timestamp,
        older_than: Milliseconds,
    ) -> Result<bool, FilesError> {
        let Some(mark) = self.mark(blob_id).await? else {
            return Ok(false);
        };
        let last_chunk_at = self
            .store
            .list(Some(&layout::chunks(blob_id)))
            .try_fold(0, |latest, chunk| async move {
                let written_at = chunk.last_modified.timestamp_millis();
                Ok(latest.max(u64::try_from(written_at).unwrap_or(0)))
            })
            .await?;
        let last_seen_at = mark.begun_at.max(Timestamp(last_chunk_at));
        if now.since(last_seen_at) <= older_than {
            return Ok(false);
        }
        self.delete_unless_whole(blob_id).await?;
        Ok(true)
    }

    /// A crash between a file's manifest and the end of its upload leaves the mark of an upload
    /// whose chunks belong to a whole file.
    async fn delete_unless_whole(&self, blob_id: &Hash) -> Result<(), FilesError> {
        match self.manifest(blob_id).await? {
            Some(_) => self.delete_mark(blob_id).await,
            None => self.delete_upload(blob_id).await,
        }
    }
}
