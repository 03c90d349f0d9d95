//! What a relay serves in place of a file where the browser takes Brotli: as small as it gets, and
//! made once. Trunk empties its folder at each build, so what was made is kept elsewhere, under the
//! hash of what it was made from.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use brotli::enc::BrotliEncoderParams;
use sha2::{Digest as _, Sha256};

/// What is worth compressing; pictures are already.
const EXTENSIONS: [&str; 5] = ["css", "html", "js", "svg", "wasm"];

/// The best there is.
const QUALITY: i32 = 11;

/// A window of 2^24 bytes, the largest that every browser has: no program is as long.
const WINDOW_BITS: i32 = 24;

/// Writes `NAME.br` beside each file of the page; `kept` holds those of earlier builds.
///
/// # Errors
///
/// If a file cannot be read or written.
pub(super) fn write(page: &Path, kept: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(kept).with_context(|| format!("cannot make {}", kept.display()))?;
    let mut used = HashSet::new();
    for file in files(page)? {
        let extension = file.extension().and_then(|extension| extension.to_str());
        if !extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) {
            continue;
        }
        let bytes = fs::read(&file).with_context(|| format!("{}", file.display()))?;
        let earlier = kept.join(hex::encode(Sha256::digest(&bytes)));
        if !earlier.is_file() {
            let mut new = tempfile::NamedTempFile::new_in(kept)?;
            new.write_all(&compress(&bytes)?)?;
            new.persist(&earlier)?;
        }
        fs::copy(&earlier, beside(&file))?;
        used.insert(earlier);
    }
    // What no file of this build needs would gather for years.
    for file in files(kept)? {
        if !used.contains(&file) {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// Where the compressed form of a file is.
pub(super) fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

/// All files in a folder and in those below it.
pub(super) fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW_BITS,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what fails there fails the test")]
mod tests {
    use super::*;

    #[test]
    fn compressed_files_are_what_they_were_made_from_and_are_made_once() {
        let (page, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab".repeat(100);
        fs::create_dir(page.path().join("snippets")).unwrap();
        let script = page.path().join("snippets/a.js");
        fs::write(&script, &text).unwrap();
        fs::write(page.path().join("a.png"), &text).unwrap();
        write(page.path(), kept.path()).unwrap();

        let compressed = fs::read(beside(&script)).unwrap();
        assert!(compressed.len() < text.len() / 10);
        let mut read = Vec::new();
        brotli::BrotliDecompress(&mut &*compressed, &mut read).unwrap();
        assert_eq!(read, text.as_bytes());
        assert!(!page.path().join("a.png.br").exists());

        let [earlier] = files(kept.path()).unwrap().try_into().unwrap();
        fs::write(&earlier, "made before").unwrap();
        write(page.path(), kept.path()).unwrap();
        assert_eq!(fs::read(beside(&script)).unwrap(), b"made before");

        fs::write(&script, "other").unwrap();
        write(page.path(), kept.path()).unwrap();
        assert!(!earlier.exists(), "what nothing needs is not kept");
    }
}
