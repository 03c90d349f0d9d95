//! The bytes of a `Blob` or `File`: read from its beginning to its end without ever holding it
//! whole, and put together from pieces.
//!
//! A stream and not slices: each slice is a transfer of its own between the browser's processes,
//! and reading one mebibyte by slices took three times as long as from the stream.

use std::io;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, FileReaderSync, ReadableStreamDefaultReader};

use super::thrown::Thrown;

/// Reads a blob once, from its beginning. Stops the transfer when dropped.
pub struct BlobReader {
    blob: Blob,
    reader: ReadableStreamDefaultReader,
    rest: Option<Uint8Array>,
}

impl BlobReader {
    /// # Errors
    /// What the browser threw.
    pub fn new(blob: &Blob) -> Result<Self, Thrown> {
        Ok(Self {
            blob: blob.clone(),
            reader: ReadableStreamDefaultReader::new(&blob.stream())?,
            rest: None,
        })
    }

    /// Fills `target` with the next bytes.
    ///
    /// # Errors
    /// `NotReadableError` where a file changed, moved or broke off.
    pub async fn fill(&mut self, target: &Uint8Array) -> Result<(), Thrown> {
        let mut filled = 0;
        while filled < target.length() {
            let piece = match self.rest.take() {
                Some(piece) => piece,
                None => self.next().await?,
            };
            let taken = piece.length().min(target.length() - filled);
            target.set(&piece.subarray(0, taken), filled);
            filled += taken;
            if taken < piece.length() {
                self.rest = Some(piece.subarray(taken, piece.length()));
            }
        }
        Ok(())
    }

    /// That what was read is the file that was chosen: a browser looks at a file's time when it
    /// opens it, and a stream stays open. So the last byte is read once more.
    ///
    /// # Errors
    /// `NotReadableError` where a file changed while it was read.
    pub async fn confirm(&self) -> Result<(), Thrown> {
        let size = self.blob.size();
        let last = self
            .blob
            .slice_with_f64_and_f64((size - 1.0).max(0.0), size)?;
        all_bytes(&last).await.map(drop)
    }

    async fn next(&self) -> Result<Uint8Array, Thrown> {
        // A stream of a file breaks with one error in one browser, another in the next.
        let broken = |_| Thrown::new("NotReadableError", "it changed, moved or broke off");
        let read = JsFuture::from(self.reader.read()).await.map_err(broken)?;
        let value = Reflect::get(&read, &"value".into())?;
        value.dyn_into().map_err(broken)
    }
}

impl Drop for BlobReader {
    fn drop(&mut self) {
        let cancelled = self.reader.cancel();
        wasm_bindgen_futures::spawn_local(async move {
            // A stream that broke has said so already.
            let _: Result<_, _> = JsFuture::from(cancelled).await;
        });
    }
}

/// Reads a blob while the worker waits, for parsers that pull. Not in a window: browsers offer
/// this to workers alone.
pub struct WaitingReader {
    reader: FileReaderSync,
    blob: Blob,
    offset: f64,
}

impl WaitingReader {
    /// # Errors
    /// What the browser threw, in a window for one.
    pub fn new(blob: &Blob) -> Result<Self, Thrown> {
        Ok(Self {
            reader: FileReaderSync::new()?,
            blob: blob.clone(),
            offset: 0.0,
        })
    }

    fn next(&mut self, bytes: usize) -> Result<Uint8Array, Thrown> {
        #[expect(clippy::cast_precision_loss, reason = "a buffer is far below 2⁵³")]
        let end = self.offset + bytes as f64;
        let slice = self.blob.slice_with_f64_and_f64(self.offset, end)?;
        let buffer = self.reader.read_as_array_buffer(&slice)?;
        let piece = Uint8Array::new(&buffer);
        self.offset += f64::from(piece.length());
        Ok(piece)
    }
}

impl io::Read for WaitingReader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let piece = self
            .next(target.len())
            .map_err(|thrown| io::Error::other(thrown.to_string()))?;
        let length = piece.length() as usize;
        let part = target.get_mut(..length).ok_or(io::ErrorKind::InvalidData)?;
        piece.copy_to(part);
        Ok(length)
    }
}

/// Bytes of a blob.
pub fn size_bytes(blob: &Blob) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size is a whole number below 2⁵³"
    )]
    let size_bytes = blob.size() as u64;
    size_bytes
}

/// The first bytes, at most so many.
///
/// # Errors
/// As [`BlobReader::fill`].
pub async fn first_bytes(blob: &Blob, bytes_max: u32) -> Result<Vec<u8>, Thrown> {
    let slice = blob.slice_with_f64_and_f64(0.0, f64::from(bytes_max))?;
    all_bytes(&slice).await
}

/// All bytes, of a blob that is known to be small.
///
/// # Errors
/// As [`BlobReader::fill`].
pub async fn all_bytes(blob: &Blob) -> Result<Vec<u8>, Thrown> {
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// One blob of one piece. The bytes are copied.
///
/// # Errors
/// What the browser threw.
pub fn piece(bytes: &Uint8Array) -> Result<Blob, Thrown> {
    Ok(Blob::new_with_u8_array_sequence(&Array::of1(bytes))?)
}

/// One blob of all pieces in their order, of the media type given.
///
/// # Errors
/// What the browser threw.
pub fn together(pieces: &[Blob], media_type: &str) -> Result<Blob, Thrown> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let pieces: Array = pieces.iter().collect();
    let blob = Blob::new_with_blob_sequence_and_options(&pieces, &options)?;
    Ok(blob)
}
