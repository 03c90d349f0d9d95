//! Sealing a file into a spool: one chunk in memory at a time, and the sealed bytes on disk, so
//! that an upload can be taken up again without sealing twice under one key.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

use keepwell_client::ChunkSource;
use keepwell_custody::BlobLeaves;
use keepwell_primitives::limits::FILE_BYTES_MAX;
use keepwell_seal::{MediaType, RecordKey, SealedFile, Sealer};
use rand_core::OsRng;

use crate::failure::{Exit, Failure};

/// A file that is to become a record, and what it is.
pub(crate) struct Original {
    file: File,
    size_bytes: u64,
    pub(crate) media_type: MediaType,
    pub(crate) fhir_type: String,
}

/// Its sealed bytes, until the spool is dropped.
pub(crate) struct Spool {
    file: File,
    leaves: BlobLeaves,
}

impl Original {
    /// Looks at what a file is. Nothing is taken for what its name alone says, unless it is empty.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::file(path, "read", &error);
        let mut file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(Failure::new(
                Exit::Local,
                "notAFile",
                format!("{} is not a file.", path.display()),
                "Name a file: FHIR in JSON, PDF, PNG, JPEG or DICOM.",
            ));
        }
        let size_bytes = metadata.len();
        if size_bytes > FILE_BYTES_MAX {
            let message = format!("{} is larger than a record may be.", path.display());
            let hint = "Issue it in parts.";
            let failure = Failure::new(Exit::Local, "fileTooLarge", message, hint);
            let (got, max) = (size_bytes.to_string(), FILE_BYTES_MAX.to_string());
            return Err(failure.with_difference(got, max));
        }
        let media_type = media_type(&mut file, path)?;
        let fhir_type = fhir_type(&mut file, path, media_type, size_bytes)?;
        file.rewind().map_err(failed)?;
        Ok(Self {
            file,
            size_bytes,
            media_type,
            fhir_type,
        })
    }

    /// Seals it under a fresh key into a spool in `directory`.
    pub(crate) fn seal(
        mut self,
        path: &Path,
        directory: &Path,
    ) -> Result<(RecordKey, SealedFile, Spool), Failure> {
        let unreadable = |error: std::io::Error| Failure::file(path, "read", &error);
        let unwritable = |error: std::io::Error| Failure::file(directory, "written", &error);
        let changed = |error: keepwell_seal::SealError| {
            let message = format!("{} cannot be sealed: {error}.", path.display());
            Failure::new(Exit::Local, "sealing", message, "Try again.")
        };
        let key = RecordKey::generate(&mut OsRng);
        let mut sealer = Sealer::new(&key, self.size_bytes).map_err(changed)?;
        let mut spool = tempfile::tempfile_in(directory).map_err(unwritable)?;
        let mut content = Vec::new();
        while let Some(wanted) = sealer.wanted_bytes() {
            content.resize(wanted, 0);
            // A file that shrinks while it is read ends too early, and is not sealed.
            self.file.read_exact(&mut content).map_err(unreadable)?;
            let sealed = sealer.push(&content).map_err(changed)?;
            spool.write_all(&sealed).map_err(unwritable)?;
        }
        let sealed = sealer.finish().map_err(changed)?;
        let leaves = sealed.leaves.clone();
        let spool = Spool {
            file: spool,
            leaves,
        };
        Ok((key, sealed, spool))
    }
}

impl ChunkSource for Spool {
    async fn chunk(&mut self, index: u32) -> Result<Vec<u8>, String> {
        let range = self.leaves.size().chunk_range(index);
        let range = range.map_err(|error| error.to_string())?;
        let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let mut chunk = vec![0; length];
        let read = self
            .file
            .seek(SeekFrom::Start(range.start))
            .and_then(|_| self.file.read_exact(&mut chunk));
        read.map_err(|error| format!("the sealed file cannot be read back: {error}"))?;
        Ok(chunk)
    }
}

fn media_type(file: &mut File, path: &Path) -> Result<MediaType, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut first_bytes = Vec::new();
    let sniffed = MediaType::SNIFFED_BYTES as u64;
    file.take(sniffed)
        .read_to_end(&mut first_bytes)
        .map_err(|error| Failure::file(path, "read", &error))?;
    if first_bytes.is_empty()
        && let Some(media_type) = MediaType::of_name(&name)
    {
        return Ok(media_type);
    }
    MediaType::sniff(&first_bytes, &name).map_err(|error| {
        let text = |media_type: Option<MediaType>| {
            media_type.map_or("unknown", MediaType::as_str).to_string()
        };
        let hint = "Records are FHIR in JSON, PDF, PNG, JPEG or DICOM; rename or convert the file.";
        let failure = Failure::new(Exit::Local, "mediaType", format!("{error}."), hint);
        failure.with_difference(text(error.got), text(error.expected))
    })
}

/// The FHIR type that a timeline shows. JSON is read through to its end, for it must be whole.
fn fhir_type(
    file: &mut File,
    path: &Path,
    media_type: MediaType,
    size_bytes: u64,
) -> Result<String, Failure> {
    /// The one property that is kept.
    #[derive(serde::Deserialize)]
    struct Resource {
        #[serde(rename = "resourceType")]
        resource_type: String,
    }
    let fixed = match media_type {
        MediaType::FhirJson if size_bytes > 0 => None,
        MediaType::FhirJson | MediaType::Pdf => Some("DocumentReference"),
        MediaType::Png | MediaType::Jpeg => Some("Media"),
        MediaType::Dicom => Some("ImagingStudy"),
    };
    if let Some(fixed) = fixed {
        return Ok(String::from(fixed));
    }
    file.rewind()
        .map_err(|error| Failure::file(path, "read", &error))?;
    let reader = std::io::BufReader::new(file);
    let resource: Resource = serde_json::from_reader(reader).map_err(|error| {
        Failure::new(
            Exit::Local,
            "mediaType",
            format!("{} is not FHIR in JSON: {error}.", path.display()),
            "Mend the file where the message says, or export it again.",
        )
    })?;
    Ok(resource.resource_type)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::block_on;

    fn original(name: &str, content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        std::fs::write(&path, content).unwrap();
        (directory, path)
    }

    #[test]
    fn spool_gives_back_the_chunks_that_the_leaves_name() {
        let mut content = b"%PDF-1.7\n".to_vec();
        content.resize(3 * 1024 * 1024 + 17, 7);
        let (directory, path) = original("scan.pdf", &content);
        let original = Original::open(&path).unwrap();
        assert_eq!(original.media_type, MediaType::Pdf);
        let (_, sealed, mut spool) = original.seal(&path, directory.path()).unwrap();
        let count = sealed.leaves.size().chunk_count();
        assert!(count >= 4);
        for index in (0..count).rev() {
            let chunk = block_on(spool.chunk(index)).unwrap();
            assert_eq!(sealed.leaves.check_chunk(index, &chunk), Ok(()));
        }
    }

    #[test]
    fn file_is_what_it_is_and_not_what_it_is_called() {
        for (name, content, expected) in [
            (
                "a.json",
                &br#"{"x": {}, "resourceType": "Bundle"}"#[..],
                Ok("Bundle"),
            ),
            ("a.json", br#"{"resourceType": "Bundle"#, Err("mediaType")),
            ("a.json", b"[]", Err("mediaType")),
            ("a.png", b"%PDF-1.7", Err("mediaType")),
            ("empty.pdf", b"", Ok("DocumentReference")),
            ("empty.doc", b"", Err("mediaType")),
        ] {
            let (_directory, path) = original(name, content);
            let fhir_type = Original::open(&path).map(|original| original.fhir_type);
            let got = fhir_type.map_err(|failure| failure.code);
            assert_eq!(
                got,
                expected.map(String::from).map_err(String::from),
                "{name}"
            );
        }
    }

    #[test]
    fn empty_file_has_a_sealed_form() {
        let (directory, path) = original("empty.pdf", b"");
        let original = Original::open(&path).unwrap();
        let (_, sealed, _) = original.seal(&path, directory.path()).unwrap();
        assert_eq!(sealed.leaves.size().chunk_count(), 1);
    }
}
