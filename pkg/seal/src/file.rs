//! The sealed file.
//!
//! ```text
//! stream  = header 24 ‖ content length u64 BE ‖ content ‖ zeros         padded by Padmé
//! header  = "keepwell" ‖ version u32 BE = 1 ‖ chunk bytes u32 BE = 2²⁰ ‖ stream bytes u64 BE
//! chunk i = AES-256-GCM(file key, nonce i, associated data = header, stream[i·2²⁰ .. (i+1)·2²⁰])
//! nonce i = i as 88 bits BE ‖ 1 for the last chunk, else 0              STREAM
//! file    = header ‖ chunk 0 ‖ chunk 1 ‖ …                              16 bytes of tag in each
//! ```
//!
//! The header is part of the stream for cutting and padding, but stays in clear: chunk 0 encrypts
//! what follows it. So header and chunk 0 together are as long as every other full chunk, 2²⁰ + 16
//! bytes, and the file's blob chunks (`keepwell_custody::BlobId`) are its sealed chunks.
//!
//! STREAM is the construction of Hoang, Reyhanitabar, Rogaway and Vizár, "Online
//! Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015: the counter keeps
//! chunks in order, the final flag keeps the file from being cut short.
//!
//! GCM does not commit to its key, hence the *content commitment* (see [`ContentCommitment`]),
//! checked before anything is shown.

mod content;
mod error;
mod header;
mod layout;
mod open_plan;
mod opener;
mod reader;
mod seal_plan;
mod sealer;

pub use content::{
    ContentCommitment, ContentHasher, ContentLeaf, content_leaf, content_leaf_prefix,
};
pub use error::{OpenError, SealError};
pub use header::{FileHeader, FileHeaderError};
pub use open_plan::{OpenChunk, OpenPlan, Suspect};
pub use opener::{Opener, UnconfirmedContent, open_file};
pub use reader::{ContentReader, OpenedContent, Piece};
pub use seal_plan::{SealChunk, SealPlan};
pub use sealer::{SealedFile, Sealer, seal_file};
