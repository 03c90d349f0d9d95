//! Sealing: the original is read as a stream, a few chunks are under way at once, and what is
//! sealed goes to the spool.
//!
//! Each chunk passes the browser's cryptography three times: encrypted, and hashed before and
//! after. The bytes stay in a few buffers of the browser's that go round, never in wasm memory.
//!
//! Beside bare AES-GCM over chunks that lie in memory it reaches 0.34 to 0.41 of the speed
//! (`benches/sealing.rs`; Chromium, two busy cores), not the 0.9 that `docs/protocol.md` aims at.
//! The cipher and the two SHA-256 that the format asks for reach 0.44 to 0.54 by themselves, with
//! nothing read or kept: in Chromium they take about as long as one after the other. SHA-256 in
//! wasm is about three times slower than the browser's.

use std::{cell::RefCell, future::Future, pin::pin};

use futures::{TryStreamExt, future::try_join, stream};
use js_sys::Uint8Array;
use keepwell_custody::{BlobHasher, BlobLeaf, blob_leaf_prefix};
use keepwell_primitives::limits::BLOB_CHUNK_BYTES;
use keepwell_seal::{
    ContentHasher, ContentLeaf, RecordKey, SealChunk, SealError, SealPlan, SealedFile,
    content_leaf_prefix,
};
use web_sys::Blob;

use super::{CryptError, Spool};
use crate::ports::{
    blob_bytes::{self, BlobReader},
    thrown::Thrown,
    webcrypto::{self, AesGcmKey},
};

/// Chunks under way at once: enough that reading, encrypting and hashing seldom wait for one
/// another. Each costs its buffer and the browser's copies for two operations, 3 MiB, and one more
/// buffer is being filled: below 16 MiB in all.
const IN_FLIGHT: usize = 4;

/// What stands in front of the content or of the sealed chunk while it is hashed or encrypted has
/// room in this.
const FRONT_BYTES: u32 = 64;

/// Seals `content` under `key`, which no other content may ever be sealed under. `progress` is
/// told how many bytes of how many are sealed.
///
/// # Errors
/// [`CryptError::Seal`] for a content over its limit; [`CryptError::Unreadable`] where it changes
/// or goes away meanwhile; [`CryptError::Store`] where the sealed file has no room;
/// [`CryptError::Crypto`].
pub async fn seal(
    content: &Blob,
    key: &RecordKey,
    mut progress: impl FnMut(u64, u64),
) -> Result<(SealedFile, Spool), CryptError> {
    let plan = SealPlan::new(blob_bytes::size_bytes(content)).map_err(SealError::from)?;
    let cipher = AesGcmKey::import(&key.file_key()).await;
    let cipher = cipher.map_err(CryptError::Crypto)?;
    let reader = BlobReader::new(content).map_err(CryptError::Unreadable)?;
    let mut spool = Spool::create(plan.sealed_bytes()).await?;
    let buffers = Buffers::default();

    let filled = stream::try_unfold((reader, 0), |(mut reader, index)| {
        let (chunk, buffer) = (plan.chunk(index), &buffers);
        async move {
            let Some(chunk) = chunk else {
                let confirmed = reader.confirm().await;
                return confirmed.map(|()| None).map_err(CryptError::Unreadable);
            };
            let buffer = buffer.take();
            let target = buffer.behind(&[], chunk.wanted_bytes());
            let read = reader.fill(&target).await;
            read.map_err(CryptError::Unreadable)?;
            Ok(Some(((chunk, buffer), (reader, index + 1))))
        }
    });
    let sealed = filled
        .map_ok(|(chunk, buffer)| seal_chunk(&cipher, chunk, buffer))
        .try_buffered(IN_FLIGHT);
    let mut sealed = pin!(sealed);

    let (mut content_leaves, mut blob_leaves) = (ContentHasher::new(), BlobHasher::new());
    while let Some(chunk) = sealed.try_next().await? {
        spool.push(&chunk.buffer.behind(&[], chunk.sealed_bytes))?;
        content_leaves.push_leaf(chunk.content_leaf);
        blob_leaves
            .push_leaf(chunk.blob_leaf, chunk.sealed_bytes)
            .expect("sealed chunks are cut as blob chunks are");
        buffers.give_back(chunk.buffer);
        progress(chunk.content_end, plan.content_bytes());
    }
    let sealed = SealedFile {
        content_commitment: content_leaves.finish(&key.content_salt(), plan.content_bytes()),
        leaves: blob_leaves
            .finish()
            .expect("a sealed file has a first chunk"),
    };
    Ok((sealed, spool))
}

/// A chunk that lies sealed in its buffer.
struct Sealed {
    buffer: Buffer,
    sealed_bytes: usize,
    content_end: u64,
    content_leaf: ContentLeaf,
    blob_leaf: BlobLeaf,
}

/// Seals the chunk whose content lies in `buffer`, in place.
async fn seal_chunk(
    cipher: &AesGcmKey,
    chunk: SealChunk,
    buffer: Buffer,
) -> Result<Sealed, CryptError> {
    let (index, content_bytes) = (chunk.index, chunk.wanted_bytes());
    let front = chunk.plaintext_front();
    let behind_front = chunk.plaintext_bytes() - front.len();
    buffer.clear(content_bytes, behind_front);
    let ciphertext = begun(cipher.encrypt(
        &chunk.nonce,
        &chunk.additional_data,
        &buffer.behind(front, behind_front),
    ))?;
    let content_leaf = begun(webcrypto::sha256(
        &buffer.behind(&content_leaf_prefix(index), content_bytes),
    ))?;
    // Both have copied the content, so the ciphertext can take its place.
    let ciphertext = ciphertext.await.map_err(CryptError::Crypto)?;
    let sealed_bytes = buffer.hold(chunk.sealed_front(), &ciphertext);
    drop(ciphertext);
    let blob_leaf = begun(webcrypto::sha256(
        &buffer.behind(&blob_leaf_prefix(index), sealed_bytes),
    ))?;
    let leaves = try_join(content_leaf, blob_leaf).await;
    let (content_leaf, blob_leaf) = leaves.map_err(CryptError::Crypto)?;
    Ok(Sealed {
        buffer,
        sealed_bytes,
        content_end: chunk.content_range.end,
        content_leaf: ContentLeaf(content_leaf),
        blob_leaf: BlobLeaf(blob_leaf),
    })
}

/// Room for one chunk outside of wasm memory, and for what stands in front of it.
struct Buffer(Uint8Array);

/// Those that no chunk is in.
#[derive(Default)]
struct Buffers(RefCell<Vec<Buffer>>);

impl Buffer {
    /// The first `bytes`, and `front` before them.
    fn behind(&self, front: &[u8], bytes: usize) -> Uint8Array {
        let start = FRONT_BYTES - u32_of(front.len());
        if !front.is_empty() {
            self.0.subarray(start, FRONT_BYTES).copy_from(front);
        }
        self.0.subarray(start, FRONT_BYTES + u32_of(bytes))
    }

    /// Zeros from one place to another.
    fn clear(&self, start: usize, end: usize) {
        self.0
            .fill(0, FRONT_BYTES + u32_of(start), FRONT_BYTES + u32_of(end));
    }

    /// Holds `first` and `then` instead. Returns how many bytes that is.
    fn hold(&self, first: &[u8], then: &Uint8Array) -> usize {
        self.behind(&[], first.len()).copy_from(first);
        self.0.set(then, FRONT_BYTES + u32_of(first.len()));
        first.len() + then.length() as usize
    }
}

impl Buffers {
    fn take(&self) -> Buffer {
        let unused = self.0.borrow_mut().pop();
        unused.unwrap_or_else(|| {
            let bytes = FRONT_BYTES + u32_of(BLOB_CHUNK_BYTES);
            Buffer(Uint8Array::new_with_length(bytes))
        })
    }

    fn give_back(&self, buffer: Buffer) {
        self.0.borrow_mut().push(buffer);
    }
}

fn u32_of(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a chunk is about 1 MiB")
}

fn begun<F: Future>(begun: Result<F, Thrown>) -> Result<F, CryptError> {
    begun.map_err(CryptError::Crypto)
}
