//! Files that only their owner may read, durable before they count as written.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::Write,
    path::Path,
};

use crate::failure::Failure;

/// Writes a new file with mode 0600.
pub(crate) fn write_private(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    write(path, contents, 0o600)
}

/// Writes a new file with mode 0644.
pub(crate) fn write_public(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    write(path, contents, 0o644)
}

/// Puts a file with mode 0600 in the place of another, or of none, whole.
pub(crate) fn replace_private(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let replaced = tempfile::NamedTempFile::new_in(parent).and_then(|mut file| {
        file.write_all(contents)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    });
    replaced.map_err(|error| Failure::file(path, "written", &error))?;
    sync_directory(parent)
}

/// Makes a directory with mode 0700.
pub(crate) fn make_private_directory(path: &Path) -> Result<(), Failure> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.create(path);
    made.map_err(|error| Failure::file(path, "made", &error))
}

/// Makes what was put into a directory survive a loss of power.
pub(crate) fn sync_directory(path: &Path) -> Result<(), Failure> {
    let synced = File::open(path).and_then(|directory| directory.sync_all());
    synced.map_err(|error| Failure::file(path, "written", &error))
}

fn write(path: &Path, contents: &[u8], mode: u32) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = options.open(path).and_then(|mut file| {
        file.write_all(contents)?;
        file.sync_all()
    });
    written.map_err(|error| Failure::file(path, "written", &error))
}
