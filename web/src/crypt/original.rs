//! What a chosen file is, before it is sealed for good: as the command looks at it, so that page
//! and command take and refuse the same files.

use keepwell_primitives::limits::FILE_BYTES_MAX;
use keepwell_seal::MediaType;
use web_sys::Blob;

use super::OriginalError;
use crate::ports::{
    blob_bytes::{self, WaitingReader},
    thrown::Thrown,
};

/// What a file is to become as a record. Nothing is taken for what its name alone says, unless it
/// is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its bytes.
    pub size_bytes: u64,
    /// Its kind.
    pub media_type: MediaType,
    /// The FHIR type that a timeline shows.
    pub fhir_type: String,
}

impl Original {
    /// Looks at a file. Of JSON it reads all, piece by piece, for it must be whole; that takes a
    /// worker.
    ///
    /// # Errors
    /// One of [`OriginalError`].
    pub async fn of(file: &Blob, name: &str) -> Result<Self, OriginalError> {
        let size_bytes = blob_bytes::size_bytes(file);
        if size_bytes > FILE_BYTES_MAX {
            return Err(OriginalError::TooLarge {
                name: name.to_owned(),
                got: size_bytes,
                max: FILE_BYTES_MAX,
            });
        }
        let media_type = media_type(file, name).await?;
        let fhir_type = match media_type {
            MediaType::FhirJson if size_bytes > 0 => fhir_type(file, name)?,
            MediaType::FhirJson | MediaType::Pdf => String::from("DocumentReference"),
            MediaType::Png | MediaType::Jpeg => String::from("Media"),
            MediaType::Dicom => String::from("ImagingStudy"),
        };
        Ok(Self {
            size_bytes,
            media_type,
            fhir_type,
        })
    }
}

async fn media_type(file: &Blob, name: &str) -> Result<MediaType, OriginalError> {
    let sniffed = u32::try_from(MediaType::SNIFFED_BYTES).expect("a few thousand bytes");
    let first_bytes = blob_bytes::first_bytes(file, sniffed).await;
    let first_bytes = first_bytes.map_err(|thrown| unreadable(name, thrown))?;
    match MediaType::of_name(name) {
        Some(media_type) if first_bytes.is_empty() => Ok(media_type),
        _ => Ok(MediaType::sniff(&first_bytes, name)?),
    }
}

fn fhir_type(file: &Blob, name: &str) -> Result<String, OriginalError> {
    /// The one property that is kept.
    #[derive(serde::Deserialize)]
    struct Resource {
        #[serde(rename = "resourceType")]
        resource_type: String,
    }
    /// Between the browser and the parser: few reads, little memory.
    const BUFFER_BYTES: usize = 256 * 1024;
    let reader = WaitingReader::new(file).map_err(|thrown| unreadable(name, thrown))?;
    let reader = std::io::BufReader::with_capacity(BUFFER_BYTES, reader);
    let resource: Resource =
        serde_json::from_reader(reader).map_err(|error| OriginalError::NotFhir {
            name: name.to_owned(),
            why: error.to_string(),
        })?;
    Ok(resource.resource_type)
}

fn unreadable(name: &str, thrown: Thrown) -> OriginalError {
    OriginalError::Unreadable {
        name: name.to_owned(),
        thrown,
    }
}
