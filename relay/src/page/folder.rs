//! The folder that holds the built page, read into memory: what is served is what was there at the
//! start, and no request reaches the disk.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use bytes::Bytes;

use super::{PageError, asset::Asset, inline_scripts};

/// The page itself, by its address.
const INDEX: &str = "/index.html";

/// What is served in place of the file that is named like it without this.
const BROTLI: &str = ".br";

/// The page and its programs take a few: a folder given by mistake is not read into memory.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// The page takes a few dozen.
const FILES_MAX: usize = 1024;

/// A built page.
#[derive(Debug)]
pub struct Page {
    assets: HashMap<String, Asset>,
    index: Asset,
    script_hashes: Vec<String>,
}

impl Page {
    /// Reads the folder.
    ///
    /// # Errors
    /// [`PageError`], if it cannot be read or holds no page.
    pub fn open(folder: &Path) -> Result<Self, PageError> {
        let no_index = || PageError::NoIndex {
            folder: folder.to_owned(),
        };
        fs::read_dir(folder).map_err(unreadable(folder))?;
        // Looked for first: of any other folder nothing more needs to be read or said.
        if !folder.join("index.html").is_file() {
            return Err(no_index());
        }
        let mut files = HashMap::new();
        read_into(&mut files, folder, folder, "")?;
        let index = files.get(INDEX).ok_or_else(no_index)?;
        let Ok(text) = String::from_utf8(index.to_vec()) else {
            return Err(PageError::NotText {
                path: folder.join("index.html"),
            });
        };
        let mut assets: HashMap<_, _> = files
            .iter()
            .filter(|(path, _)| !path.ends_with(BROTLI))
            .map(|(path, body)| {
                let brotli = files.get(&format!("{path}{BROTLI}"));
                let asset = Asset::new(path, body.clone(), brotli.cloned(), &text);
                (path.clone(), asset)
            })
            .collect();
        let index = assets.remove(INDEX).ok_or_else(no_index)?;
        Ok(Self {
            assets,
            index,
            script_hashes: inline_scripts::hashes(&text),
        })
    }

    /// The page itself.
    pub(super) fn index(&self) -> &Asset {
        &self.index
    }

    /// A file that the page loads, by its address.
    pub(super) fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }

    /// The scripts that stand in the page itself, as a policy names them.
    pub(super) fn script_hashes(&self) -> &[String] {
        &self.script_hashes
    }
}

/// Reads a folder and the folders in it; `address` is the folder's own.
fn read_into(
    files: &mut HashMap<String, Bytes>,
    page: &Path,
    folder: &Path,
    address: &str,
) -> Result<(), PageError> {
    let entries = fs::read_dir(folder).map_err(unreadable(folder))?;
    for entry in entries {
        let path = entry.map_err(unreadable(folder))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        // What starts with a dot was left by an editor or by the build.
        if name.starts_with('.') {
            continue;
        }
        let address = format!("{address}/{name}");
        let metadata = fs::metadata(&path).map_err(unreadable(&path))?;
        if metadata.is_dir() {
            read_into(files, page, &path, &address)?;
            continue;
        }
        let held: usize = files.values().map(Bytes::len).sum();
        let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        if files.len() >= FILES_MAX || length > BYTES_MAX.saturating_sub(held) {
            return Err(PageError::TooLarge {
                folder: page.to_owned(),
                bytes_max: BYTES_MAX,
                files_max: FILES_MAX,
            });
        }
        let body = fs::read(&path).map_err(unreadable(&path))?;
        files.insert(address, body.into());
    }
    Ok(())
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> PageError {
    let path: PathBuf = path.to_owned();
    |error| PageError::Read { path, error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_without_a_page_and_folder_that_is_none_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let opened = Page::open(folder.path());
        assert!(
            matches!(opened, Err(PageError::NoIndex { .. })),
            "{opened:?}"
        );
        let opened = Page::open(&folder.path().join("nowhere"));
        assert!(matches!(opened, Err(PageError::Read { .. })), "{opened:?}");
        fs::write(folder.path().join("index.html"), [0xff]).unwrap();
        let opened = Page::open(folder.path());
        assert!(
            matches!(opened, Err(PageError::NotText { .. })),
            "{opened:?}"
        );
    }

    #[test]
    fn folder_with_much_else_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), "a page").unwrap();
        let file = fs::File::create(folder.path().join("film.mp4")).unwrap();
        file.set_len(BYTES_MAX as u64 + 1).unwrap();
        let opened = Page::open(folder.path());
        assert!(
            matches!(opened, Err(PageError::TooLarge { .. })),
            "{opened:?}"
        );
    }
}
