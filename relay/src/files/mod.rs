//! Sealed files: taken in chunk by chunk, shown only when whole and verified, read by range
//! (`docs/protocol.md`, sections 8 and 9).
//!
//! They lie in an object store: a local folder, or an S3 bucket. Each chunk is one object, and the
//! manifest, written last and only if absent, is what makes a file visible. An object store cannot
//! append, but it writes one object whole or not at all: so uploads resume at any chunk, a crash
//! leaves nothing half-visible, and the same code serves a disk and a bucket.
//!
//! Nothing here can read a file, and nothing decides who may: that is for the caller. One process
//! at a time writes to one folder or prefix; the relay's locked data directory sees to that.

mod complete;
mod error;
mod expire;
mod layout;
mod location;
mod manifest;
mod read;
mod sealed_files;
mod shape;
mod sweep;
mod upload;

pub use complete::Completed;
pub use error::FilesError;
pub use location::FilesLocation;
pub use sealed_files::{Files, FilesConfig, LeafHash};
pub use upload::Progress;
