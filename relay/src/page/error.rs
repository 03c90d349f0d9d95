//! Why a folder is no page.

use std::{io, path::PathBuf};

/// What is wrong with the folder that holds the page.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the message says of them")]
pub enum PageError {
    /// The folder, or a file in it, cannot be read.
    #[error("the page cannot be read: {}: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    /// There is no page in it.
    #[error("{} holds no index.html: --page takes the folder that `cargo xtask build` prints", folder.display())]
    NoIndex { folder: PathBuf },
    /// The page is no text.
    #[error("{} is not UTF-8", path.display())]
    NotText { path: PathBuf },
    /// It holds more than any page does.
    #[error("{} holds more than {bytes_max} bytes or {files_max} files, so it is not only the page", folder.display())]
    TooLarge {
        folder: PathBuf,
        bytes_max: usize,
        files_max: usize,
    },
}
