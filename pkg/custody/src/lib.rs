//! What a host may do with sealed things: name and check the chunks of a sealed file, hold a key
//! fragment for a patient, re-encrypt a capsule with it, and answer a request.
//!
//! Nothing here can open a record. A relay depends on this crate and never on `keepwell-seal`.
//! Values in, values out: no clock, no ambient randomness, no input or output.
#![no_std]

extern crate alloc;

mod answer;
mod blob;
mod fragment;
mod grant_terms;
mod reencryption;
mod sealed_fragment;
pub mod umbral;

pub use answer::{
    ANSWER_ITEM_FRAGMENTS_MAX, Answer, AnswerError, AnswerItem, AnsweredRecord, answer_commitment,
};
pub use blob::{
    BlobError, BlobHasher, BlobId, BlobLeaf, BlobLeaves, BlobSize, blob_leaf, blob_leaf_prefix,
    merkle_top,
};
pub use fragment::{CheckedFragment, FragmentError};
pub use grant_terms::{GrantCommitment, GrantTerms};
pub use reencryption::{CheckedCapsuleFragment, ReencryptionError, reencrypt};
pub use sealed_fragment::{OpenedFragment, SealedFragment, SealedFragmentError};
pub use umbral::{
    Capsule, CapsuleFragment, EncryptedKey, FragmentCommitment, KeyFragment, WireError,
};
