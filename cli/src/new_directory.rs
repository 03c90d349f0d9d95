//! A directory that appears whole or not at all: made beside its place and moved there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    failure::{Exit, Failure},
    private_file::sync_directory,
};

/// A directory on its way to its place. Dropped before [`NewDirectory::finish`], nothing is left.
pub(crate) struct NewDirectory {
    unfinished: TempDir,
    place: PathBuf,
}

impl NewDirectory {
    /// # Errors
    /// `directory-not-empty`: what is there is never written over.
    pub(crate) fn beside(place: &Path, what: &str) -> Result<Self, Failure> {
        check_free(place, what)?;
        let parent = place.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(|error| Failure::file(parent, "made", &error))?;
        let unfinished = tempfile::Builder::new()
            .prefix(".keepwell-")
            .tempdir_in(parent)
            .map_err(|error| Failure::file(parent, "written", &error))?;
        Ok(Self {
            unfinished,
            place: place.to_path_buf(),
        })
    }

    /// Where to put the files.
    pub(crate) fn path(&self) -> &Path {
        self.unfinished.path()
    }

    /// Moves it to its place, which is free or an empty directory.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let Self { unfinished, place } = self;
        sync_directory(unfinished.path())?;
        fs::rename(unfinished.path(), &place)
            .map_err(|error| Failure::file(&place, "made", &error))?;
        // It is no longer where its guard would delete it.
        let _moved: PathBuf = unfinished.keep();
        sync_directory(place.parent().unwrap_or(Path::new("/")))
    }
}

fn check_free(place: &Path, what: &str) -> Result<(), Failure> {
    let mut entries = match fs::read_dir(place) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::file(place, "read", &error)),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Local,
        "directoryNotEmpty",
        format!("{} exists and is not empty.", place.display()),
        format!("Name another directory: {what} is never written over."),
    ))
}
