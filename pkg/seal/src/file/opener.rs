//! Opening natively, one chunk in memory at a time.

use alloc::vec::Vec;

use aes_gcm::{AeadInPlace, Aes256Gcm, KeyInit};

use super::{ContentCommitment, ContentReader, OpenChunk, OpenError, OpenPlan, OpenedContent};
use crate::{ContentSalt, RecordKey};

/// Takes a sealed file chunk by chunk and gives its content piece by piece.
///
/// A chunk that was refused can be pushed again, from another source.
pub struct Opener {
    plan: OpenPlan,
    cipher: Aes256Gcm,
    salt: ContentSalt,
    reader: ContentReader,
}

/// A piece of content whose tag held, while the file as a whole is not yet known to be the one
/// its record committed to: for a spool, not for a person's eyes.
#[derive(PartialEq, Eq)]
pub struct UnconfirmedContent(Vec<u8>);

impl UnconfirmedContent {
    /// The bytes, to be dropped unless [`Opener::finish`] agrees.
    pub fn into_bytes_for_spool(self) -> Vec<u8> {
        self.0
    }
}

impl core::fmt::Debug for UnconfirmedContent {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} bytes of content", self.0.len())
    }
}

impl Opener {
    /// From the first 24 bytes of a sealed file and its size.
    ///
    /// # Errors
    /// As [`OpenPlan::new`].
    pub fn new(key: &RecordKey, first_bytes: &[u8], sealed_bytes: u64) -> Result<Self, OpenError> {
        let plan = OpenPlan::new(first_bytes, sealed_bytes)?;
        Ok(Self {
            plan,
            cipher: Aes256Gcm::new(key.file_key().expose_secret().into()),
            salt: key.content_salt(),
            reader: ContentReader::new(&plan),
        })
    }

    /// Bytes of the next sealed chunk; `None` after the last.
    pub fn wanted_bytes(&self) -> Option<usize> {
        let chunk = self.plan.chunk(self.reader.next_index())?;
        Some(chunk.sealed_bytes())
    }

    /// Opens the next chunk, chunk 0 with the head in front.
    ///
    /// # Errors
    /// [`OpenError::AfterLast`], [`OpenError::ChunkLength`] and [`OpenError::OtherHeader`];
    /// [`OpenError::FinalFlag`], [`OpenError::Repeated`], [`OpenError::OutOfOrder`] or
    /// [`OpenError::Tampered`] where the tag fails; [`OpenError::ContentLength`] and
    /// [`OpenError::Padding`] where whoever sealed it broke the format.
    pub fn push(&mut self, sealed: &[u8]) -> Result<UnconfirmedContent, OpenError> {
        let count = self.plan.chunk_count();
        let chunk = self
            .plan
            .chunk(self.reader.next_index())
            .ok_or(OpenError::AfterLast { count })?;
        let mut plaintext = chunk.ciphertext(sealed)?.to_vec();
        if !self.decrypts(&chunk, chunk.nonce, &mut plaintext) {
            return Err(self.what_is_wrong(&chunk, sealed));
        }
        let piece = self.reader.accept(&plaintext)?;
        self.reader.push_leaf(piece.leaf(&plaintext));
        plaintext.truncate(piece.range.end);
        plaintext.drain(..piece.range.start);
        Ok(UnconfirmedContent(plaintext))
    }

    /// That all of it was opened, and is what the record committed to.
    ///
    /// # Errors
    /// [`OpenError::Unfinished`], [`OpenError::OtherContent`].
    pub fn finish(self, expected: ContentCommitment) -> Result<OpenedContent, OpenError> {
        self.reader.finish(&self.salt, expected)
    }

    fn decrypts(&self, chunk: &OpenChunk, nonce: [u8; 12], buffer: &mut Vec<u8>) -> bool {
        let additional_data = &chunk.additional_data;
        self.cipher
            .decrypt_in_place(&nonce.into(), additional_data, buffer)
            .is_ok()
    }

    fn what_is_wrong(&self, chunk: &OpenChunk, sealed: &[u8]) -> OpenError {
        chunk
            .suspects()
            .find(|suspect| {
                let mut trial = sealed.get(suspect.offset..).unwrap_or_default().to_vec();
                self.decrypts(chunk, suspect.nonce, &mut trial)
            })
            .map_or(OpenError::Tampered { index: chunk.index }, |suspect| {
                suspect.error
            })
    }
}

/// Opens a sealed file that is in memory as a whole; nothing comes out unless all of it holds.
///
/// # Errors
/// As [`Opener::new`], [`Opener::push`] and [`Opener::finish`].
pub fn open_file(
    key: &RecordKey,
    sealed: &[u8],
    expected: ContentCommitment,
) -> Result<Vec<u8>, OpenError> {
    let mut opener = Opener::new(key, sealed, sealed.len() as u64)?;
    let mut content = Vec::new();
    let mut rest = sealed;
    while let Some(wanted) = opener.wanted_bytes() {
        let (chunk, after) = rest.split_at_checked(wanted).unwrap_or((rest, &[]));
        content.extend_from_slice(&opener.push(chunk)?.into_bytes_for_spool());
        rest = after;
    }
    opener.finish(expected)?;
    Ok(content)
}
