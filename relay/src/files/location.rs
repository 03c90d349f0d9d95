//! Where the files lie: a folder, or `s3://bucket/prefix?endpoint=…&region=…`.

use core::str::FromStr;
use std::{fs, path::PathBuf, sync::Arc};

use object_store::{ObjectStore, local::LocalFileSystem};
use url::Url;

use super::{FilesError, sweep::sweep};

/// Where the files lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesLocation {
    /// A local folder.
    Folder(PathBuf),
    /// A part of an S3 bucket. Credentials come from the environment, as AWS's own tools read them.
    Bucket {
        /// The bucket's name.
        bucket: String,
        /// What all objects' names begin with; may be empty.
        prefix: String,
        /// The server, where it is not AWS.
        endpoint: Option<String>,
        /// The region, where the environment does not say it.
        region: Option<String>,
    },
}

impl FromStr for FilesLocation {
    type Err = FilesError;

    fn from_str(text: &str) -> Result<Self, FilesError> {
        let wrong = |reason: String| FilesError::Location {
            got: text.to_owned(),
            reason,
        };
        if !text.contains("://") {
            return match text {
                "" => Err(wrong("it is empty".to_owned())),
                folder => Ok(Self::Folder(folder.into())),
            };
        }
        let url = Url::parse(text).map_err(|error| wrong(error.to_string()))?;
        match url.scheme() {
            "file" => {
                let folder = url.to_file_path();
                folder
                    .map(Self::Folder)
                    .map_err(|()| wrong("it is not a local path".to_owned()))
            }
            "s3" => bucket(&url).map_err(wrong),
            other => Err(wrong(format!(
                "it must begin with file:// or s3://, not {other}://"
            ))),
        }
    }
}

fn bucket(url: &Url) -> Result<FilesLocation, String> {
    let bucket = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or("the bucket is missing")?;
    let (mut endpoint, mut region) = (None, None);
    for (name, value) in url.query_pairs() {
        match &*name {
            "endpoint" => endpoint = Some(value.into_owned()),
            "region" => region = Some(value.into_owned()),
            other => return Err(format!("it may say endpoint and region, not {other:?}")),
        }
    }
    Ok(FilesLocation::Bucket {
        bucket: bucket.to_owned(),
        prefix: url.path().trim_matches('/').to_owned(),
        endpoint,
        region,
    })
}

pub(super) fn open(location: &FilesLocation) -> Result<Arc<dyn ObjectStore>, FilesError> {
    match location {
        FilesLocation::Folder(folder) => {
            let unusable = |error: std::io::Error| FilesError::Storage {
                reason: format!("{}: {error}", folder.display()),
            };
            fs::create_dir_all(folder)
                .and_then(|()| sweep(folder))
                .map_err(unusable)?;
            let local = LocalFileSystem::new_with_prefix(folder)?;
            // What was acknowledged must survive a lost power supply.
            Ok(Arc::new(
                local.with_fsync(true).with_automatic_cleanup(true),
            ))
        }
        FilesLocation::Bucket {
            bucket,
            prefix,
            endpoint,
            region,
        } => open_bucket(bucket, prefix, endpoint.as_deref(), region.as_deref()),
    }
}

#[cfg(feature = "s3")]
fn open_bucket(
    bucket: &str,
    prefix: &str,
    endpoint: Option<&str>,
    region: Option<&str>,
) -> Result<Arc<dyn ObjectStore>, FilesError> {
    use object_store::{aws::AmazonS3Builder, prefix::PrefixStore};

    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    if let Some(endpoint) = endpoint {
        // A store in the same house is often without TLS; the files are sealed.
        let is_plain = endpoint.starts_with("http://");
        builder = builder.with_endpoint(endpoint).with_allow_http(is_plain);
    }
    if let Some(region) = region {
        builder = builder.with_region(region);
    }
    Ok(Arc::new(PrefixStore::new(builder.build()?, prefix)))
}

#[cfg(not(feature = "s3"))]
fn open_bucket(
    bucket: &str,
    prefix: &str,
    _endpoint: Option<&str>,
    _region: Option<&str>,
) -> Result<Arc<dyn ObjectStore>, FilesError> {
    Err(FilesError::BucketsNotBuilt {
        got: format!("s3://{bucket}/{prefix}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_buckets_are_told_apart() {
        let folder = |path: &str| Ok(FilesLocation::Folder(path.into()));
        assert_eq!("files".parse(), folder("files"));
        assert_eq!("/srv/files".parse(), folder("/srv/files"));
        assert_eq!("file:///srv/my%20files".parse(), folder("/srv/my files"));
        let bucket = |prefix: &str, endpoint: Option<&str>| {
            Ok(FilesLocation::Bucket {
                bucket: "hospital-a".to_owned(),
                prefix: prefix.to_owned(),
                endpoint: endpoint.map(str::to_owned),
                region: None,
            })
        };
        assert_eq!("s3://hospital-a".parse(), bucket("", None));
        let url = "s3://hospital-a/sealed/files/?endpoint=http://10.0.0.7:9000";
        assert_eq!(
            url.parse(),
            bucket("sealed/files", Some("http://10.0.0.7:9000"))
        );
    }

    #[test]
    fn other_places_are_refused_in_words() {
        for text in [
            "",
            "ftp://host/files",
            "s3:///files",
            "s3://b/?key=1",
            "file://host/files",
        ] {
            let refused = text.parse::<FilesLocation>();
            assert!(
                matches!(refused, Err(FilesError::Location { .. })),
                "{text}: {refused:?}"
            );
        }
    }

    #[cfg(feature = "s3")]
    #[test]
    fn a_bucket_opens_without_asking_it() {
        let url = "s3://hospital-a/files?endpoint=http://127.0.0.1:9&region=eu-central-1";
        let opened = open(&url.parse().unwrap()).unwrap().to_string();
        assert!(
            opened.contains("hospital-a") || opened.contains("files"),
            "{opened}"
        );
    }

    #[cfg(not(feature = "s3"))]
    #[test]
    fn a_bucket_without_the_feature_says_so() {
        let refused = open(&"s3://hospital-a/files".parse().unwrap()).err();
        let got = "s3://hospital-a/files".to_owned();
        assert_eq!(refused, Some(FilesError::BucketsNotBuilt { got }));
    }
}
