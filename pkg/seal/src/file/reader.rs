//! From opened chunks to the content: length, padding, and the commitment at the end.

use core::ops::Range;

use keepwell_primitives::limits::FILE_BYTES_MAX;

use super::{
    ContentCommitment, ContentHasher, ContentLeaf, FileHeader, OpenError, OpenPlan, content_leaf,
    layout::{LENGTH_BYTES, stream_bytes_of},
};
use crate::ContentSalt;

/// Takes what AES-GCM opened, chunk by chunk, and finds the content in it.
///
/// For each chunk: [`ContentReader::accept`], then [`ContentReader::push_leaf`] with the piece's
/// leaf, computed here or elsewhere. Nothing is to be shown before [`ContentReader::finish`].
#[derive(Clone)]
pub struct ContentReader {
    header: FileHeader,
    content_bytes: u64,
    accepted: u32,
    content: ContentHasher,
}

/// The content in one chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The chunk's place.
    pub index: u32,
    /// Which bytes of the chunk's plaintext are content.
    pub range: Range<usize>,
}

/// A content that was opened as a whole and is the one its record committed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedContent {
    content_bytes: u64,
}

impl ContentReader {
    /// Before the first chunk.
    pub const fn new(plan: &OpenPlan) -> Self {
        Self {
            header: *plan.header(),
            content_bytes: 0,
            accepted: 0,
            content: ContentHasher::new(),
        }
    }

    /// The index of the next chunk.
    pub const fn next_index(&self) -> u32 {
        self.accepted
    }

    /// The next chunk's plaintext, as AES-GCM opened it.
    ///
    /// # Errors
    /// [`OpenError::AfterLast`], [`OpenError::ChunkLength`]; [`OpenError::ContentLength`] where
    /// chunk 0 tells a length that is not padded to this file's; [`OpenError::Padding`].
    pub fn accept(&mut self, plaintext: &[u8]) -> Result<Piece, OpenError> {
        let index = self.accepted;
        if index == self.header.chunk_count() {
            return Err(OpenError::AfterLast { count: index });
        }
        if plaintext.len() != self.header.plaintext_bytes(index) {
            return Err(OpenError::ChunkLength {
                index,
                got: plaintext.len(),
                expected: self.header.plaintext_bytes(index),
            });
        }
        if index == 0 {
            self.content_bytes = self.content_length(plaintext)?;
        }
        let content = self.header.content_range(index, self.content_bytes);
        let start = if index == 0 { LENGTH_BYTES } else { 0 };
        let length = usize::try_from(content.end - content.start).unwrap_or(usize::MAX);
        let range = start..start + length;
        let padding = plaintext.get(range.end..).unwrap_or_default();
        if padding.iter().any(|byte| *byte != 0) {
            return Err(OpenError::Padding { index });
        }
        self.accepted += 1;
        Ok(Piece { index, range })
    }

    /// The leaf of the piece accepted last, computed elsewhere.
    pub fn push_leaf(&mut self, leaf: ContentLeaf) {
        self.content.push_leaf(leaf);
    }

    /// That all of it was opened, and is what the record committed to.
    ///
    /// # Errors
    /// [`OpenError::Unfinished`], [`OpenError::OtherContent`].
    pub fn finish(
        self,
        salt: &ContentSalt,
        expected: ContentCommitment,
    ) -> Result<OpenedContent, OpenError> {
        let count = self.header.chunk_count();
        let got = self.accepted.min(self.content.leaf_count());
        if got != count || self.content.leaf_count() != count {
            return Err(OpenError::Unfinished {
                got,
                expected: count,
            });
        }
        let got = self.content.finish(salt, self.content_bytes);
        if got != expected {
            return Err(OpenError::OtherContent { got, expected });
        }
        Ok(OpenedContent {
            content_bytes: self.content_bytes,
        })
    }

    fn content_length(&self, plaintext: &[u8]) -> Result<u64, OpenError> {
        let length = plaintext.first_chunk::<LENGTH_BYTES>().copied();
        let got = u64::from_be_bytes(length.unwrap_or([0xff; LENGTH_BYTES]));
        if got > FILE_BYTES_MAX || stream_bytes_of(got) != self.header.stream_bytes() {
            return Err(OpenError::ContentLength { got });
        }
        Ok(got)
    }
}

impl Piece {
    /// The content itself, of the same plaintext.
    pub fn of<'a>(&self, plaintext: &'a [u8]) -> &'a [u8] {
        plaintext.get(self.range.clone()).unwrap_or_default()
    }

    /// Its leaf.
    pub fn leaf(&self, plaintext: &[u8]) -> ContentLeaf {
        content_leaf(self.index, self.of(plaintext))
    }
}

impl OpenedContent {
    /// Bytes of the content.
    pub const fn content_bytes(&self) -> u64 {
        self.content_bytes
    }
}
