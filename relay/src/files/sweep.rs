//! What a crash leaves in a local folder: each object is written beside its place, as
//! `<name>#<number>`, and then moved there. Nobody sees the former, and nobody would delete them.

use std::{ffi::OsStr, fs, io, path::Path};

/// Deletes what writes that were cut off left behind. Nothing may be writing here.
///
/// Chunks are written while an upload's mark stands, so only the folders of uploads are looked at:
/// the time this takes does not grow with the files kept.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    let uploads = folder.join("uploads");
    for upload in names(&uploads)? {
        sweep_one(&folder.join("chunks").join(upload))?;
    }
    sweep_one(&uploads)?;
    sweep_one(&folder.join("files"))
}

fn sweep_one(folder: &Path) -> io::Result<()> {
    for name in names(folder)? {
        if is_staged(&name) {
            fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

/// The names in a folder; none if there is no such folder.
fn names(folder: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn is_staged(name: &OsStr) -> bool {
    let number = name
        .to_str()
        .and_then(|name| name.split_once('#'))
        .map(|(_, number)| number);
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_off_goes_and_what_is_whole_stays() {
        let dir = tempfile::tempdir().unwrap();
        sweep(dir.path()).unwrap();
        let upload = "0f".repeat(32);
        let chunks = format!("chunks/{upload}");
        for folder in ["uploads", "files", &chunks] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        let whole = [format!("uploads/{upload}"), format!("{chunks}/00000000")];
        let cut_off = [format!("{chunks}/00000001#1"), "files/00#12".to_owned()];
        for file in whole.iter().chain(&cut_off) {
            fs::write(dir.path().join(file), b"bytes").unwrap();
        }
        sweep(dir.path()).unwrap();
        assert!(whole.iter().all(|file| dir.path().join(file).exists()));
        assert!(!cut_off.iter().any(|file| dir.path().join(file).exists()));
    }
}
