//! What a patient and a hospital's staff do with a record: seal the file and its summary, encrypt
//! the record key to a scope, grant a scope, and open what came back.
//!
//! A relay never depends on this crate. Values in, values out: no clock, no ambient randomness,
//! no input or output; the bulk cipher may run elsewhere (a browser's WebCrypto) over the same
//! bytes, as [`SealPlan`] and [`OpenPlan`] lay them out.
#![no_std]

extern crate alloc;

mod file;
mod grant;
mod media_type;
mod padme;
mod record;
mod record_key;
mod summary;

pub use file::{
    ContentCommitment, ContentHasher, ContentLeaf, ContentReader, FileHeader, FileHeaderError,
    OpenChunk, OpenError, OpenPlan, OpenedContent, Opener, Piece, SealChunk, SealError, SealPlan,
    SealedFile, Sealer, Suspect, UnconfirmedContent, content_leaf, content_leaf_prefix, open_file,
    seal_file,
};
pub use grant::{GrantError, GrantMaterial, split};
pub use media_type::{MediaType, NotWhatItsNameSays};
pub use padme::padme;
pub use record::{
    OpenRecordKeyError, SealedRecordKey, open_as_grantee, open_as_patient, seal_record_key,
};
pub use record_key::{ContentSalt, FileKey, RecordKey, SummaryKey};
pub use summary::{
    Coding, Period, SealedSummary, Summary, SummaryError, SummaryFields, SummaryOpenError,
};
