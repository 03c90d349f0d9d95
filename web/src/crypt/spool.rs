//! Where the sealed chunks lie between sealing and upload: in a scratch file of the origin's
//! private file system, and in blobs where the browser has none for us.
//!
//! The scratch file comes first: it is on the disk in every browser, at any size, and writing it
//! took a sixth of the time of handing the same bytes to blobs. Blobs are a browser's own to place:
//! Chromium moves many of them to the disk, others keep them in memory, outside of the heap.
//!
//! Both go with the worker. A spool that survives a reload would have to be kept with its record
//! key, and whoever takes the upload up again must be sure that nothing else was sealed under it:
//! an upload that was interrupted is started anew, under a fresh key.

use js_sys::Uint8Array;
use keepwell_client::ChunkSource;
use keepwell_custody::BlobSize;
use web_sys::Blob;

use super::CryptError;
use crate::ports::{blob_bytes, scratch_file::ScratchFile};

/// A sealed file, until dropped.
pub struct Spool {
    size: BlobSize,
    chunks: u32,
    place: Place,
}

enum Place {
    File(ScratchFile),
    Blobs(Vec<Blob>),
}

impl Spool {
    /// For a sealed file of `size_bytes`.
    pub(super) async fn create(size_bytes: u64) -> Result<Self, CryptError> {
        let file = ScratchFile::create(size_bytes).await;
        Ok(Self {
            size: BlobSize::new(size_bytes).expect("a planned file is within the limit of blobs"),
            chunks: 0,
            place: file.map_or_else(|_| Place::Blobs(Vec::new()), Place::File),
        })
    }

    /// Keeps the next chunk.
    pub(super) fn push(&mut self, chunk: &Uint8Array) -> Result<(), CryptError> {
        let range = self.size.chunk_range(self.chunks);
        let range = range.expect("a plan has as many chunks as its file");
        match &mut self.place {
            Place::File(file) => file.write(range.start, chunk).map_err(CryptError::Store)?,
            Place::Blobs(blobs) => blobs.push(blob_bytes::piece(chunk).map_err(CryptError::Store)?),
        }
        self.chunks += 1;
        Ok(())
    }

    /// Whether it lies in a file, and not in blobs.
    pub fn is_on_disk(&self) -> bool {
        matches!(self.place, Place::File(_))
    }
}

impl ChunkSource for Spool {
    async fn chunk(&mut self, index: u32) -> Result<Vec<u8>, String> {
        let range = self.size.chunk_range(index);
        let range = range.map_err(|error| error.to_string())?;
        let read = match &self.place {
            Place::File(file) => {
                let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
                let mut chunk = vec![0; length];
                file.read(range.start, &mut chunk).map(|()| chunk)
            }
            Place::Blobs(blobs) => match blobs.get(index as usize) {
                Some(blob) => blob_bytes::all_bytes(blob).await,
                None => return Err(format!("chunk {index} was not sealed")),
            },
        };
        read.map_err(|thrown| format!("the sealed file cannot be read back: {thrown}"))
    }
}
