//! Opening a sealed file as it comes: each chunk into a temporary file beside its place, and moved
//! there only when all of it is what the record committed to. Nothing partial is left.

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf, absolute},
};

use keepwell_client::{ChunkSink, ClientError, OpenableRecord};
use keepwell_seal::{ContentCommitment, Opener, RecordKey};
use serde_json::json;
use tempfile::NamedTempFile;

use crate::{
    answer::Answer,
    failure::{Exit, Failure},
};

/// A file on its way to `out`.
pub(crate) struct OpenedFile {
    out: PathBuf,
    key: RecordKey,
    expected: ContentCommitment,
    opener: Option<Opener>,
    unfinished: NamedTempFile,
    written_bytes: u64,
}

/// That nothing stands at `out`: asked before anything is downloaded.
pub(crate) fn check_free(out: &Path) -> Result<(), Failure> {
    if out.symlink_metadata().is_ok() {
        return Err(exists(out));
    }
    Ok(())
}

impl OpenedFile {
    pub(crate) fn new(out: &Path, record: &OpenableRecord) -> Result<Self, Failure> {
        let parent = match out.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => Path::new("/"),
        };
        let unfinished = tempfile::Builder::new()
            .prefix(".keepwell-")
            .tempfile_in(parent)
            .map_err(|error| Failure::file(parent, "written", &error))?;
        Ok(Self {
            out: out.to_path_buf(),
            key: record.key.clone(),
            expected: record.content_commitment,
            opener: None,
            unfinished,
            written_bytes: 0,
        })
    }

    /// Puts the file in its place. Returns its size in bytes.
    pub(crate) fn finish(self) -> Result<u64, Failure> {
        let failed = |error: std::io::Error| Failure::file(&self.out, "written", &error);
        let unfinished = keepwell_seal::OpenError::Unfinished {
            got: 0,
            expected: 1,
        };
        let opener = self.opener.ok_or(ClientError::Open { error: unfinished })?;
        let opened = opener.finish(self.expected);
        opened.map_err(|error| ClientError::Open { error })?;
        self.unfinished.as_file().sync_all().map_err(failed)?;
        match self.unfinished.persist_noclobber(&self.out) {
            Ok(_) => Ok(self.written_bytes),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(exists(&self.out)),
            Err(error) => Err(failed(error.error)),
        }
    }
}

impl ChunkSink for OpenedFile {
    async fn take(&mut self, size_bytes: u64, chunk: Vec<u8>) -> Result<(), ClientError> {
        let not_opened = |error| ClientError::Open { error };
        let opener = match &mut self.opener {
            Some(opener) => opener,
            None => {
                let opener = Opener::new(&self.key, &chunk, size_bytes).map_err(not_opened)?;
                self.opener.insert(opener)
            }
        };
        let content = opener.push(&chunk).map_err(not_opened)?;
        let content = content.into_bytes_for_spool();
        self.written_bytes += content.len() as u64;
        let written = self.unfinished.write_all(&content);
        written.map_err(|error| ClientError::Chunks {
            why: format!("{} could not be written: {error}", self.out.display()),
        })
    }
}

/// What `open` verbs answer.
pub(crate) fn answer(out: &Path, bytes: u64) -> Answer {
    let place = absolute(out).unwrap_or_else(|_| out.to_path_buf());
    let place = place.to_string_lossy();
    Answer {
        json: json!({ "out": place, "bytes": bytes }),
        words: format!("Opened: {bytes} bytes in {place}\n"),
    }
}

fn exists(out: &Path) -> Failure {
    Failure::new(
        Exit::Local,
        "fileExists",
        format!("{} exists already.", out.display()),
        "Name another file with --out: nothing is written over.",
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use keepwell_primitives::limits::BLOB_CHUNK_BYTES;
    use keepwell_seal::seal_file;

    use super::*;
    use crate::runtime::block_on;

    fn sealed(content: &[u8]) -> (OpenableRecord, Vec<u8>) {
        let key = RecordKey::from_bytes([9; 32]);
        let (file, sealed) = seal_file(&key, content).unwrap();
        let record = OpenableRecord {
            key,
            blob_id: sealed.leaves.blob_id(),
            content_commitment: sealed.content_commitment,
        };
        (record, file)
    }

    fn take(opened: &mut OpenedFile, file: &[u8]) -> Result<(), ClientError> {
        let mut chunks = file.chunks(BLOB_CHUNK_BYTES);
        chunks.try_for_each(|chunk| block_on(opened.take(file.len() as u64, chunk.to_vec())))
    }

    #[test]
    fn file_appears_whole_with_the_content_it_was_sealed_from() {
        let directory = tempfile::tempdir().unwrap();
        for size in [0, 1, 1024 * 1024, 2 * 1024 * 1024 + 3] {
            let content = vec![5; size];
            let (record, file) = sealed(&content);
            let out = directory.path().join(size.to_string());
            let mut opened = OpenedFile::new(&out, &record).unwrap();
            take(&mut opened, &file).unwrap();
            assert!(!out.exists());
            assert_eq!(opened.finish().unwrap(), size as u64);
            assert!(fs::read(&out).unwrap() == content);
        }
    }

    #[test]
    fn what_does_not_open_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        let (record, mut file) = sealed(&vec![5; 2 * 1024 * 1024]);
        let last = file.len() - 1;
        file[last] ^= 1;
        let mut opened = OpenedFile::new(&out, &record).unwrap();
        assert!(matches!(
            take(&mut opened, &file),
            Err(ClientError::Open { .. })
        ));
        drop(opened);

        let mut opened = OpenedFile::new(&out, &record).unwrap();
        take(&mut opened, &file[..BLOB_CHUNK_BYTES]).unwrap_or_default();
        assert_eq!(opened.finish().unwrap_err().exit, Exit::Unverified);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn another_content_than_was_committed_to_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        let (record, file) = sealed(b"one");
        let (other, _) = sealed(b"two");
        let record = OpenableRecord {
            content_commitment: other.content_commitment,
            ..record
        };
        let mut opened = OpenedFile::new(&out, &record).unwrap();
        take(&mut opened, &file).unwrap();
        let failure = opened.finish().unwrap_err();
        assert_eq!(failure.code, "contentCommitment");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn nothing_is_written_over() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        let (record, file) = sealed(b"new");
        let mut opened = OpenedFile::new(&out, &record).unwrap();
        take(&mut opened, &file).unwrap();
        fs::write(&out, "old").unwrap();
        assert_eq!(opened.finish().unwrap_err().code, "fileExists");
        assert_eq!(fs::read(&out).unwrap(), b"old");
        assert_eq!(check_free(&out).unwrap_err().code, "fileExists");
    }
}
