//! Opening a sealed file as it comes: each chunk through the browser's cryptography, its content
//! kept as a blob's part, and no blob of it for anyone before all of it is what the record
//! committed to.
//!
//! Not in a scratch file, unlike what is sealed: this is in clear, and goes with the page.

use js_sys::Uint8Array;
use keepwell_client::{ChunkSink, ClientError};
use keepwell_seal::{
    ContentCommitment, ContentLeaf, ContentReader, ContentSalt, FileKey, OpenChunk, OpenError,
    OpenPlan, RecordKey, content_leaf_prefix,
};
use web_sys::Blob;
use zeroize::Zeroizing;

use super::CryptError;
use crate::ports::{
    blob_bytes,
    thrown::Thrown,
    webcrypto::{self, AesGcmKey},
};

/// A content on its way. Dropped, nothing of it is left.
pub struct OpenSink {
    file_key: FileKey,
    salt: ContentSalt,
    expected: ContentCommitment,
    media_type: String,
    opening: Option<Opening>,
}

/// What is known from the first chunk on.
struct Opening {
    cipher: AesGcmKey,
    plan: OpenPlan,
    reader: ContentReader,
    pieces: Vec<Blob>,
}

impl OpenSink {
    /// Before the first chunk of the file that `key` was made for. The blob will be of
    /// `media_type`.
    pub fn new(key: &RecordKey, expected: ContentCommitment, media_type: &str) -> Self {
        Self {
            file_key: key.file_key(),
            salt: key.content_salt(),
            expected,
            media_type: media_type.to_owned(),
            opening: None,
        }
    }

    /// The content, after the last chunk.
    ///
    /// # Errors
    /// [`OpenError::Unfinished`], [`OpenError::OtherContent`]; [`CryptError::Store`].
    pub fn finish(self) -> Result<Blob, CryptError> {
        let opening = self.opening.ok_or(OpenError::Unfinished {
            got: 0,
            expected: 1,
        })?;
        opening.reader.finish(&self.salt, self.expected)?;
        blob_bytes::together(&opening.pieces, &self.media_type).map_err(CryptError::Store)
    }

    async fn open(&mut self, size_bytes: u64, sealed: &[u8]) -> Result<(), CryptError> {
        let opening = match &mut self.opening {
            Some(opening) => opening,
            None => {
                let opening = Opening::new(&self.file_key, size_bytes, sealed).await?;
                self.opening.insert(opening)
            }
        };
        opening.push(sealed).await
    }
}

impl ChunkSink for OpenSink {
    async fn take(&mut self, size_bytes: u64, chunk: Vec<u8>) -> Result<(), ClientError> {
        Ok(self.open(size_bytes, &chunk).await?)
    }
}

impl Opening {
    async fn new(key: &FileKey, size_bytes: u64, sealed: &[u8]) -> Result<Self, CryptError> {
        let plan = OpenPlan::new(sealed, size_bytes)?;
        let cipher = AesGcmKey::import(key).await;
        Ok(Self {
            cipher: cipher.map_err(CryptError::Crypto)?,
            plan,
            reader: ContentReader::new(&plan),
            pieces: Vec::new(),
        })
    }

    async fn push(&mut self, sealed: &[u8]) -> Result<(), CryptError> {
        let count = self.plan.chunk_count();
        let chunk = self
            .plan
            .chunk(self.reader.next_index())
            .ok_or(OpenError::AfterLast { count })?;
        let ciphertext = chunk.ciphertext(sealed)?;
        let opened = self.decrypt(&chunk, &chunk.nonce, ciphertext).await?;
        let Some(opened) = opened else {
            return Err(self.what_is_wrong(&chunk, sealed).await?.into());
        };
        let plaintext = Zeroizing::new(opened.to_vec());
        let piece = self.reader.accept(&plaintext)?;
        let content = piece.of(&plaintext);
        let leaf = leaf(piece.index, content).await;
        self.reader.push_leaf(leaf.map_err(CryptError::Crypto)?);
        if !content.is_empty() {
            let range = |at: usize| u32::try_from(at).expect("a chunk is about 1 MiB");
            let content = opened.subarray(range(piece.range.start), range(piece.range.end));
            let piece = blob_bytes::piece(&content).map_err(CryptError::Store)?;
            self.pieces.push(piece);
        }
        Ok(())
    }

    async fn what_is_wrong(
        &self,
        chunk: &OpenChunk,
        sealed: &[u8],
    ) -> Result<OpenError, CryptError> {
        for suspect in chunk.suspects() {
            let trial = sealed.get(suspect.offset..).unwrap_or_default();
            if self.decrypt(chunk, &suspect.nonce, trial).await?.is_some() {
                return Ok(suspect.error);
            }
        }
        Ok(OpenError::Tampered { index: chunk.index })
    }

    async fn decrypt(
        &self,
        chunk: &OpenChunk,
        nonce: &[u8; 12],
        ciphertext: &[u8],
    ) -> Result<Option<Uint8Array>, CryptError> {
        let opened = self
            .cipher
            .decrypt(nonce, &chunk.additional_data, ciphertext);
        opened.await.map_err(CryptError::Crypto)
    }
}

/// The leaf of a piece, by the browser: its prefix and content in one buffer.
async fn leaf(index: u32, content: &[u8]) -> Result<ContentLeaf, Thrown> {
    let prefix = content_leaf_prefix(index);
    let length = |bytes: usize| u32::try_from(bytes).expect("a chunk is about 1 MiB");
    let bytes = Uint8Array::new_with_length(length(prefix.len() + content.len()));
    let start = length(prefix.len());
    bytes.subarray(0, start).copy_from(&prefix);
    bytes.subarray(start, bytes.length()).copy_from(content);
    Ok(ContentLeaf(webcrypto::sha256(&bytes)?.await?))
}
