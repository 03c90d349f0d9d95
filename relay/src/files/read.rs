//! Giving a whole file out.

use core::ops::Range;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use keepwell_primitives::Hash;
use object_store::ObjectStoreExt;

use super::{
    Files, FilesError, layout,
    manifest::{self, MANIFEST_HEAD_BYTES, damaged},
    shape::{Piece, Shape},
};

/// Chunks read ahead of the reader: with the one being sent, all the memory a download takes.
const READ_AHEAD: usize = 2;

impl Files {
    /// Bytes of the sealed file.
    ///
    /// # Errors
    /// [`FilesError::NotFound`], [`FilesError::Damaged`], [`FilesError::Storage`].
    pub async fn size(&self, blob_id: Hash) -> Result<u64, FilesError> {
        Ok(self.shape(&blob_id).await?.size())
    }

    /// The leaf hashes of the file's chunks, in order.
    ///
    /// # Errors
    /// [`FilesError::NotFound`], [`FilesError::Damaged`], [`FilesError::Storage`].
    pub async fn leaves(&self, blob_id: Hash) -> Result<Vec<Hash>, FilesError> {
        let manifest = self.manifest(&blob_id).await?;
        Ok(manifest.ok_or(FilesError::NotFound { blob_id })?.leaves)
    }

    /// The bytes from `range.start` to before `range.end`, in pieces of at most a chunk. Memory
    /// stays the same at any size. Whoever reads checks each chunk against its leaf hash.
    ///
    /// # Errors
    /// [`FilesError::NotFound`], [`FilesError::Range`], [`FilesError::Damaged`],
    /// [`FilesError::Storage`]; the last two also within the stream, which then ends.
    pub async fn read_range(
        &self,
        blob_id: Hash,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, FilesError>> + Send + use<>, FilesError> {
        let shape = self.shape(&blob_id).await?;
        let files = self.clone();
        let pieces = shape.pieces(&range)?.map(move |piece| {
            let files = files.clone();
            async move { files.piece(&blob_id, piece).await }
        });
        let bytes = stream::iter(pieces).buffered(READ_AHEAD);
        Ok(bytes.scan(false, |failed, piece| {
            let ended = std::mem::replace(failed, piece.is_err());
            std::future::ready((!ended).then_some(piece))
        }))
    }

    async fn piece(&self, blob_id: &Hash, piece: Piece) -> Result<Bytes, FilesError> {
        let path = layout::chunk(blob_id, piece.index);
        let Range { start, end } = piece.bytes;
        let within = layout::LEAF_BYTES + start..layout::LEAF_BYTES + end;
        let bytes = self.store.get_range(&path, within).await?;
        if bytes.len() as u64 != end - start {
            return Err(damaged(&path, "its length"));
        }
        Ok(bytes)
    }

    async fn shape(&self, blob_id: &Hash) -> Result<Shape, FilesError> {
        let path = layout::file(blob_id);
        match self.store.get_range(&path, 0..MANIFEST_HEAD_BYTES).await {
            Ok(head) => manifest::shape_of(&head, &path),
            Err(object_store::Error::NotFound { .. }) => {
                Err(FilesError::NotFound { blob_id: *blob_id })
            }
            Err(error) => Err(error.into()),
        }
    }
}
